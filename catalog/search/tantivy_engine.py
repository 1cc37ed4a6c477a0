"""The embedded engine: Tantivy in a folder per generation, with a small pointer file that names the live one.

Web processes only read: at each search they look whether the pointer or the live folder has changed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import structlog
import tantivy
from tantivy import Order, Query, Searcher

from catalog.search import spelling, tantivy_query
from catalog.search.documents import IndexDocument
from catalog.search.engine import EngineResult, FacetCount, SearchUnavailable
from catalog.search.query import SearchQuery
from catalog.search.tantivy_schema import (
    ENGINE_NAME,
    SCHEMA_VERSION,
    SPELLING_FIELDS,
    VALUE_FIELDS,
    register,
    schema,
    to_tantivy,
)

log = structlog.get_logger(__name__)
Result = TypeVar("Result")

POINTER = "current.json"
WRITER_BYTES = 64_000_000
FULL_TITLE_SORT = 20_000  # hits; more are sorted by the first signs of the title only
FACET_SIZES = {"library": 100, "format": 14, "language": 30, "subject_value": 15, "author_value": 15}
_SORTS: dict[str, tuple[str, Order]] = {
    "newest": ("sort_newest", Order.Desc), "oldest": ("year", Order.Asc),
    "title": ("sort_title_head", Order.Asc),
    "held": ("sort_held", Order.Desc), "added": ("added", Order.Desc),
}  # fmt: skip


class TantivyEngine:
    name = ENGINE_NAME

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = Path(folder)
        self._lock = threading.Lock()
        self._index: tantivy.Index | None = None
        self._seen: tuple[str, int] = ("", 0)  # generation, and when its meta.json was written

    # --- reading -------------------------------------------------------------------------------------------

    def search(self, query: SearchQuery, *, facets: bool = True) -> EngineResult:
        return self._read(lambda searcher: _search(searcher, query, facets=facets))

    def count(self, query: SearchQuery) -> int:
        return self._read(lambda searcher: _total(searcher.search(tantivy_query.build(query), 1)))

    def suggest(self, query: SearchQuery) -> str:
        return self._read(lambda searcher: spelling.corrected(_Vocabulary(searcher), query))

    def look_alikes(self, query: SearchQuery, *, limit: int = 5) -> list[int]:
        return self._read(lambda searcher: _ids(searcher, _look_alike_query(query), limit))

    def document_count(self) -> int:
        return self._read(lambda searcher: int(searcher.num_docs))

    def live_generation(self) -> str:
        try:
            pointer = json.loads((self.folder / POINTER).read_text())
        except (OSError, ValueError):
            return ""
        usable = isinstance(pointer, dict) and pointer.get("schema") == SCHEMA_VERSION
        return str(pointer.get("generation", "")) if usable else ""

    def _read(self, action: Callable[[Searcher], Result]) -> Result:
        """Run on the newest state; once more if the generation was switched and dropped meanwhile."""
        for last_try in (False, True):
            try:
                return action(self._searcher())
            except SearchUnavailable:
                raise
            except Exception as error:  # Tantivy raises ValueError and plain OSError for damaged files
                self._index = None
                if last_try:
                    log.exception("search_failed")
                    raise SearchUnavailable(str(error)) from error
        raise AssertionError("unreachable")

    def _searcher(self) -> Searcher:
        generation = self.live_generation()
        if not generation:
            raise SearchUnavailable("no live generation")
        try:
            stamp = (self.folder / generation / "meta.json").stat().st_mtime_ns
        except OSError as error:
            raise SearchUnavailable(f"generation {generation} is missing") from error
        with self._lock:
            if self._index is None or self._seen[0] != generation:
                self._index = self._open(generation)
                self._index.config_reader("manual")
                self._index.reload()
            elif self._seen[1] != stamp:
                self._index.reload()
            self._seen = (generation, stamp)
            return self._index.searcher()

    def _open(self, generation: str) -> tantivy.Index:
        return register(tantivy.Index.open(str(self.folder / generation)))

    # --- writing -------------------------------------------------------------------------------------------

    def create(self, generation: str) -> None:
        path = self.folder / generation
        path.mkdir(parents=True, exist_ok=False)
        register(tantivy.Index(schema(), path=str(path)))

    def writer(self, generation: str) -> TantivyWriter:
        try:
            return TantivyWriter(self._open(generation))
        except (ValueError, OSError) as error:
            raise SearchUnavailable(str(error)) from error

    def switch(self, generation: str) -> None:
        draft = self.folder / f"{POINTER}.{os.getpid()}"
        with draft.open("w") as file:
            json.dump({"generation": generation, "schema": SCHEMA_VERSION}, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.folder / POINTER)

    def generations(self) -> Sequence[str]:
        if not self.folder.is_dir():
            return []
        return sorted(entry.name for entry in self.folder.iterdir() if entry.is_dir())

    def drop(self, generation: str) -> None:
        if re.fullmatch(r"[\w-]+", generation) and generation != self.live_generation():
            shutil.rmtree(self.folder / generation, ignore_errors=True)


def _highest_id(index: tantivy.Index) -> int:
    index.reload()
    searcher = index.searcher()
    hits = searcher.search(Query.all_query(), 1, count=False, order_by_field="id", order=Order.Desc).hits
    return _values(searcher, hits)[0] if hits else 0


class TantivyWriter:
    """Opening takes about a millisecond, so nobody keeps one open for longer than a piece of work."""

    def __init__(self, index: tantivy.Index) -> None:
        self._highest = _highest_id(index)
        self._writer = index.writer(WRITER_BYTES, 1)

    def index(self, documents: Iterable[IndexDocument]) -> int:
        written = 0
        for document in documents:
            # A delete is looked up in every segment; an edition that is new has none to be deleted.
            if document.edition_id <= self._highest:
                self._writer.delete_documents_by_term("id", document.edition_id)
            self._highest = max(self._highest, document.edition_id)
            self._writer.add_document(to_tantivy(document))
            written += 1
        return written

    def delete(self, ids: Iterable[int]) -> None:
        for edition_id in ids:
            self._writer.delete_documents_by_term("id", edition_id)

    def commit(self) -> None:
        self._writer.commit()

    def __enter__(self) -> TantivyWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._writer.rollback()
        # Segments are merged behind; closing without waiting would throw the merge away each time.
        self._writer.wait_merging_threads()


# --- one search --------------------------------------------------------------------------------------------


def _search(searcher: Searcher, query: SearchQuery, *, facets: bool) -> EngineResult:
    built = tantivy_query.build(query)
    found = _hits(searcher, built, query)
    ids = _values(searcher, found.hits)
    total = _total(found)
    if not facets or (not total and not query.is_filtered):
        return EngineResult(ids, total)
    return EngineResult(ids, total, *_facets(searcher, query, built))


def _hits(searcher: Searcher, built: Query, query: SearchQuery) -> tantivy.SearchResult:
    if query.sort not in _SORTS:
        return searcher.search(built, query.per_page, offset=query.offset, weight_by_field="weight")
    field, order = _SORTS[query.sort]
    found = searcher.search(built, query.per_page, offset=query.offset, order_by_field=field, order=order)
    if query.sort == "title" and _total(found) <= FULL_TITLE_SORT:
        found = searcher.search(
            built, query.per_page, offset=query.offset, order_by_field="sort_title", order=order
        )
    return found


def _facets(
    searcher: Searcher, query: SearchQuery, built: Query
) -> tuple[dict[str, list[FacetCount]], list[tuple[int, int]], int]:
    """One pass for all that have no choice of their own, and one more for each that has."""
    free = {field: _terms(field) for field, name in VALUE_FIELDS.items() if not getattr(query, name)}
    other = {
        "decades": {"histogram": {"field": "year", "interval": 10, "min_doc_count": 1}},
        "available": {"terms": {"field": "on_shelf", "size": 1}},
    }
    answer = searcher.aggregate(built, {**free, **other})
    counts = {VALUE_FIELDS[field]: _buckets(answer[field]) for field in free}
    for field, name in VALUE_FIELDS.items():
        chosen = getattr(query, name)
        if not chosen:
            continue
        unfiltered = tantivy_query.build(query, without_filter=name)
        values = _buckets(searcher.aggregate(unfiltered, {field: _terms(field)})[field])
        missing = [value for value in chosen if value not in {count.value for count in values}]
        values += [_count_of(searcher, query, name, value) for value in missing]
        counts[name] = values
    decades = [(int(bucket["key"]), int(bucket["doc_count"])) for bucket in answer["decades"]["buckets"]]
    return counts, decades, sum(count.count for count in _buckets(answer["available"]))


def _terms(field: str) -> dict[str, Any]:
    return {"terms": {"field": field, "size": FACET_SIZES[field]}}


def _buckets(answer: dict[str, Any]) -> list[FacetCount]:
    return [FacetCount(str(bucket["key"]), int(bucket["doc_count"])) for bucket in answer["buckets"]]


def _count_of(searcher: Searcher, query: SearchQuery, name: str, value: str) -> FacetCount:
    """A chosen value that is not among the commonest is counted alone."""
    alone = tantivy_query.build(query.with_(**{name: (value,)}))
    return FacetCount(value, _total(searcher.search(alone, 1)))


def _ids(searcher: Searcher, query: Query | None, limit: int) -> list[int]:
    if query is None:
        return []
    hits = searcher.search(query, limit, count=False, weight_by_field="weight").hits
    return _values(searcher, hits)


def _total(found: tantivy.SearchResult) -> int:
    return int(found.count)  # type: ignore[attr-defined]  # the stub lacks it


def _values(searcher: Searcher, hits: Sequence[tuple[Any, tantivy.DocAddress]]) -> list[int]:
    values = searcher.fast_field_values("id", [address for _, address in hits])
    return [int(value) for value in values if value is not None]


def _look_alike_query(query: SearchQuery) -> Query | None:
    words = [word for clause in query.parsed.clauses for term in clause.alternatives for word in term.words]
    words = [word for word in dict.fromkeys(words) if len(word) > 2][:12]
    if not words:
        return None
    options = []
    for word in words:
        places = [
            Query.fuzzy_term_query(schema(), field, word, spelling.distance(word))
            for field in ("title", "author")
        ]
        options.append((tantivy.Occur.Should, Query.disjunction_max_query(places)))
    return Query.boolean_query(options, minimum_number_should_match=max(1, (len(words) + 1) // 2))


class _Vocabulary:
    """The words of the index, for `spelling`."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher

    def frequency(self, word: str) -> int:
        return int(self._searcher.doc_freq("loose", word))

    def similar(self, word: str, distance: int) -> set[str]:
        """Words of titles, names and subjects that look like this one, from the records that best match it."""
        found: set[str] = set()
        for field in SPELLING_FIELDS:
            query = Query.fuzzy_term_query(schema(), field, word, distance)
            for _, address in self._searcher.search(query, 60, count=False).hits:
                for text in self._searcher.doc(address).get_all(field):
                    found.update(text.split())
        return found
