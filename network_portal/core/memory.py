"""Looking for garbage less often while much is made and nothing hangs together in circles."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_at_work = 0  # bulk works going on in this process: its threads share one collector
_usual = (0, 0, 0)


@contextmanager
def rare_collections() -> Iterator[None]:
    """For bulk work. A page of records is a million small objects without cycles: to look for some after each seven
    hundred, as Python does, took a fifth of a loading worker's time. What is there already is not looked at at all.

    Two threads may be at bulk work at once and end in any order: the last one gives back what the first one found.
    """
    global _at_work, _usual
    with _lock:
        if not _at_work:
            _usual = gc.get_threshold()
            gc.freeze()
            gc.set_threshold(100_000, 50, 50)
        _at_work += 1
    try:
        yield
    finally:
        with _lock:
            _at_work -= 1
            if not _at_work:
                gc.set_threshold(*_usual)
                gc.unfreeze()
