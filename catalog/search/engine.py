"""What any search engine must be able to do. Nothing outside `catalog.search` imports an engine itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import TracebackType
from typing import Protocol

from django.conf import settings

from catalog.search.documents import IndexDocument
from catalog.search.query import SearchQuery


class SearchUnavailable(Exception):
    """No index can be read now: never built, being built for the first time, damaged, or out of reach."""


@dataclass(frozen=True, slots=True)
class FacetCount:
    value: str
    count: int


@dataclass(frozen=True, slots=True)
class EngineResult:
    """`facets`: for each filter the commonest values, counted as if nothing were chosen in it (so that another
    value may be added), with the chosen ones always among them. `decades`: first year -> hits.
    """

    ids: list[int]
    total: int
    facets: dict[str, list[FacetCount]] = field(default_factory=dict)
    decades: list[tuple[int, int]] = field(default_factory=list)
    available: int = 0  # hits that are on a shelf somewhere


class EngineWriter(Protocol):
    """Writes one generation. Only one may be open for a generation; nothing is seen before `commit`."""

    def index(self, documents: Iterable[IndexDocument]) -> int:
        """Put documents in the place of those with the same id; says how many."""

    def delete(self, ids: Iterable[int]) -> None: ...

    def commit(self) -> None:
        """When this returns, the changes survive a crash and readers see them at their next search."""

    def __enter__(self) -> EngineWriter: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class SearchEngine(Protocol):
    """Many processes may read at a time. Raises SearchUnavailable where there is nothing to read."""

    name: str

    def search(self, query: SearchQuery, *, facets: bool = True) -> EngineResult: ...

    def count(self, query: SearchQuery) -> int: ...

    def suggest(self, query: SearchQuery) -> str:
        """The question with its unknown words replaced by the likeliest known ones; "" if none is better."""

    def look_alikes(self, query: SearchQuery, *, limit: int = 5) -> list[int]:
        """Editions whose title shares most words, spelt alike, with the question."""

    def document_count(self) -> int: ...

    def live_generation(self) -> str:
        """The generation that is read now; "" where there is none of this program's version."""

    def create(self, generation: str) -> None: ...

    def writer(self, generation: str) -> EngineWriter: ...

    def switch(self, generation: str) -> None:
        """Readers read this generation from now on; atomic."""

    def generations(self) -> Sequence[str]: ...

    def drop(self, generation: str) -> None: ...


@lru_cache(maxsize=8)
def _tantivy(folder: str) -> SearchEngine:
    from catalog.search.tantivy_engine import TantivyEngine

    return TantivyEngine(folder)


def get_engine() -> SearchEngine:
    """The engine that the settings name."""
    if settings.SEARCH_ENGINE != "tantivy":
        raise SearchUnavailable(f"unknown engine {settings.SEARCH_ENGINE}")
    return _tantivy(str(settings.SEARCH_INDEX_DIR))
