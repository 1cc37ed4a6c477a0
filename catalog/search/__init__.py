"""Finding editions. Callers build a `SearchQuery` and read a `SearchPage`; no engine shows through."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from catalog.search.page import SearchPage
    from catalog.search.query import SearchQuery


def search(query: SearchQuery, *, near_library_id: int | None = None) -> SearchPage:
    """One page of hits with its filters. Raises engine.SearchUnavailable. See catalog.search.page."""
    from catalog.search.page import search_page

    return search_page(query, near_library_id=near_library_id)


def found_ids(query: SearchQuery) -> list[int]:
    """All editions that a search finds, in its order. Raises engine.SearchUnavailable."""
    from catalog.search.engine import get_engine

    engine = get_engine()
    return engine.search(query.with_(per_page=max(engine.count(query), 1)), facets=False).ids
