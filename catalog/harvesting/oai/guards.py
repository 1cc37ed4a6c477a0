"""What ends a harvest that would never end by itself. Used by harvest.py; pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b

from catalog.harvesting.oai.types import OaiError, OaiPage

RUNAWAY = 1.2  # lists grow a little while they are read


@dataclass(frozen=True)
class Limits:
    pages: int = 100_000
    seconds: float = 24 * 3600
    restarts: int = 2  # of one window, before it is halved
    failures: int = 8  # windows given up before the whole harvest is
    fruitless: int = 24  # troubles on end without a page between them
    smallest: timedelta = timedelta(minutes=1)  # window that is still halved


class Guards:
    """Of one window: `begin` with each (re)start, `check` with each page. Raises OaiError with the guard's code."""

    def __init__(self, limits: Limits, monotonic: Callable[[], float]) -> None:
        self._limits, self._monotonic = limits, monotonic
        self._deadline = monotonic() + limits.seconds
        self._pages = 0
        self.begin("")

    def begin(self, token: str) -> None:
        self._tokens = {token} if token else set()
        self._seen: set[bytes] = set()
        self._last = b""
        self._received = 0

    def check(self, page: OaiPage) -> None:
        self._pages += 1
        if self._pages > self._limits.pages:
            raise OaiError("too_many_pages")
        if self._monotonic() > self._deadline:
            raise OaiError("too_long")
        self._check_content(page)
        if page.token and page.token in self._tokens:
            raise OaiError("repeated_token")
        self._tokens.add(page.token)
        self._received += len(page.records) + len(page.rejects)
        size = page.complete_list_size
        # A server without a count says 0, or nothing.
        if size and page.token and max(page.cursor or 0, self._received) > RUNAWAY * size:
            raise OaiError("cursor_runaway")

    def _check_content(self, page: OaiPage) -> None:
        """By what the records say: the answer's own time differs even where the page is the same."""
        if not page.records:
            return
        said = (
            f"{r.identifier}\0{r.datestamp}\0{len(r.payload)}\0{r.payload[-200:]!r}" for r in page.records
        )
        mark = blake2b("\0".join(said).encode(), digest_size=16).digest()
        if mark == self._last or (len(page.records) > 1 and mark in self._seen):
            raise OaiError("repeated_page")
        self._seen.add(mark)
        self._last = mark
