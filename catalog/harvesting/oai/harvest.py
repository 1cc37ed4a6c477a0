"""A whole harvest as a stream of (page, checkpoint): windows, restarts, halving, guards. No Django models.

A window is a span of time asked for by itself. In the mode "windows" they are cut off, one after the other, from the
time that lies `ahead`; in any mode a window that fails is halved.

Whoever consumes it writes the page and the checkpoint in one transaction; `harvest` called with the last checkpoint
goes on behind that page. A page may come twice (after a restarted window): writing it again must change nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from catalog.harvesting.oai.client import OaiClient
from catalog.harvesting.oai.dates import Window, next_from
from catalog.harvesting.oai.guards import Guards, Limits
from catalog.harvesting.oai.types import OaiError, OaiPage

# Trouble with what is asked for; less of it may work. Anything else (name unknown, certificate) is the same in halves.
SMALLER_MAY_HELP = frozenset(
    {
        "timeout",
        "interrupted",
        "truncated",
        "unreadable",
        "http_status",
        "token_expires",
        "too_large",
        "server_error",
    }
)


# An empty portion of time makes the next one twice as long, up to this: years without a record cost few requests.
LONGEST_PORTION = 2**9


@dataclass(frozen=True)
class Order:
    """What to harvest. `until` is the server's own clock (Identify's responseDate), never ours."""

    prefix: str
    set_spec: str = ""
    since: datetime | None = None  # None: everything
    until: datetime | None = None
    seconds: bool = False  # granularity
    dates: bool = True  # False: the server ignores from and until, or loses them; everything is asked for
    headers: bool = False  # ListIdentifiers
    portion: str = ""  # hour, day or month asked for at once; "": everything at once
    earliest: datetime | None = (
        None  # the server's first day, as it says; older records are asked for as well
    )

    @property
    def window(self) -> Window:
        """All that is asked for. A list of everything has no end, one in portions must have one."""
        if not self.dates:
            return Window()
        return Window(self.since, self.until if self.since or self.portion else None)


@dataclass
class Checkpoint:
    """Where the harvest stands behind the page it came with. `windows[0]` is the one at hand."""

    windows: list[Window]
    ahead: Window | None = None  # not cut into windows yet
    empty: int = 0  # portions on end without a record
    token: str = ""
    prefix_with_token: bool = False
    received: int = 0  # records, over all windows
    deleted: int = 0  # of them, marked as deleted
    pages: int = 0
    lossy: bool = False  # something of the list could not be read
    holes: bool = False  # and nobody knows what: it is not in the list of rejected records
    failed: list[list[Any]] = field(default_factory=list)  # windows given up: start, end, code

    @property
    def finished(self) -> bool:
        return not self.windows and self.ahead is None

    @property
    def undone(self) -> list[datetime | None]:
        """Where the spans of time begin that were given up, or not reached."""
        spans = [*self.windows, *([self.ahead] if self.ahead else [])]
        return [w.start for w in spans] + [Window.from_json(f[:2]).start for f in self.failed]

    def copy(self) -> Checkpoint:
        return replace(self, windows=list(self.windows), failed=list(self.failed))

    def as_json(self) -> dict[str, Any]:
        ahead = self.ahead.as_json() if self.ahead else None
        return {**vars(self), "windows": [w.as_json() for w in self.windows], "ahead": ahead}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Checkpoint:
        ahead = Window.from_json(value["ahead"]) if value.get("ahead") else None
        return cls(**{**value, "windows": [Window.from_json(w) for w in value["windows"]], "ahead": ahead})


def harvest(
    client: OaiClient, order: Order, *, checkpoint: Checkpoint | None = None, limits: Limits | None = None
) -> Iterator[tuple[OaiPage, Checkpoint]]:
    """Pages to the end of the list. Raises OaiError; then what came before stays valid, and `since` must not move."""
    return _Harvest(client, order, checkpoint, limits or Limits()).pages()


def may_sweep(order: Order, end: Checkpoint) -> bool:
    """Whether what this harvest has not met may be taken for deleted: only after a complete list of everything.

    Never after an empty one: a server that says "0 records" has a fault far more often than an empty catalogue. Nor
    after one in portions: a record without a date is in none of them.
    """
    everything = not order.set_spec and (not order.dates or not (order.since or order.portion))
    return everything and end.finished and not end.lossy and not end.failed and end.received > end.deleted


def following_since(order: Order, end: Checkpoint, *, local_time_as_z: bool = False) -> datetime | None:
    """The next harvest's `since`: never behind a moment that is not read yet.

    A first harvest only sets it if it brought something. One that ended early, or gave up a window, moves it to the
    first moment that is missing, so that one bad second does not cost everything behind it each time.
    """
    first = order.since is None
    if order.until is None or not order.dates or end.holes or (first and not end.received):
        return order.since
    undone = [at for at in end.undone if at is not None]
    if len(undone) < len(end.undone):
        return order.since
    moved = next_from(min([order.until, *undone]), local_time_as_z=local_time_as_z)
    return max(moved, order.since) if undone and order.since else moved


class _Harvest:
    def __init__(
        self, client: OaiClient, order: Order, checkpoint: Checkpoint | None, limits: Limits
    ) -> None:
        self.client, self.order, self.limits = client, order, limits
        self.state = checkpoint.copy() if checkpoint else self._first(order)
        client.prefix_with_token = client.prefix_with_token or self.state.prefix_with_token
        self.guards = Guards(limits, client.clock.monotonic)
        self.restarts = self.fruitless = 0

    @staticmethod
    def _first(order: Order) -> Checkpoint:
        if order.portion and order.dates:
            return Checkpoint([], ahead=order.window)
        return Checkpoint([order.window])

    def pages(self) -> Iterator[tuple[OaiPage, Checkpoint]]:
        self.guards.begin(self.state.token)
        while self._has_window():
            try:
                page = self._fetch()
            except OaiError as error:
                self._recover(error)
                continue
            try:
                self.guards.check(page)
            except OaiError as error:
                if error.code == "repeated_token":  # its records are new; only the way on is not
                    yield page, self.state.copy()
                raise
            self._advance(page)
            yield page, self.state.copy()
        if self.state.failed:
            raise OaiError("incomplete", ", ".join(str(f[2]) for f in self.state.failed))

    def _has_window(self) -> bool:
        """Cut the next portion off what lies ahead, where no window is at hand."""
        state, order = self.state, self.order
        if not state.windows and state.ahead is not None:
            times = min(2**state.empty, LONGEST_PORTION)
            window, state.ahead = state.ahead.portion(
                order.portion, times, seconds=order.seconds, floor=order.earliest
            )
            state.windows = [window]
        return bool(state.windows)

    def _fetch(self) -> OaiPage:
        order = self.order
        if self.state.token:
            return self.client.list_more(self.state.token, order.prefix, headers=order.headers)
        dates = self.state.windows[0].arguments(seconds=order.seconds)
        return self.client.list_records(
            order.prefix, set_spec=order.set_spec, dates=dates, headers=order.headers
        )

    def _advance(self, page: OaiPage) -> None:
        state = self.state
        self.fruitless = 0
        state.received += len(page.records)
        state.deleted += sum(record.deleted for record in page.records)
        state.pages += 1
        state.holes = state.holes or page.holes
        state.lossy = state.lossy or page.holes or bool(page.rejects)
        state.empty = 0 if page.records else state.empty + 1
        state.prefix_with_token = self.client.prefix_with_token
        state.token = page.token
        if not page.token:
            self._next_window()

    def _next_window(self) -> None:
        del self.state.windows[0]
        self.state.token = ""
        self.restarts = 0
        self.guards.begin("")

    def _recover(self, error: OaiError) -> None:
        """Restart the window, halve it, or give it up and go on with the next. Raises what can't be helped."""
        if error.code == "badResumptionToken" and self.state.token:
            self.restarts += 1
            self.state.token = ""
            self.guards.begin("")
            if self.restarts <= self.limits.restarts:
                return
            error = OaiError("token_expires", error.detail)
        self.fruitless += 1
        if (
            error.code not in SMALLER_MAY_HELP
            or not self.order.dates
            or self.fruitless > self.limits.fruitless
        ):
            raise error
        window = self.state.windows[0]
        halves = window.halves(
            seconds=self.order.seconds, smallest=self.limits.smallest, floor=self.order.earliest
        )
        everything = window.start is None and window.end is None
        if halves is None and (everything or len(self.state.failed) >= self.limits.failures):
            raise error
        if halves is None:
            self.state.failed.append([*window.as_json(), error.code])
        else:
            self.state.windows[1:1] = halves
        self._next_window()
