"""The display record of an edition, chosen field by field from the records that stand under it.

Pure functions over stored drafts (BibDraft.as_json()); called by services/editions.py for editions of several records.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from catalog.matching.capitals import unshout
from catalog.matching.normalise import fold, title_and_part

Draft = dict[str, Any]
# What only makes sense within one library, or says how the record was read.
PRIVATE = ("identifier", "record_type", "deleted", "holdings", "warnings")
_VOTED = ("year", "year_text", "language", "format", "carrier", "publisher", "place", "edition_statement",
          "part_number", "part_name", "extent", "uniform_title")  # fmt: skip
_LONGEST = ("responsibility", "summary", "contents")
_JOINED = {"languages": 10, "series": 10, "subjects": 40, "classification": 10, "notes": 20, "variant_titles": 20,
           "original_script": 20, "links": 10}  # fmt: skip
MAX_SOURCES = 60


def display_of(draft: Draft) -> Draft:
    """A single record as display record."""
    return _readable({key: value for key, value in draft.items() if key not in PRIVATE})


def merge(drafts: Sequence[Draft], ranks: Sequence[int] = ()) -> Draft:
    """One description out of several: the best record leads, the majority decides facts, lists are joined.

    `ranks`: how good the sources' records are as a whole (Source.quality_rank), where that is known.
    """
    ranked = ranking(drafts, ranks)
    merged: Draft = {}
    merged["title"], merged["subtitle"] = _choose_title(ranked)
    for name in _VOTED:
        if said := [value for d in ranked if (value := d.get(name))]:
            merged[name] = _vote(said)
    for name in _LONGEST:
        merged[name] = max([d.get(name, "") for d in ranked], key=len)
    for name, limit in _JOINED.items():
        if lists := [values for d in ranked if (values := d.get(name))]:
            merged[name] = _joined(chain.from_iterable(lists), limit)
    if texts := {link: text for d in reversed(ranked) for link, text in d.get("link_texts", {}).items()}:
        merged["link_texts"] = {link: texts[link] for link in merged.get("links", ()) if link in texts}
    merged["contributors"] = max([d.get("contributors", ()) for d in ranked], key=len)
    merged["identifiers"] = _identifiers(ranked)
    return _readable({key: value for key, value in merged.items() if value})


def _readable(display: Draft) -> Draft:
    """Titles that no record has but in capitals get small letters; a volume is named once, in the title or after it."""
    for name in ("title", "subtitle", "part_name"):
        if name in display:
            display[name] = unshout(display[name])
    part = display.get("part_number")
    if part and (within := title_and_part(display["title"])[1]) and within == title_and_part("x", part)[1]:
        del display["part_number"]
    return display


def ranking(drafts: Sequence[Draft], ranks: Sequence[int] = ()) -> list[Draft]:
    """The best first: not shouted, from a good source, complete."""
    known = [*ranks, *[0] * (len(drafts) - len(ranks))]
    told = [(_rank(draft, rank), draft) for draft, rank in zip(drafts[:MAX_SOURCES], known, strict=False)]
    return [draft for _, draft in sorted(told, key=lambda pair: pair[0], reverse=True)]


def _rank(draft: Draft, of_source: int) -> tuple[bool, int, int]:
    size = sum([len(value) if isinstance(value, list) else 1 for value in draft.values()])
    return not draft.get("title", "").isupper(), of_source, size


def _choose_title(ranked: Sequence[Draft]) -> tuple[str, str]:
    """The title most records agree on, not shouted where one does not shout; a subtitle from whoever gives one."""
    votes = Counter(fold(d.get("title", "")) for d in ranked)
    top = max(votes.values())
    agreed = [d for d in ranked if votes[fold(d.get("title", ""))] == top]
    subtitles = [d["subtitle"] for d in agreed if d.get("subtitle")]
    return agreed[0].get("title", ""), agreed[0].get("subtitle") or (subtitles[0] if subtitles else "")


def _vote(values: list[Any]) -> Any:
    if not values:
        return None
    if values.count(values[0]) == len(values):
        return values[0]
    keys = [fold(v) if isinstance(v, str) else v for v in values]
    best = max(Counter(keys).items(), key=lambda item: (item[1], -keys.index(item[0])))[0]
    return values[keys.index(best)]


def _joined(values: Iterable[str], limit: int) -> list[str]:
    """Each value once, however it is written: the first way counts."""
    different = list(dict.fromkeys(values))
    if len(different) < 2:
        return different
    kept: dict[str, str] = {}
    for value in different:
        kept.setdefault(fold(value), value)
        if len(kept) >= limit:
            break
    return list(kept.values())


def _identifiers(ranked: Sequence[Draft]) -> list[dict[str, Any]]:
    kept: dict[tuple[str, str], dict[str, Any]] = {}
    for draft in ranked:
        for identifier in draft.get("identifiers", ()):
            kept.setdefault((identifier["scheme"], identifier["value"]), identifier)
    return list(kept.values())[:60]
