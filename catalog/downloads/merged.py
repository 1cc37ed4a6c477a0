"""The merged record as MARC 21, put together field by field from the records under an edition.

Pure functions; called by files.py. For each group of fields the record is taken that says what the display record
says; numbers, subjects and notes are joined. 035 names every record it was made of, 040 their libraries, and 884 says
who joined them and when.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from catalog.downloads.links import linked, marked
from catalog.formats.portable import leader_of, portable
from catalog.formats.records import DataField, Field, Subfields
from catalog.matching.capitals import unshout
from catalog.matching.merge import ranking
from catalog.matching.normalise import fold

NETWORK = "Jejaring"  # what stands in 003 and 040$d
MOST_JOINED = 60  # fields of one tag
# Tags that come from one record together, and the fields of the display record that say from which.
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"1[01]\d|7[012]\d", ("contributors",)),
    (r"130|240|243", ("uniform_title",)),
    (r"245", ("title", "subtitle", "part_number", "part_name", "responsibility")),
    (r"25[0-7]", ("edition_statement",)),
    (r"26[0-4]", ("publisher", "year", "place")),
    (r"3\d\d", ("extent", "carrier")),
    (r"00[678]", ("language", "year", "format")),
    (r"04[1-8]", ("languages",)),
    (r"505", ("contents",)),
    (r"520", ("summary",)),
    (r"4\d\d|8[0-3]\d", ("series",)),
    (r"76\d|77\d|78\d", ("title",)),
)
_ONCE = re.compile(r"010|018|066")  # may stand in a record but once: the best record's
_JOINED = re.compile(r"01[1-79]|02\d|03[0-35-9]|035|05\d|06\d|07\d|08\d|24[67]|7[34]0|5\d\d|6\d\d|856")
_LEVELS = " 142375uz86"  # of cataloguing, the fullest first
_SIGNS = re.compile(r"[^0-9A-Za-z]")
_UNCOMPARED = "0268"  # subfields that say nothing about what a field means
_END = re.compile(r"\s*[:/=;,.]?\s*$")


@dataclass(frozen=True, slots=True)
class Member:
    """One record under the edition, as its own format's reader makes MARC fields of it."""

    library: str  # short code
    identifier: str
    leader: str
    fields: Sequence[Field]
    draft: dict[str, Any]
    rank: int = 0


def merged(
    display: dict[str, Any], members: Sequence[Member], *, number: int, at: datetime
) -> tuple[str, list[Field]]:
    """(leader, fields). `number`: of the edition, `at`: when it last changed."""
    ordered = _ordered(members)
    lead = ordered[0]
    clean = [marked(portable(member.fields), place) for place, member in enumerate(ordered)]
    fields: list[Field] = [("001", str(number)), ("003", NETWORK), ("005", at.strftime("%Y%m%d%H%M%S.0"))]
    for pattern, names in GROUPS:
        fields += _group(re.compile(pattern), names, display, ordered, clean)
    fields += next((once for found in clean if (once := [f for f in found if _ONCE.fullmatch(f[0])])), [])
    fields = linked([*fields, *_joined(clean)], clean)
    fields = _right(fields, display, _fixed_field(fields, clean), at)
    fields += _origin(ordered, lead, clean[0], at)
    return _leader(ordered), sorted(fields, key=lambda field: field[0])


def _leader(members: Sequence[Member]) -> str:
    """Of the better record, with the fullest level of cataloguing that any of them has."""
    leader = leader_of(members[0].leader)
    level = min((leader_of(member.leader)[17] for member in members), key=_LEVELS.index)
    return leader[:17] + level + leader[18:]


def _fixed_field(fields: Sequence[Field], clean: Sequence[list[Field]]) -> str:
    """An 008 of the right length, of whichever record has one."""
    known = [f[1] for found in (fields, *clean) for f in found if f[0] == "008" and len(f) == 2]
    return next((text for text in known if len(text) == 40), known[0] if known else "")


def _ordered(members: Sequence[Member]) -> list[Member]:
    by_draft = {id(member.draft): member for member in members}
    ranked = ranking([member.draft for member in members], [member.rank for member in members])
    return [by_draft[id(draft)] for draft in ranked]


def _group(
    pattern: re.Pattern[str], names: tuple[str, ...], display: dict[str, Any], members: Sequence[Member],
    clean: Sequence[list[Field]],
) -> list[Field]:  # fmt: skip
    """The group's fields of the record that agrees best with what is shown; of the better record, where two do."""
    best: list[Field] = []
    most = -1
    for place, (member, fields) in enumerate(zip(members, clean, strict=True)):
        found = [f for f in fields if pattern.fullmatch(f[0])]
        agreed = sum(_same(member.draft.get(name), display.get(name)) for name in names)
        if found and agreed > most:
            best, most = [_unchained(field) for field in found], agreed
            if place == 0 and agreed == len(names):
                break
    return best


def _same(one: Any, two: Any) -> bool:
    if isinstance(one, str) and isinstance(two, str):
        return fold(one) == fold(two)
    return bool((one or None) == (two or None))


def _unchained(field: Field) -> Field:
    """Without $8, whose numbers count within one record."""
    if len(field) == 2:
        return field
    return (field[0], field[1], field[2], tuple(pair for pair in field[3] if pair[0] != "8"))


