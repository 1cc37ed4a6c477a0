"""One search in an open Tantivy index: the hits in their order, and the counts of the filters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import tantivy
from tantivy import Order, Query, Searcher

from catalog.search import tantivy_query
from catalog.search.answers import EngineResult, FacetCount, Facets
from catalog.search.query import SearchQuery
from catalog.search.tantivy_schema import VALUE_FIELDS

FULL_TEXT_SORT = 20_000  # hits; more are sorted by the first signs of the title or name only
FACET_SIZES = {
    "library": 100, "format": 14, "language": 30, "subject_value": 15, "author_value": 15, "publisher_value": 15,
    "etext": 15,
}  # fmt: skip
# Of so many hits, the values of long filters are counted only when somebody opens them: the commonest of half a million
# names say little, and counting them takes longer than all the rest of a search.
MANY = 100_000
LONG = ("subjects", "authors")
SEGMENT_VALUES = 60
MOST_VALUES = 1000  # of one filter, where somebody looks for one among all
_SORTS: dict[str, tuple[str, Order]] = {
    "newest": ("sort_newest", Order.Desc), "oldest": ("year", Order.Asc),
    "title": ("sort_title_head", Order.Asc), "author": ("sort_author_head", Order.Asc),
    "held": ("sort_held", Order.Desc), "added": ("added", Order.Desc),
}  # fmt: skip
_FULL_TEXT = {"title": "sort_title", "author": "sort_author"}


def hits(searcher: Searcher, query: SearchQuery, near: Sequence[str]) -> EngineResult:
    """One page of ids and the total, without counts."""
    by_score = query.sort not in _SORTS
    found = _ordered(searcher, tantivy_query.build(query, ranked=by_score), query, near)
    return EngineResult(ids_of(searcher, found.hits), total_of(found))


def _ordered(
    searcher: Searcher, built: Query, query: SearchQuery, near: Sequence[str]
) -> tantivy.SearchResult:
    if query.sort == "nearest" and near:
        return searcher.search(
            tantivy_query.nearest(built, near), query.per_page, offset=query.offset
        )  # fmt: skip
    if query.sort not in _SORTS:
        return searcher.search(built, query.per_page, offset=query.offset, weight_by_field="weight")
    field, order = _SORTS[query.sort]
    found = searcher.search(built, query.per_page, offset=query.offset, order_by_field=field, order=order)
    if query.sort in _FULL_TEXT and total_of(found) <= FULL_TEXT_SORT:
        field = _FULL_TEXT[query.sort]
        found = searcher.search(built, query.per_page, offset=query.offset, order_by_field=field, order=order)
    return found


def facets_of(searcher: Searcher, query: SearchQuery, total: int) -> Facets:
    """One pass for all that have no choice of their own, and one more for each that has. `total`: hits."""
    waiting = tuple(name for name in LONG if total > MANY and not getattr(query, name))
    free = [field for field, name in VALUE_FIELDS.items() if not getattr(query, name) and name not in waiting]
    answer = searcher.aggregate(tantivy_query.build(query, ranked=False), wanted_counts(free))
    counts = {VALUE_FIELDS[field]: _buckets(answer[field]) for field in free}
    for field, name in VALUE_FIELDS.items():
        if chosen := getattr(query, name):
            values = values_of(searcher, query, name, FACET_SIZES[field])
            missing = [value for value in chosen if value not in {count.value for count in values}]
            counts[name] = values + [_count_of(searcher, query, name, value) for value in missing]
    years = [(int(bucket["key"]), int(bucket["doc_count"])) for bucket in answer["years"]["buckets"]]
    return Facets(counts, years, sum(count.count for count in _buckets(answer["available"])), waiting)


def wanted_counts(fields: Sequence[str]) -> dict[str, Any]:
    """What is asked of the engine in one pass."""
    return {
        **{field: _terms(field) for field in fields},
        "years": {"histogram": {"field": "year", "interval": 1, "min_doc_count": 1}},
        "available": {"terms": {"field": "on_shelf", "size": 1}},
    }


def values_of(searcher: Searcher, query: SearchQuery, name: str, size: int = MOST_VALUES) -> list[FacetCount]:
    """The commonest values of one filter, counted as if nothing were chosen in it."""
    field = next(field for field, filter_name in VALUE_FIELDS.items() if filter_name == name)
    built = tantivy_query.build(query, without_filter=name, ranked=False)
    return _buckets(searcher.aggregate(built, {field: _terms(field, size)})[field])


def _terms(field: str, size: int = 0) -> dict[str, Any]:
    size = size or FACET_SIZES[field]
    # Each segment looks the names of its commonest values up, ten times as many as are asked for unless told otherwise:
    # of fifteen authors in nine segments that was half of a search.
    return {"terms": {"field": field, "size": size, "segment_size": max(SEGMENT_VALUES, 2 * size)}}


def _buckets(answer: dict[str, Any]) -> list[FacetCount]:
    return [FacetCount(str(bucket["key"]), int(bucket["doc_count"])) for bucket in answer["buckets"]]


def _count_of(searcher: Searcher, query: SearchQuery, name: str, value: str) -> FacetCount:
    """A chosen value that is not among the commonest is counted alone."""
    alone = tantivy_query.build(query.with_(**{name: (value,)}), ranked=False)
    return FacetCount(value, total_of(searcher.search(alone, 1)))


def total_of(found: tantivy.SearchResult) -> int:
    return int(found.count)  # type: ignore[attr-defined]  # the stub lacks it


def ids_of(searcher: Searcher, found: Sequence[tuple[Any, tantivy.DocAddress]]) -> list[int]:
    values = searcher.fast_field_values("id", [address for _, address in found])
    return [int(value) for value in values if value is not None]
