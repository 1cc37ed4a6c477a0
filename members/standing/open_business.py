"""What a library that stops still has open. Loans live above this app and say how to find it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class OpenItem:
    """One request under way; `side` is "asks" or "supplies", seen from the library."""

    number: str
    title: str
    side: str
    partner_id: int | None
    partner: str
    state: str
    due: date | None
    url: str


Finder = Callable[[int], list[OpenItem]]
CountsFinder = Callable[[Collection[int]], Mapping[int, int]]
_finders: list[Finder] = []
_counters: list[CountsFinder] = []


def finder_register(finder: Finder, counts: CountsFinder) -> None:
    """`finder` lists what one library has open, `counts` how much several of them have."""
    _finders[:], _counters[:] = [finder], [counts]


def open_counts(library_ids: Collection[int]) -> Mapping[int, int]:
    return _counters[0](library_ids) if _counters else {}


def open_items(library_id: int) -> list[OpenItem]:
    """What has a day first, the earliest on top; then the rest."""
    found = [item for finder in _finders for item in finder(library_id)]
    return sorted(found, key=lambda item: (item.due is None, item.due or date.max, item.number))
