"""Pages as they come, and the answer which records are wanted: from the parsing helper, or, small files, from here."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Protocol, cast

from django.conf import settings

from catalog.formats.errors import FormatError
from catalog.harvesting.pages import PAGE_RECORDS, Group, Page, Prepared, Reject, prepare, read_pages
from catalog.harvesting.rules import Rule

# A file of about one page is read before a second process has even started.
SMALL = 1_000_000


class HelperDied(Exception):
    """The parsing process ended without a word (killed, out of memory). The run can be taken up again."""


class Feeder(Protocol):
    """In turn: `page()`, `want([...])`; then for each page `page()` (the one after), `prepared()`, `want([...])`."""

    def page(self) -> Page | None: ...

    def want(self, indexes: list[int]) -> None: ...

    def prepared(self) -> list[Prepared | Reject]: ...


@contextmanager
def open_feeder(
    path: Path,
    *,
    fallback: str,
    resume: list[object] | None,
    done: int,
    page_records: int = PAGE_RECORDS,
    rules: Sequence[Rule] = (),
) -> Iterator[Feeder]:
    if path.stat().st_size > SMALL:
        with HelperFeeder(
            path, fallback=fallback, resume=resume, done=done, page_records=page_records, rules=rules
        ) as feeder:
            yield feeder
        return
    with path.open("rb") as stream:
        mark: Any = tuple(resume) if resume else None
        yield InlineFeeder(
            read_pages(stream, fallback=fallback, resume=mark, done=done, page_records=page_records),
            rules,
            fallback,
        )


class InlineFeeder:
    """The same turns within this process."""

    def __init__(
        self, pages: Iterator[tuple[Page, list[Group]]], rules: Sequence[Rule] = (), fallback: str = "cp1252"
    ) -> None:
        self._pages, self._rules, self._fallback = pages, rules, fallback
        self._read: deque[tuple[Page, list[Group]]] = deque()
        self._wanted: deque[list[int]] = deque()

    def page(self) -> Page | None:
        """The next page's heads; None at the end. Raises FormatError where the file is no MARC."""
        following = next(self._pages, None)
        if following is None:
            return None
        self._read.append(following)
        return following[0]

    def want(self, indexes: list[int]) -> None:
        self._wanted.append(indexes)

    def prepared(self) -> list[Prepared | Reject]:
        page, groups = self._read.popleft()
        return [
            prepare(groups[i], page.heads[i], rules=self._rules, fallback=self._fallback)
            for i in self._wanted.popleft()
        ]


class HelperFeeder:
    """The parsing process's end in the worker."""

    def __init__(
        self,
        path: Path,
        *,
        fallback: str,
        resume: list[object] | None,
        done: int,
        page_records: int = PAGE_RECORDS,
        rules: Sequence[Rule] = (),
    ) -> None:
        job = {
            "path": str(path),
            "fallback": fallback,
            "resume": resume,
            "done": done,
            "page_records": page_records,
            "rules": list(rules),
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
        return cast("Page | None", message)

    def want(self, indexes: list[int]) -> None:
        pipe = cast(BinaryIO, self._process.stdin)
        try:
            pickle.dump(indexes, pipe)
            pipe.flush()
        except BrokenPipeError:
            raise HelperDied from None

    def prepared(self) -> list[Prepared | Reject]:
        return cast("list[Prepared | Reject]", self._receive())

    def _receive(self) -> object:
        try:
            return pickle.load(cast(BinaryIO, self._process.stdout))  # noqa: S301  our own child's pipe
        except (EOFError, pickle.UnpicklingError):
            raise HelperDied from None

    def __enter__(self) -> HelperFeeder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with suppress(BrokenPipeError):
                    pipe.close()
        self._process.terminate()
        self._process.wait()
