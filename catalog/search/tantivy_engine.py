"""The embedded engine: Tantivy in a folder per generation, with a small pointer file that names the live one.

Web processes only read: at each search they look whether the pointer or the live folder has changed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import structlog
import tantivy
from tantivy import Order, Query, Searcher

from catalog.search import spelling, tantivy_query, tantivy_words
from catalog.search.answers import (
    Clues,
    Completion,
    EngineResult,
    FacetCount,
    Facets,
    SearchUnavailable,
)
from catalog.search.documents import IndexDocument
from catalog.search.nodes import positive_terms
from catalog.search.query import SearchQuery
from catalog.search.tantivy_schema import ENGINE_NAME, SCHEMA_VERSION, register, schema, to_tantivy
from catalog.search.tantivy_search import facets_of, hits, ids_of, total_of, values_of
from catalog.search.tantivy_similar import alike
from catalog.search.tantivy_words import Vocabulary

log = structlog.get_logger(__name__)
Result = TypeVar("Result")

POINTER = "current.json"
WRITER_BYTES = 64_000_000
COUNTED = 200  # questions whose counts are kept until the index changes
OFFERED = 3000  # beginnings whose offers are kept until the index changes …
SHORT, SHORT_KEPT = 3, 600  # … or for so many seconds, of those of so many letters


class TantivyEngine:
    name = ENGINE_NAME

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = Path(folder)
        self._lock = threading.Lock()
        self._index: tantivy.Index | None = None
        self._seen: tuple[str, int] = ("", 0)  # generation, and when its meta.json was written
        self._offered: dict[tuple[str, int, str, int], list[Completion]] = {}
        self._counted: dict[tuple[tuple[str, int], SearchQuery], Facets] = {}

    # --- reading -------------------------------------------------------------------------------------------

    def search(self, query: SearchQuery, *, facets: bool = True, near: Sequence[str] = ()) -> EngineResult:
        return self._read(lambda searcher: self._search(searcher, query, near, facets=facets))

    def count(self, query: SearchQuery) -> int:
        return self._read(
            lambda searcher: total_of(searcher.search(tantivy_query.build(query, ranked=False), 1))
        )

    def values(self, query: SearchQuery, name: str) -> list[FacetCount]:
        return self._read(lambda searcher: values_of(searcher, query, name))

    def complete(self, typed: str, *, limit: int = 5) -> list[Completion]:
        return self._read(lambda searcher: self._complete(searcher, typed, limit))

    def suggest(self, query: SearchQuery) -> str:
        return self._read(lambda searcher: _suggestion(searcher, query))

    def look_alikes(self, query: SearchQuery, *, limit: int = 5) -> list[int]:
        return self._read(lambda searcher: _look_alikes(searcher, query, limit))

    def similar(self, clues: Clues, *, limit: int) -> list[int]:
        return self._read(lambda searcher: alike(searcher, clues, limit))

    def document_count(self) -> int:
        return self._read(lambda searcher: int(searcher.num_docs))

    def live_generation(self) -> str:
        try:
            pointer = json.loads((self.folder / POINTER).read_text())
        except (OSError, ValueError):
            return ""
        usable = isinstance(pointer, dict) and pointer.get("schema") == SCHEMA_VERSION
        return str(pointer.get("generation", "")) if usable else ""

    def _search(
        self, searcher: Searcher, query: SearchQuery, near: Sequence[str], *, facets: bool
    ) -> EngineResult:
        found = hits(searcher, query, near)
        if not facets or (not found.total and not query.is_filtered):
            return found
        # The same on every page and in every order.
        key = (self._seen, query.with_(sort="relevance", per_page=1))
        counted = self._counted.get(key) or facets_of(searcher, query, found.total)
        with self._lock:
            self._counted[key] = counted
            _trim(self._counted, COUNTED)
        return replace(found, counted=counted)

    def _complete(self, searcher: Searcher, typed: str, limit: int) -> list[Completion]:
        """What a few letters offer hardly changes and costs most: it may be some minutes old."""
        stamp = self._seen[1] if len(typed.strip()) > SHORT else int(time.monotonic() // SHORT_KEPT)
        key = (self._seen[0], stamp, typed, limit)
        found = self._offered.get(key)
        if found is None:
            found = tantivy_words.complete(searcher, typed, limit=limit)
            with self._lock:
                self._offered[key] = found
                _trim(self._offered, OFFERED)
        return found

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


def _trim(kept: dict[Any, Any], most: int) -> None:
    while len(kept) > most:
        kept.pop(next(iter(kept)))


def _highest_id(index: tantivy.Index) -> int:
    index.reload()
    searcher = index.searcher()
    hits = searcher.search(Query.all_query(), 1, count=False, order_by_field="id", order=Order.Desc).hits
    return ids_of(searcher, hits)[0] if hits else 0


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


def _suggestion(searcher: Searcher, query: SearchQuery) -> str:
    def count(text: str) -> int:
        built = tantivy_query.build(query.with_(text=text), ranked=False)
        return total_of(searcher.search(built, 1))

    return spelling.corrected(Vocabulary(searcher), query, count)


def _look_alikes(searcher: Searcher, query: SearchQuery, limit: int) -> list[int]:
    if (built := _look_alike_query(query)) is None:
        return []
    return ids_of(searcher, searcher.search(built, limit, count=False, weight_by_field="weight").hits)


def _look_alike_query(query: SearchQuery) -> Query | None:
    words = [word for term in positive_terms(query.parsed.root) for word in term.words]
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
