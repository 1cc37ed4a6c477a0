"""What ends a harvest that would never end by itself. Used by harvest.py; pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b

from catalog.harvesting.sru.types import SruError, SruPage

RUNAWAY = 1.2  # lists grow a little while they are read
SAME_RECORD = 5  # pages of one record each that say the same


@dataclass(frozen=True)
class Limits:
    pages: int = 100_000
    seconds: float = 24 * 3600
    slices: int = 5000
    lost: int = 100  # records given up, one by one
    lost_in_row: int = 10


class Guards:
    """`begin` with each slice, `check` with each page. Raises SruError with the guard's code."""

    def __init__(self, limits: Limits, monotonic: Callable[[], float]) -> None:
        self._limits, self._monotonic = limits, monotonic
        self._deadline = monotonic() + limits.seconds
        self._pages = 0
        self.begin()

    def begin(self) -> None:
        self._seen: set[bytes] = set()
        self._last, self._same = b"", 0

    def check(self, page: SruPage, reached: int, count: int | None) -> None:
        """`reached`: the place of the page's last record in its list."""
        self._pages += 1
        if self._pages > self._limits.pages:
            raise SruError("too_many_pages")
        if self._monotonic() > self._deadline:
            raise SruError("too_long")
        self._check_content(page)
        if count is not None and reached > RUNAWAY * count + page.size:
            raise SruError("runaway")

    def _check_content(self, page: SruPage) -> None:
        """By what the records say: a server that overlooks startRecord sends its first page for ever."""
        if not page.records:
            return
        digest = blake2b(digest_size=16)
        for record in page.records:
            digest.update(f"{len(record.payload)}\0".encode() + record.payload)
        mark = digest.digest()
        self._same = self._same + 1 if mark == self._last else 0
        if (len(page.records) > 1 and mark in self._seen) or self._same >= SAME_RECORD:
            raise SruError("repeated_page")
        self._seen.add(mark)
        self._last = mark
