"""Where each field of a display record comes from: which records say it as it is shown, and why theirs was taken.

Pure functions over a display record and the drafts under it, worked out for the page that asks: nothing of it is
stored, so loading costs nothing more, and it holds for display records of older rules as well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.matching.capitals import unshout
from catalog.matching.normalise import fold

Draft = dict[str, Any]
# In the order of the page. Those left out say the same as another, or nothing to a reader.
FIELDS = (
    "title", "subtitle", "part_number", "part_name", "responsibility", "contributors", "edition_statement", "place",
    "publisher", "year", "extent", "language", "format", "carrier", "series", "subjects", "classification",
    "identifiers", "summary", "contents", "notes", "uniform_title", "variant_titles", "original_script", "links",
)  # fmt: skip
_TEXTS = ("responsibility", "summary", "contents")
_UNSHOUTED = ("title", "subtitle", "part_name")
_LISTS = ("series", "subjects", "classification", "identifiers", "notes", "variant_titles", "original_script",
          "links")  # fmt: skip
ONLY, ALL, MOST, JOINED, LONGEST, FULLEST, QUIET, BEST = (
    "only", "all", "most", "joined", "longest", "fullest", "quiet", "best",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Origin:
    """Of one field. `givers`: places in the list of drafts; `said`: how many say anything about it at all."""

    field: str
    value: Any
    givers: tuple[int, ...]
    said: int
    reason: str  # one of the words above


def origins(display: Draft, drafts: Sequence[Draft]) -> list[Origin]:
    """Of every field that the display record has and that any of the records says."""
    found = []
    for name in FIELDS:
        value = display.get(name)
        told = [place for place, draft in enumerate(drafts) if draft.get(name)]
        if value and told:
            found.append(_origin(name, value, drafts, told))
    return found


def leading(found: Sequence[Origin]) -> int | None:
    """The record that the description follows: of those that give the title, the one that gives most beside it."""
    title = next((origin for origin in found if origin.field == "title"), None)
    if title is None or not title.givers:
        return None
    gives = {place: sum(place in origin.givers for origin in found) for place in title.givers}
    return max(gives, key=lambda place: (gives[place], -place))


def _origin(name: str, value: Any, drafts: Sequence[Draft], told: list[int]) -> Origin:
    says = _comparison(name, value)
    givers = tuple(place for place in told if says(drafts[place][name]))
    return Origin(name, value, givers, len(told), _reason(name, value, drafts, told, givers))


def _comparison(name: str, value: Any) -> Callable[[Any], bool]:
    if name == "identifiers":
        shown = {(each["scheme"], each["value"]) for each in value}
        return lambda said: any((each["scheme"], each["value"]) in shown for each in said)
    if name in _LISTS:
        texts = {fold(each) for each in value}
        return lambda said: any(fold(each) in texts for each in said)
    if name == "contributors" or not isinstance(value, str):
        return lambda said: bool(said == value)
    folded = fold(value)
    return lambda said: isinstance(said, str) and fold(said) == folded


def _reason(name: str, value: Any, drafts: Sequence[Draft], told: list[int], givers: tuple[int, ...]) -> str:
    said = [drafts[place][name] for place in told]
    if name in _UNSHOUTED and value not in said and any(unshout(text) == value for text in said):
        return QUIET
    if len(told) == 1:
        return ONLY
    if name in _LISTS:
        return JOINED if len(givers) > 1 else FULLEST
    if len(givers) == len(told):
        return ALL
    if name == "contributors":
        return FULLEST
    if name in _TEXTS:
        return LONGEST
    return MOST if 2 * len(givers) > len(told) else BEST
