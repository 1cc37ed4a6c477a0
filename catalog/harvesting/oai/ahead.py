"""The next pages are fetched and parsed in a thread while others are written. Used by reader.py; no Django models.

Whoever waits for a slow server looks up every few seconds: a stop is heard and the run stays known to be alive.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from queue import Empty, Full, Queue
from typing import Generic, TypeVar

from catalog.harvesting.oai.types import OaiError
from catalog.harvesting.polite import Clock

PAGES_AHEAD = 8
LOOK_UP = 5.0  # seconds
NAME = "oai-ahead"  # of the thread
T = TypeVar("T")


@dataclass(frozen=True)
class _Item(Generic[T]):
    page: T | None  # None: the end, or an error
    error: Exception | None = None


class Ahead(Generic[T]):
    """`with Ahead(clock) as ahead: for batch in ahead.run(pages, …)`; `pages` should wait by `ahead.clock`.

    Leaving the block ends that clock's pauses, and the thread. `idle` is called while nothing comes, and may raise.
    """

    def __init__(self, clock: Clock, *, look_up: float | None = None) -> None:
        self._stop = threading.Event()
        self._look_up = look_up or LOOK_UP
        self._box: Queue[_Item[T]] = Queue(PAGES_AHEAD)
        # A clock that was given for testing does not wait at all.
        self.clock = replace(clock, sleep=self._sleep) if clock.sleep is time.sleep else clock

    def __enter__(self) -> Ahead[T]:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()

    def run(
        self, pages: Iterator[T], *, idle: Callable[[], None], enough: Callable[[list[T]], bool]
    ) -> Iterator[list[T]]:
        """What has come, in order, at least one page and no more than `enough` at a time.

        Raises what `pages` raises, at the place where it would have.
        """
        threading.Thread(target=self._work, args=(pages,), daemon=True, name=NAME).start()
        end = False
        while not end:
            batch = [self._wait(idle)]
            while batch[-1].page is not None and not enough([i.page for i in batch if i.page is not None]):
                try:
                    batch.append(self._box.get_nowait())
                except Empty:
                    break
            if came := [item.page for item in batch if item.page is not None]:
                yield came
            end = batch[-1].page is None
            if batch[-1].error is not None:
                raise batch[-1].error

    def _wait(self, idle: Callable[[], None]) -> _Item[T]:
        while True:
            try:
                return self._box.get(timeout=self._look_up)
            except Empty:
                idle()

    def _work(self, pages: Iterator[T]) -> None:
        try:
            for page in pages:
                if not self._put(_Item(page)):
                    return
            self._put(_Item(None))
        except Exception as error:  # noqa: BLE001  raised again by run()
            self._put(_Item(None, error))

    def _put(self, what: _Item[T]) -> bool:
        while not self._stop.is_set():
            try:
                self._box.put(what, timeout=0.2)
            except Full:
                continue
            return True
        return False

    def _sleep(self, seconds: float) -> None:
        if self._stop.wait(seconds):
            raise OaiError("busy")  # to nobody: the reader has left
