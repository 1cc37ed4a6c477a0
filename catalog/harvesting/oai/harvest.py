"""A whole harvest as a stream of (page, checkpoint): windows, restarts, halving, guards. No Django models.

Whoever consumes it writes the page and the checkpoint in one transaction; `harvest` called with the last checkpoint
goes on behind that page. A page may come twice (after a restarted window): writing it again must change nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
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


@dataclass
class Checkpoint:
    """Where the harvest stands behind the page it came with. `windows[0]` is the one at hand."""

    windows: list[Window]
    token: str = ""
    prefix_with_token: bool = False
    received: int = 0  # records, over all windows
    deleted: int = 0  # of them, marked as deleted
    pages: int = 0
    lossy: bool = False  # something of the list could not be read
    failed: list[list[Any]] = field(default_factory=list)  # windows given up: start, end, code

    @property
    def finished(self) -> bool:
        return not self.windows

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "windows": [w.as_json() for w in self.windows]}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Checkpoint:
        return cls(**{**value, "windows": [Window.from_json(w) for w in value["windows"]]})


def harvest(
    client: OaiClient, order: Order, *, checkpoint: Checkpoint | None = None, limits: Limits | None = None
) -> Iterator[tuple[OaiPage, Checkpoint]]:
    """Pages to the end of the list. Raises OaiError; then what came before stays valid, and `since` must not move."""
    return _Harvest(client, order, checkpoint, limits or Limits()).pages()


def may_sweep(order: Order, end: Checkpoint) -> bool:
    """Whether what this harvest has not met may be taken for deleted: only after a complete list of everything.

    Never after an empty one: a server that says "0 records" has a fault far more often than an empty catalogue.
    """
    everything = not order.set_spec and (order.since is None or not order.dates)
    return everything and end.finished and not end.lossy and not end.failed and end.received > end.deleted


def following_since(order: Order, end: Checkpoint, *, local_time_as_z: bool = False) -> datetime | None:
    """The next harvest's `since`: only a complete one moves it on, and a first one only if it brought something."""
    if order.since is None and not end.received:
        return None
    if order.until is None or not order.dates or not end.finished or end.failed or end.lossy:
        return order.since
    return next_from(order.until, local_time_as_z=local_time_as_z)


class _Harvest:
    def __init__(
        self, client: OaiClient, order: Order, checkpoint: Checkpoint | None, limits: Limits
    ) -> None:
        self.client, self.order, self.limits = client, order, limits
        window = Window(order.since, order.until if order.since else None) if order.dates else Window()
        self.state = checkpoint or Checkpoint([window])
        client.prefix_with_token = client.prefix_with_token or self.state.prefix_with_token
        self.guards = Guards(limits, client.clock.monotonic)
        self.restarts = self.fruitless = 0

    def pages(self) -> Iterator[tuple[OaiPage, Checkpoint]]:
        self.guards.begin(self.state.token)
        while self.state.windows:
            try:
                page = self._fetch()
            except OaiError as error:
                self._recover(error)
                continue
            try:
                self.guards.check(page)
            except OaiError as error:
                if error.code == "repeated_token":  # its records are new; only the way on is not
                    yield page, self._copy()
                raise
            self._advance(page)
            yield page, self._copy()
        if self.state.failed:
            raise OaiError("incomplete", ", ".join(str(f[2]) for f in self.state.failed))

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
        state.lossy = state.lossy or page.quarantined or page.truncated or bool(page.rejects)
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
        halves = window.halves(seconds=self.order.seconds, smallest=self.limits.smallest)
        if halves is None and (window.start is None or len(self.state.failed) >= self.limits.failures):
            raise error
        if halves is None:
            self.state.failed.append([*window.as_json(), error.code])
        else:
            self.state.windows[1:1] = halves
        self._next_window()

    def _copy(self) -> Checkpoint:
        return Checkpoint.from_json(self.state.as_json())
