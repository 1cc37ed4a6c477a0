"""A whole result as a stream of (page, checkpoint): paging, smaller pages, division of capped lists. No Django models.

Whoever consumes it writes the page and the checkpoint in one transaction; `harvest` called with the last checkpoint
goes on behind that page. A record may come twice: writing it again must change nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from catalog.harvesting.sru.client import SruClient
from catalog.harvesting.sru.guards import Guards, Limits
from catalog.harvesting.sru.plan import Plan
from catalog.harvesting.sru.slices import Slice, ways_to_cut
from catalog.harvesting.sru.types import Explain, SruError, SruPage, SruReject

# Trouble with what is asked for; less of it may work.
SMALLER_MAY_HELP = frozenset(
    {"unreadable", "truncated", "too_large", "timeout", "interrupted", "http_status", "general_error",
     "server_error", "bad_value", "record_unavailable", "record_too_large", "record_gone", "record_forbidden",
     "not_in_schema"}
)  # fmt: skip
# What servers say to whoever asks for more than the beginning of a long list.
PAST_CAP = frozenset({"past_the_end", "too_many_matches"})
PERHAPS_PAST_CAP = frozenset({"http_status", "general_error", "server_error", "bad_value"})
CAP_UNIT = 500  # caps are round numbers
CAPS = frozenset(
    n * 10**e for n in (1, 2, 5) for e in (3, 4, 5)
)  # counts that are a cap more likely than a count


@dataclass
class Checkpoint:
    """Where the harvest stands behind the page it came with. `slices[0]` is the one at hand."""

    slices: list[Slice]
    start: int = 1  # place of the next record in the slice
    size: int = 0  # of a page, for as long as the server has trouble with larger ones; 0: as planned
    count: int | None = None  # what the server says the slice at hand has
    total: int | None = None  # and the whole query
    cap: int = 0  # most records that the server gives of one list; 0: none met
    cuts: int = 0
    received: int = 0
    lost: int = 0
    lossy: bool = False  # something of the list could not be read, or changed while it was
    stuck: bool = False  # the slice at hand can't be divided; its beginning is all there is
    capped: bool = False  # there was such a slice

    @property
    def finished(self) -> bool:
        return not self.slices

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "slices": [one.as_json() for one in self.slices]}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Checkpoint:
        return cls(**{**value, "slices": [Slice(**one) for one in value["slices"]]})


def harvest(
    client: SruClient, plan: Plan, explained: Explain, *, checkpoint: Checkpoint | None = None,
    limits: Limits | None = None,
) -> Iterator[tuple[SruPage, Checkpoint]]:  # fmt: skip
    """Pages to the end of the list. Raises SruError; what came before stays valid, but says nothing of what is gone."""
    return _Harvest(client, plan, explained, checkpoint, limits or Limits()).pages()


def may_sweep(end: Checkpoint) -> bool:
    """Whether what this harvest has not met may be taken for deleted: only after a complete list, and no empty one."""
    return end.finished and not end.lossy and not end.capped and end.received > 0


@dataclass
class _Harvest:
    client: SruClient
    plan: Plan
    explained: Explain
    checkpoint: Checkpoint | None
    limits: Limits
    lost_in_row: int = 0
    troubled: list[str] = field(default_factory=list)  # warnings that wait for the next page

    def __post_init__(self) -> None:
        self.state = self.checkpoint or Checkpoint([Slice(self.plan.query)])
        self.guards = Guards(self.limits, self.client.clock.monotonic)

    def pages(self) -> Iterator[tuple[SruPage, Checkpoint]]:
        while self.state.slices:
            try:
                page = self._fetch()
            except SruError as error:
                if (lost := self._recover(error)) is None:
                    continue
                page = lost
            if self._begins_too_long(page) or self._breaks_off(page):
                self._divide()
                continue
            self.guards.check(page, self.state.start - 1 + page.size, page.count)
            self._advance(page)
            yield page, Checkpoint.from_json(self.state.as_json())
        if self.state.capped:
            raise SruError("capped")

    def _fetch(self) -> SruPage:
        state, plan = self.state, self.plan
        return self.client.search(
            state.slices[0].query, start=state.start, size=state.size or plan.size, schema=plan.schema,
            sort_key=plan.sort_key,
        )  # fmt: skip

    def _begins_too_long(self, page: SruPage) -> bool:
        """The first page of a slice that is longer than what the server gives of one."""
        state = self.state
        if page.precision == "minimum" and page.count:  # 2.0: "at least so many"
            state.cap = state.cap or page.count
        return bool(state.cap) and state.start == 1 and not state.stuck and (page.count or 0) >= state.cap

    def _breaks_off(self, page: SruPage) -> bool:
        """No more records, though there should be some: the server's cap. Raises SruError where there were none."""
        state = self.state
        goes_on = page.following is not None and page.following > state.start
        if page.size or not page.count or state.start > page.count or goes_on:
            return False
        if state.start == 1:
            raise SruError("empty_page")
        state.cap = state.cap or state.start - 1
        return True

    def _advance(self, page: SruPage) -> None:
        state = self.state
        page.warnings += self.troubled
        self.troubled = []
        if state.count is not None and page.count is not None and page.count != state.count:
            page.warnings.append("count_changed")
            state.lossy = True
        if page.count is not None:
            state.count = page.count
        if state.total is None:
            state.total = page.count
        state.received += len(page.records)
        state.lost += len(page.rejects)
        state.lossy = state.lossy or bool(page.rejects)
        state.start, asked = self._following(page), state.size or self.plan.size
        if state.size and not page.rejects:
            self.lost_in_row = 0
            state.size = 0 if state.size * 2 >= self.plan.size else state.size * 2
        ended = state.start > state.count if state.count is not None else page.size < asked
        if ended:
            self._end_slice(page)

    def _following(self, page: SruPage) -> int:
        """By our own count; by the server's where it skips places of the page, as some do for deleted records."""
        start, asked = self.state.start, self.state.size or self.plan.size
        own = start + page.size
        if page.following is None or page.following == own:
            return own
        if own < page.following <= start + asked:
            return page.following
        page.warnings.append("next_position_wrong")
        return own

    def _end_slice(self, page: SruPage) -> None:
        state = self.state
        suspicious = state.slices[0].cut_by == "" and state.count in CAPS and page.precision != "exact"
        if suspicious and not state.cap:
            # A round number of records is a cap more often than a coincidence: look at each part of the list.
            state.cap = state.count or 0
            page.warnings.append("perhaps_capped")
            if slices := self._smaller():
                self._put(slices)
                return
            state.lossy = True
        self._put([])

    def _recover(self, error: SruError) -> SruPage | None:
        """Divide a list behind whose cap we are, ask for a smaller page, or give one record up. Raises the rest."""
        state, size = self.state, self.state.size or self.plan.size
        if error.code == "past_the_end" and state.start == 1:  # what some servers say instead of "0 records"
            return SruPage(count=0)
        if error.code in PAST_CAP or (error.code in PERHAPS_PAST_CAP and self._at_cap()):
            state.cap = state.cap or max(1, state.start - 1)
            self._divide(error)
            return None
        if error.code not in SMALLER_MAY_HELP:
            raise error
        if size > 1:
            state.size = max(1, size // 4)
            if "smaller_pages" not in self.troubled:
                self.troubled.append("smaller_pages")
            return None
        return self._without_one(error)

    def _without_one(self, error: SruError) -> SruPage:
        """The record at hand given up, as a page of its own. Raises the error where that happens too often."""
        state, limits = self.state, self.limits
        self.lost_in_row += 1
        if self.lost_in_row > limits.lost_in_row or state.lost >= limits.lost or state.count is None:
            raise error
        code = "surrogate" if error.code.startswith(("record_", "not_in")) else "broken_xml"
        return SruPage(rejects=[SruReject(code, b"", f"#{state.start}", error.detail)], count=state.count)

    def _at_cap(self) -> bool:
        reached = self.state.start - 1
        return reached > 0 and reached % CAP_UNIT == 0 and (self.state.count or 0) > reached

    def _divide(self, error: SruError | None = None) -> None:
        """Smaller slices in place of this one; where there are none, its beginning is all there is."""
        state = self.state
        slices = [] if state.stuck else self._smaller()
        if not slices:
            if error and state.start == 1:  # not even that
                raise error
            state.capped = state.lossy = state.stuck = True
            if state.start == 1:
                return
        self._put(slices)

    def _smaller(self) -> list[Slice]:
        """The first way to cut that the server understands, and that finds less than the whole."""
        state = self.state
        state.cuts += 1
        if state.cuts > self.limits.slices:
            return []
        scan = lambda clause, size: self.client.scan(clause, size=size)  # noqa: E731
        for slices in ways_to_cut(state.slices[0], self.explained, scan, state.cap):
            if self._works(slices):
                return slices
        return []

    def _works(self, slices: list[Slice]) -> bool:
        """A server that overlooks what it does not know finds everything in each slice."""
        if slices[0].cut_by == self.state.slices[0].cut_by:  # seen to work before
            return True
        try:
            counts = [self._count(one.query) for one in (slices[0], slices[-1])]
        except SruError:
            return False
        return self.state.count is None or any(count < self.state.count for count in counts)

    def _count(self, query: str) -> int:
        try:
            return self.client.search(query, start=1, size=1, schema=self.plan.schema).count or 0
        except SruError as error:
            if error.code == "past_the_end":
                return 0
            raise

    def _put(self, slices: list[Slice]) -> None:
        """In place of the slice at hand."""
        state = self.state
        state.slices[0:1] = slices
        state.start, state.count, state.size, state.stuck = 1, None, 0, False
        self.guards.begin()
