"""Wishes for the same title to one line. Pure: what comes in are `Asked`, what goes out are lines by key."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from catalog.acquiring.choices import WantedKind
from catalog.acquiring.feeds import Asked
from catalog.acquiring.numbers import name_of, wanted_key, words_of

REQUEST_WEIGHT = 5  # searches


@dataclass
class Line:
    """One title, and how often it was wanted in which way by which library's readers."""

    edition_id: int | None
    title: str
    author: str
    isbn: str
    last: date
    counts: Counter[str] = field(default_factory=Counter)
    libraries: Counter[int] = field(default_factory=Counter)
    into: Line | None = None  # the line that it became part of

    @property
    def key(self) -> str:
        return wanted_key(
            edition_id=self.edition_id, title=self.title, author=self.author, isbn=self.isbn
        )  # fmt: skip

    @property
    def weight(self) -> int:
        searches = self.counts[WantedKind.SEARCH]
        return searches + REQUEST_WEIGHT * (sum(self.counts.values()) - searches)

    @property
    def now(self) -> Line:
        return self.into.now if self.into else self

    def add(self, asked: Asked) -> None:
        self.counts[asked.kind] += asked.times
        self.last = max(self.last, asked.last)
        if asked.library_id is not None:
            self.libraries[asked.library_id] += asked.times
        self.title = self.title or asked.title
        self.author = self.author or asked.author
        self.isbn = self.isbn or asked.isbn


class Lines:
    """An edition has its line; what has none is joined by ISBN, then by title and author, then by title alone."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._editions: dict[int, Line] = {}
        self._isbns: dict[str, Line] = {}
        self._titles: dict[str, list[Line]] = defaultdict(list)

    def add(self, asked: Asked) -> None:
        known = self._known(asked)
        line = known[0] if known else self._new(asked)
        for other in known[1:]:  # this one says that two lines are one title
            self._absorb(line, other)
        line.add(asked)
        if asked.isbn and line.edition_id is None:
            self._isbns[asked.isbn] = line

    def _known(self, asked: Asked) -> list[Line]:
        if asked.edition_id:
            line = self._editions.get(asked.edition_id)
            return [line] if line else []
        by_isbn = self._isbns.get(asked.isbn) if asked.isbn else None
        by_title = {id(line.now): line.now for line in self._titles.get(words_of(asked.title), ())}
        name = name_of(asked.author)
        same = [
            line
            for line in by_title.values()
            if (not name or not line.author or name_of(line.author) == name)
            and not (asked.isbn and line.isbn and asked.isbn != line.isbn)
        ]
        # Where several authors fit, a wish that names one is for none of them alone.
        same = same[:1] if len(same) == 1 or not name else []
        found = [by_isbn.now, *same] if by_isbn else same
        return list({id(line): line for line in found}.values())

    def _absorb(self, line: Line, other: Line) -> None:
        line.counts += other.counts
        line.libraries += other.libraries
        line.last = max(line.last, other.last)
        line.author, line.isbn = line.author or other.author, line.isbn or other.isbn
        other.into = line

    def _new(self, asked: Asked) -> Line:
        line = Line(asked.edition_id, asked.title, asked.author, asked.isbn, asked.last)
        self.lines.append(line)
        if asked.edition_id:
            self._editions[asked.edition_id] = line
        elif words_of(asked.title):
            self._titles[words_of(asked.title)].append(line)
        return line


def merged(asked: Iterable[Asked]) -> dict[str, Line]:
    """Lines by key, requests before searches, so that a search joins what readers described."""
    lines = Lines()
    for one in sorted(asked, key=lambda one: (one.kind == WantedKind.SEARCH, one.last, one.title)):
        lines.add(one)
    found: dict[str, Line] = {}
    for line in (line for line in lines.lines if line.into is None):
        if line.key not in found:
            found[line.key] = line
            continue
        known = found[line.key]
        known.counts += line.counts
        known.libraries += line.libraries
        known.last = max(known.last, line.last)
    return found
