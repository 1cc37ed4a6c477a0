"""The next pages are fetched and parsed in a thread while one is written. Used by reader.py; no Django models.

Whoever waits for a slow server looks up every few seconds: a stop is heard and the run stays known to be alive.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from queue import Empty, Full, Queue
from typing import Generic, TypeVar

from catalog.harvesting.oai.http import Clock
from catalog.harvesting.oai.types import OaiError

PAGES_AHEAD = 2
LOOK_UP = 5.0  # seconds
T = TypeVar("T")


class Ahead(Generic[T]):
    """`with Ahead(clock) as ahead: for page in ahead.run(pages, idle=…)`; `pages` should wait by `ahead.clock`.

    Leaving the block ends that clock's pauses, and the thread. `idle` is called while nothing comes, and may raise.
    """

    def __init__(self, clock: Clock, *, look_up: float = LOOK_UP) -> None:
        self._stop = threading.Event()
        self._look_up = look_up
        self._box: Queue[tuple[T | None, Exception | None]] = Queue(PAGES_AHEAD)
        # A clock that was given for testing does not wait at all.
        self.clock = replace(clock, sleep=self._sleep) if clock.sleep is time.sleep else clock

    def __enter__(self) -> Ahead[T]:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()

    def run(self, pages: Iterator[T], *, idle: Callable[[], None]) -> Iterator[T]:
        """Raises what `pages` raises, at the place where it would have."""
        threading.Thread(target=self._work, args=(pages,), daemon=True).start()
        while True:
            try:
                page, error = self._box.get(timeout=self._look_up)
            except Empty:
                idle()
                continue
            if error is not None:
                raise error
            if page is None:
                return
            yield page

    def _work(self, pages: Iterator[T]) -> None:
        try:
            for page in pages:
                if not self._put((page, None)):
                    return
            self._put((None, None))
        except Exception as error:  # noqa: BLE001  raised again by run()
            self._put((None, error))

    def _put(self, what: tuple[T | None, Exception | None]) -> bool:
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
