"""Editions alike, asked of Tantivy: shared subjects, authors and title words, each with its weight."""

from __future__ import annotations

from tantivy import Occur, Query, Searcher

from catalog.search import analysis
from catalog.search.answers import MOST_CLUES, Clues
from catalog.search.tantivy_schema import schema

SUBJECT, AUTHOR, WORD = 2.0, 2.5, 1.0


def alike(searcher: Searcher, clues: Clues, limit: int) -> list[int]:
    query = query_of(clues)
    if query is None:
        return []
    hits = searcher.search(query, limit, count=False, weight_by_field="weight").hits
    values = searcher.fast_field_values("id", [address for _score, address in hits])
    return [int(value) for value in values if value is not None]


def query_of(clues: Clues) -> Query | None:
    """Rare clues weigh more than common ones by themselves. A shared word alone is not enough, two are."""
    subjects = [_value("subject_value", text, SUBJECT) for text in clues.subjects]
    authors = [_value("author_value", name, AUTHOR) for name in clues.authors]
    words = [_boosted("title_loose", word, WORD) for word in _words(clues.title)]
    sure, weak = subjects + authors, words
    if not sure and len(weak) < 2:
        return None
    parts = [(Occur.Should, part) for part in (*sure, *weak)]
    if sure:
        must = Query.boolean_query([(Occur.Should, part) for part in sure], minimum_number_should_match=1)
        return Query.boolean_query([(Occur.Must, must), *parts[len(sure) :]])
    return Query.boolean_query(parts, minimum_number_should_match=2)


def _words(title: str) -> list[str]:
    words, _compounds = analysis.terms_of([title])[0]
    told = [word for word in words if len(word) > 2 and word not in analysis.STOP_WORDS]
    return sorted(analysis.loose_all(set(told)))[:MOST_CLUES]


def _value(field: str, value: str, boost: float) -> Query:
    return _boosted(field, value[:300], boost)


def _boosted(field: str, term: str, boost: float) -> Query:
    return Query.boost_query(Query.term_query(schema(), field, term, index_option="basic"), boost)
