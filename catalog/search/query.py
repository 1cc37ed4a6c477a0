"""`SearchQuery`: what somebody asks of the catalogue, built from an address and turned back into one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from catalog.search import grammar
from catalog.search.houses import house_name
from catalog.search.nodes import Term

PER_PAGE = (20, 50, 100)
DEFAULT_PER_PAGE = 20
MAX_HITS = 100_000  # that one can page through; the engine sorts as many to reach the last of them
MAX_VALUES = 30  # chosen values of one filter

SORTS = ("relevance", "newest", "oldest", "title", "author", "held", "nearest", "added")
# Filter of the query -> its name in the address. One line here and one in facets.py makes a new filter.
FILTERS = {
    "libraries": "library", "formats": "format", "languages": "language", "subjects": "subject",
    "authors": "author", "publishers": "publisher", "etexts": "etext",
}  # fmt: skip


@dataclass(frozen=True)
class SearchQuery:
    text: str = ""
    libraries: tuple[str, ...] = ()  # primary keys of libraries, as text
    formats: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    etexts: tuple[str, ...] = ()  # hosts that links to the text lead to
    year_from: int | None = None
    year_to: int | None = None
    available: bool = False  # on the shelf now at one of the chosen libraries, or at any
    any_word: bool = False  # one of the words is enough
    sort: str = "relevance"
    page: int = 1
    per_page: int = DEFAULT_PER_PAGE
    odd_years: tuple[
        str, ...
    ] = ()  # what was written for a year and is none; said, and no part of the question

    @classmethod
    def from_params(cls, params: QueryDict) -> SearchQuery:
        """Lenient: what cannot be understood is left out."""
        per_page = _number(params.get("per_page", ""), DEFAULT_PER_PAGE)
        per_page = per_page if per_page in PER_PAGE else DEFAULT_PER_PAGE
        sort = params.get("sort", "")
        first, last = _year(params.get("from", "")), _year(params.get("to", ""))
        if first and last and first > last:
            first, last = last, first
        return cls(
            text=" ".join(params.get("q", "").replace("\0", " ").split())[: grammar.MAX_TEXT],
            year_from=first,
            year_to=last,
            available=params.get("available", "") == "1",
            any_word=params.get("words", "") == "any",
            sort=sort if sort in SORTS else "relevance",
            page=min(max(_number(params.get("page", ""), 1), 1), MAX_HITS // per_page),
            per_page=per_page,
            odd_years=_odd_years(params),
            **{name: _chosen(name, params.getlist(key)) for name, key in FILTERS.items()},
        )

    def to_params(self) -> list[tuple[str, str]]:
        """The shortest address that asks the same."""
        pairs = [("q", self.text)] if self.text else []
        pairs += [(key, value) for name, key in FILTERS.items() for value in getattr(self, name)]
        optional: Mapping[str, object] = {
            "from": self.year_from, "to": self.year_to,
            "available": "1" if self.available else None,
            "words": "any" if self.any_word else None,
            "sort": self.sort if self.sort != "relevance" else None,
            "per_page": self.per_page if self.per_page != DEFAULT_PER_PAGE else None,
            "page": self.page if self.page > 1 else None,
        }  # fmt: skip
        return pairs + [(key, str(value)) for key, value in optional.items() if value is not None]

    def to_querystring(self) -> str:
        return urlencode(self.to_params())

    @cached_property
    def parsed(self) -> grammar.Parsed:
        return grammar.parse(self.text)

    @property
    def years(self) -> tuple[int | None, int | None]:
        """The narrowest span that text and filter ask for together."""
        starts = [year for year in (self.year_from, self.parsed.year_from) if year is not None]
        ends = [year for year in (self.year_to, self.parsed.year_to) if year is not None]
        return max(starts, default=None), min(ends, default=None)

    @property
    def is_filtered(self) -> bool:
        return any(getattr(self, name) for name in FILTERS) or bool(
            self.year_from or self.year_to or self.available
        )

    @property
    def is_number(self) -> bool:
        """Nothing was asked for but one standard number."""
        parts = self.parsed.root.parts
        return (
            not self.is_filtered and len(parts) == 1 and isinstance(parts[0], Term) and bool(parts[0].numbers)
        )

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.per_page

    def without_filters(self) -> SearchQuery:
        return SearchQuery(text=self.text, any_word=self.any_word, sort=self.sort, per_page=self.per_page)

    def with_(self, **changes: Any) -> SearchQuery:
        """Another question, from its first page."""
        return replace(self, **{"page": 1, **changes})

    def without_value(self, name: str, value: str) -> SearchQuery:
        return self.with_(**{name: tuple(kept for kept in getattr(self, name) if kept != value)})


def _chosen(name: str, raw: list[str]) -> tuple[str, ...]:
    return _values(list(map(house_name, raw)) if name == "publishers" else raw)


def _odd_years(params: QueryDict) -> tuple[str, ...]:
    written = (params.get(key, "").replace("\0", "").strip()[:40] for key in ("from", "to"))
    return tuple(text for text in written if text and _year(text) is None)


def _values(raw: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value[:300] for value in raw if value and "\0" not in value))[:MAX_VALUES]


def _number(raw: str, default: int) -> int:
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 7 else default


def _year(raw: str) -> int | None:
    raw = raw.strip()
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) <= 4 else None
