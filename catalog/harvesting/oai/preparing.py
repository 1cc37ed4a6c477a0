"""Preparing records here or, where a server sends more than one process can take, in a second one. Used by batches.py.

The second process is started by the first large batch, and asked as soon as it answers: till then nobody waits for it.
"""

from __future__ import annotations

import pickle
import select
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import BinaryIO, cast

from django.conf import settings

from catalog.harvesting.helper import HelperDied
from catalog.harvesting.oai.prepare_helper import READY, Wanted, prepare_one
from catalog.harvesting.pages import Prepared, Reject
from catalog.harvesting.rules import Rule

LARGE = 300  # records of a batch: smaller ones mean that the server is slower than we are
Results = list[Prepared | Reject]


class Preparer:
    """`ask`, then `answer`, in turn. Raises HelperDied where the second process has gone."""

    def __init__(self, fallback: str, rules: Sequence[Rule]) -> None:
        self._fallback, self._rules = fallback, list(rules)
        self._process: _Process | None = None
        self._here: Results | None = None  # prepared in this process

    def ask(self, wanted: Sequence[Wanted]) -> None:
        if len(wanted) >= LARGE and self._process is None:
            self._process = _Process()
            self._process.send((self._fallback, self._rules))
        if self._process is not None and self._process.is_ready():
            self._process.send(list(wanted))
        else:
            self._here = [prepare_one(one, self._fallback, self._rules) for one in wanted]

    def answer(self) -> Results:
        if self._here is None and self._process is not None:
            return cast(Results, self._process.receive())
        results, self._here = self._here or [], None
        return results

    def end(self) -> None:
        if self._process is not None:
            self._process.end()


class _Process:
    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "catalog.harvesting.oai.prepare_helper"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=settings.BASE_DIR,
        )  # fmt: skip
        self._questions = cast(BinaryIO, self._process.stdin)
        self._answers = cast(BinaryIO, self._process.stdout)
        self._ready = False

    def is_ready(self) -> bool:
        if not self._ready and select.select([self._answers], [], [], 0)[0]:
            self._ready = self.receive() == READY
        return self._ready

    def send(self, message: object) -> None:
        try:
            pickle.dump(message, self._questions, protocol=pickle.HIGHEST_PROTOCOL)
            self._questions.flush()
        except OSError:
            raise HelperDied from None

    def receive(self) -> object:
        try:
            return pickle.load(self._answers)  # noqa: S301  our own child's pipe
        except (EOFError, pickle.UnpicklingError):
            raise HelperDied from None

    def end(self) -> None:
        for pipe in (self._questions, self._answers):
            with suppress(OSError):
                pipe.close()
        self._process.terminate()
        self._process.wait()
