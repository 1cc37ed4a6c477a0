"""Starting, asking and keeping the parsing process beside a worker. Used by feeder.py; the process is parse_helper.py.

To start one takes as long as to read a thousand records, so a worker keeps its last one for the next file.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from contextlib import suppress
from typing import BinaryIO, cast

from django.conf import settings

from catalog.harvesting.parse_helper import READY


class HelperDied(Exception):
    """The parsing process ended without a word (killed, out of memory). The run can be taken up again."""


class Helper:
    """One process, at work on one file. Raises HelperDied where it is gone."""

    def __init__(self) -> None:
        self.owner = (
            os.getpid()
        )  # a forked worker must not speak to the process of the one it was forked from
        self._process = subprocess.Popen(
            [sys.executable, "-m", "catalog.harvesting.parse_helper"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=settings.BASE_DIR,
        )

    def begin(self, job: str) -> None:
        pipe = cast(BinaryIO, self._process.stdin)
        try:
            pipe.write(job.encode() + b"\n")
            pipe.flush()
        except OSError:
            raise HelperDied from None
        if self.receive() != READY:
            raise HelperDied

    def send(self, message: object) -> None:
        pipe = cast(BinaryIO, self._process.stdin)
        try:
            pickle.dump(message, pipe)
            pipe.flush()
        except OSError:
            raise HelperDied from None

    def receive(self) -> object:
        try:
            return pickle.load(cast(BinaryIO, self._process.stdout))  # noqa: S301  our own child's pipe
        except (EOFError, pickle.UnpicklingError):
            raise HelperDied from None

    def end(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with suppress(OSError):
                    pipe.close()
        self._process.terminate()
        self._process.wait()


_idle: list[Helper] = []


def is_kept() -> bool:
    """Whether one is at hand from the last file."""
    return any(kept.owner == os.getpid() for kept in _idle)


def start(job: str) -> Helper:
    """A process that works on the job: the one kept from the last file if it still lives, else a new one."""
    while _idle:
        kept = _idle.pop()
        if kept.owner == os.getpid():
            try:
                kept.begin(job)
            except HelperDied:  # it had waited long enough and gone
                kept.end()
            else:
                return kept
    fresh = Helper()
    fresh.begin(job)
    return fresh


def finish(helper: Helper, *, reusable: bool) -> None:
    """The job is over. `reusable`: to its end, so that nothing of it is still on its way."""
    if reusable and not _idle:
        _idle.append(helper)
    else:
        helper.end()
