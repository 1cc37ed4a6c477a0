"""The words and names of a Tantivy index: what is offered while one types, and what a slip of the pen may have meant.

All of it is read from the index's own dictionaries and sort fields: nothing is built aside, so nothing lags behind.
"""

from __future__ import annotations

from collections.abc import Iterator

from rapidfuzz import process
from rapidfuzz.distance import OSA
from tantivy import FieldType, Occur, Order, Query, Searcher

from catalog.search import analysis
from catalog.search.answers import Completion
from catalog.search.tantivy_query import anchored_beginning
from catalog.search.tantivy_schema import COMPLETED, HEAD_SIGNS, SHOWN, SPELLING_FIELDS, head, schema
from catalog.search.tantivy_search import ids_of

FEWEST = 2  # typed signs
TITLES_SEEN = 25  # among them are other editions of the same


class Vocabulary:
    """The words of the index, for `spelling`."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher

    def frequency(self, word: str) -> int:
        return int(self._searcher.doc_freq("loose", word))

    def similar(self, word: str, distance: int) -> dict[str, int]:
        """Words of titles, names and subjects within so many slips -> in how many records they are.

        Almost nobody mistypes the first letter; who does is helped at the price of the whole dictionary.
        """
        for beginnings in ({word[0], word[1:2] or word[0]}, {""}):
            found: dict[str, int] = {}
            for beginning in beginnings:
                for field in SPELLING_FIELDS:
                    for term, count in self._near(field, beginning, word, distance):
                        found[term] = max(count, found.get(term, 0))
            if found:
                return found
        return {}

    def _near(self, field: str, beginning: str, word: str, distance: int) -> Iterator[tuple[str, int]]:
        terms = dict(self._searcher.terms_with_prefix(field, beginning))
        for term, _slips, _place in process.extract(
            word, list(terms), scorer=OSA.distance, score_cutoff=distance, limit=None
        ):
            yield term, terms[term]


def complete(searcher: Searcher, typed: str, *, limit: int) -> list[Completion]:
    """Titles that begin so, the most held first; then names and headings of which a word begins so."""
    words = analysis.words(typed)
    if sum(map(len, words)) < FEWEST:
        return []
    found = [Completion("title", edition_id=pk) for pk in _titles(searcher, words, typed)]
    key = " ".join(words)
    for kind, sign in COMPLETED.items():
        seen: dict[str, int] = {}
        for term, count in searcher.terms_with_prefix("complete", sign + key, limit=3 * limit):
            text = term.partition(SHOWN)[2]
            seen[text] = max(count, seen.get(text, 0))
        found += [Completion(kind, text=text, count=seen[text]) for text in list(seen)[:limit]]
    return found


def _titles(searcher: Searcher, words: list[str], typed: str) -> list[int]:
    key = analysis.key_of(words) + (" " if typed[-1:].isspace() else "")
    first, last = head(key), head(key, last=True)
    query = Query.range_query(schema(), "sort_title_head", FieldType.Integer, first, last)
    if len(key) > HEAD_SIGNS:
        query = Query.boolean_query([(Occur.Must, query), (Occur.Must, anchored_beginning(words))])
    found = searcher.search(query, TITLES_SEEN, count=False, order_by_field="sort_held", order=Order.Desc)
    return ids_of(searcher, found.hits)
