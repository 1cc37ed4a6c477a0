"""What any search engine must be able to do. Nothing outside `catalog.search` imports an engine itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from types import TracebackType
from typing import Protocol

from django.conf import settings

from catalog.search.answers import Clues, Completion, EngineResult, FacetCount, SearchUnavailable
from catalog.search.documents import IndexDocument
from catalog.search.query import SearchQuery


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

    def search(self, query: SearchQuery, *, facets: bool = True, near: Sequence[str] = ()) -> EngineResult:
        """`near`: libraries, the nearest first; the order "nearest" goes by it."""

    def values(self, query: SearchQuery, name: str) -> list[FacetCount]:
        """All values of one filter, as far as anybody reads; the commonest first."""

    def complete(self, typed: str, *, limit: int = 5) -> list[Completion]:
        """Of each kind so many; of titles more, as several may be editions of the same."""

    def count(self, query: SearchQuery) -> int: ...

    def suggest(self, query: SearchQuery) -> str:
        """The question with its unknown words replaced by the likeliest known ones; "" if none is better."""

    def look_alikes(self, query: SearchQuery, *, limit: int = 5) -> list[int]:
        """Editions whose title shares most words, spelt alike, with the question."""

    def similar(self, clues: Clues, *, limit: int) -> list[int]:
        """Editions that share subjects, authors and title words with one, the likeliest first."""

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