def _joined(clean: Sequence[list[Field]]) -> list[Field]:
    """What every record may add to: each field once, however it is written."""
    kept: dict[tuple[str, str], Field] = {}
    counts: dict[str, int] = {}
    for fields in clean:
        for field in fields:
            tag = field[0]
            if len(field) == 2 or not _JOINED.fullmatch(tag) or tag in ("505", "520"):
                continue
            key = (tag, _meaning(tag, field[3]))
            known = kept.get(key)
            if known is None and counts.get(tag, 0) < MOST_JOINED:
                kept[key] = _unchained(field)
                counts[tag] = counts.get(tag, 0) + 1
            elif known is not None and len(known) == 4 and len(field[3]) > len(known[3]):
                kept[key] = _unchained(
                    field
                )  # the same, said more fully: with a qualifier, a source, a number
    return list(kept.values())


def _meaning(tag: str, subfields: Subfields) -> str:
    """What two fields of one tag must have in common to be one."""
    if tag in ("020", "022", "024"):
        digits = "".join(value for code, value in subfields if code in "az").partition(" ")[0]
        return _SIGNS.sub("", digits).upper() or fold(" ".join(value for _, value in subfields))
    return fold(" ".join([value for code, value in subfields if code not in _UNCOMPARED]))


def _right(fields: list[Field], display: dict[str, Any], fixed: str, at: datetime) -> list[Field]:
    """Makes the fields say what the page shows, where no single record does: title, imprint, fixed fields."""
    told = [_title(field, display) if field[0] == "245" else field for field in fields]
    if not _imprint_right(told, display):
        told = [field for field in told if field[0] not in ("260", "264")]
        told += _imprint(display)
    return [field for field in told if field[0] != "008"] + [("008", _fixed(fixed, display, at))]


def _title(field: Field, display: dict[str, Any]) -> Field:
    """A title that all write in capitals is handed on as it is shown."""
    if len(field) == 2:
        return field
    shown = {"a": str(display.get("title", "")), "b": str(display.get("subtitle", ""))}
    said: list[tuple[str, str]] = []
    for code, value in field[3]:
        text = shown.get(code, "")
        if text and value.isupper() and fold(unshout(value)) == fold(text):
            end = _END.search(value)
            value = text + (end[0] if end else "")
        said.append((code, value))
    return (field[0], field[1], field[2], tuple(said))


def _imprint_right(fields: Sequence[Field], display: dict[str, Any]) -> bool:
    text = fold(" ".join(v for f in fields if f[0] in ("260", "264") and len(f) == 4 for _, v in f[3]))
    wanted = (display.get("publisher"), display.get("year"), display.get("place"))
    return all(fold(str(value)) in text for value in wanted if value)


def _imprint(display: dict[str, Any]) -> list[Field]:
    year = str(display.get("year_text") or display.get("year") or "")
    if str(display.get("year") or "") not in year:
        year = str(display["year"])
    pieces = [
        ("a", display.get("place", ""), " :"),
        ("b", display.get("publisher", ""), ","),
        ("c", year, ""),
    ]
    present = [(code, text, end) for code, text, end in pieces if text]
    if not present:
        return []
    subfields = [
        (code, text + (end if place + 1 < len(present) else ""))
        for place, (code, text, end) in enumerate(present)
    ]
    field: DataField = ("264", " ", "1", tuple(subfields))
    return [field]


def _fixed(known: str, display: dict[str, Any], at: datetime) -> str:
    """008 of forty places: a record's own where it has one, with the year and language of the display record."""
    year, language = display.get("year"), str(display.get("language", ""))
    fixed = (
        known[:40] if len(known) >= 40 else f"{at:%y%m%d}nuuuuuuuuxx |||||||||||||||||{language or 'und':3} d"
    )
    fixed = fixed.ljust(40)[:40]
    if isinstance(year, int) and 0 < year < 10_000 and str(year).zfill(4) not in (fixed[7:11], fixed[11:15]):
        fixed = f"{fixed[:6]}s{year:04d}    {fixed[15:]}"
    return f"{fixed[:35]}{language:3}{fixed[38:]}" if len(language) == 3 else fixed


def _origin(members: Sequence[Member], lead: Member, of_lead: Sequence[Field], at: datetime) -> list[Field]:
    """035, 040 and 884: which records these were, whose they are, and that a machine joined them."""
    known = [f for f in of_lead if f[0] == "040" and len(f) == 4]
    agencies = list(dict.fromkeys(member.library for member in members if member.library != lead.library))
    first = [pair for f in known[:1] if len(f) == 4 for pair in f[3] if pair[0] in "abcde"] or [
        ("a", lead.library),
        ("b", "ind"),
        ("c", lead.library),
    ]
    fields: list[Field] = [
        ("040", " ", " ", (*first, *(("d", code) for code in agencies[:MOST_JOINED]), ("d", NETWORK)))
    ]
    fields += [
        ("035", " ", " ", (("a", f"({member.library}){member.identifier}"),))
        for member in members[:MOST_JOINED]
    ]
    said = "joined" if len(members) > 1 else "converted"
    taken = [("k", f"({member.library}){member.identifier}") for member in members[:MOST_JOINED]]
    how = (
        ("a", f"{len(members)} records {said} field by field"),
        ("g", f"{at:%Y%m%d}"),
        *taken,
        ("q", NETWORK),
    )
    return [*fields, ("884", " ", " ", how)]


def single(member: Member) -> tuple[str, list[Field]]:
    """One library's record as it may be copied: its own number stands in 035 as well, its local fields are gone."""
    fields: list[Field] = [("001", member.identifier), ("003", member.library), *portable(member.fields)]
    fields.append(("035", " ", " ", (("a", f"({member.library}){member.identifier}"),)))
    return leader_of(member.leader), sorted(fields, key=lambda field: field[0])
