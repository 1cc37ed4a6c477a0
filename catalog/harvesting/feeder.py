"""Pages as they come, and the answer which records are wanted: from the parsing helper, or, small files, from here."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, cast

from catalog.formats.errors import FormatError
from catalog.harvesting import helper
from catalog.harvesting.pages import PAGE_RECORDS, Group, Page, Prepared, Reject, prepare, read_pages
from catalog.harvesting.rules import Rule

# A file of about one page is read before a second process has even started; one that is there already pays sooner.
SMALL = 1_000_000
TINY = 100_000


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
    if path.stat().st_size > (TINY if helper.is_kept() else SMALL):
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
        self._helper = helper.start(json.dumps(job))
        self._unanswered = 0  # pages of which the prepared records are still to come
        self._over = False

    def page(self) -> Page | None:
        """The next page's heads; None at the end. Raises FormatError where the file is no MARC."""
        message = self._helper.receive()
        if isinstance(message, tuple):
            self._over, self._unanswered = True, 0
            raise FormatError(*message)
        self._over = message is None
        self._unanswered += message is not None
        return cast("Page | None", message)

    def want(self, indexes: list[int]) -> None:
        self._helper.send(indexes)

    def prepared(self) -> list[Prepared | Reject]:
        self._unanswered -= 1
        return cast("list[Prepared | Reject]", self._helper.receive())

    def __enter__(self) -> HelperFeeder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        helper.finish(self._helper, reusable=self._over and not self._unanswered)
