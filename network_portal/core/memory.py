"""Looking for garbage less often while much is made and nothing hangs together in circles."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def rare_collections() -> Iterator[None]:
    """For bulk work. A page of records is a million small objects without cycles: to look for some after each seven
    hundred, as Python does, took a fifth of a loading worker's time. What is there already is not looked at at all.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
