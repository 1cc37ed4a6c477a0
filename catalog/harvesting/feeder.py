"""The worker's end of the parsing helper: pages as they come, and the answer which records are wanted."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from pathlib import Path
from types import TracebackType

from django.conf import settings

from catalog.formats.errors import FormatError
from catalog.harvesting.pages import PAGE_RECORDS, Page, Prepared, Reject


class HelperDied(Exception):
    """The parsing process ended without a word (killed, out of memory). The run can be taken up again."""


class Feeder:
    """`with Feeder(path, ...) as feeder:` then `page = feeder.page()`, `feeder.want([...])`, `feeder.prepared()`."""

    def __init__(
        self,
        path: Path,
        *,
        fallback: str,
        resume: list[object] | None,
        done: int,
        page_records: int = PAGE_RECORDS,
    ) -> None:
        job = {
            "path": str(path),
            "fallback": fallback,
            "resume": resume,
            "done": done,
            "page_records": page_records,
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "catalog.harvesting.parse_helper", json.dumps(job)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=settings.BASE_DIR,
        )

    def page(self) -> Page | None:
        """The next page's heads; None at the end. Raises FormatError where the file is no MARC."""
        message = self._receive()
        if isinstance(message, tuple):
            raise FormatError(*message)
        assert message is None or isinstance(message, Page)
        return message

    def want(self, indexes: list[int]) -> None:
        assert self._process.stdin
        try:
            pickle.dump(indexes, self._process.stdin)
            self._process.stdin.flush()
        except BrokenPipeError:
            raise HelperDied from None

    def prepared(self) -> list[Prepared | Reject]:
        message = self._receive()
        assert isinstance(message, list)
        return message

    def _receive(self) -> object:
        assert self._process.stdout
        try:
            return pickle.load(self._process.stdout)  # noqa: S301  our own child's pipe
        except (EOFError, pickle.UnpicklingError):
            raise HelperDied from None

    def __enter__(self) -> Feeder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                try:
                    pipe.close()
                except BrokenPipeError:
                    pass
        self._process.terminate()
        self._process.wait()
