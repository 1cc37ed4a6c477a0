"""A SearchQuery as a Tantivy query: what ranks higher and what only filters; what must match is in tantivy_match."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tantivy import FieldType, Occur, Query

from catalog.search import analysis, tantivy_match, values
from catalog.search.nodes import Term, positive_terms
from catalog.search.query import SearchQuery
from catalog.search.tantivy_match import EXACT, exact, joined_word, loose, phrase, raw
from catalog.search.tantivy_schema import VALUE_FIELDS, schema

TITLE_LOOSE, LOOSE = 2.5, 0.6
TIE = 0.15  # how much the second-best place of a word adds
_SERIAL = "serial"


def build(query: SearchQuery, *, without_filter: str = "", ranked: bool = True) -> Query:
    """The whole question. `without_filter` leaves one filter out, as its own counts need it; counting and sorting
    do without ranks, which cost more than finding.
    """
    parts = tantivy_match.matching(query.parsed.root, any_word=query.any_word)
    parts = [
        (occur, Query.const_score_query(part, 0.0) if occur == Occur.Must else part) for occur, part in parts
    ]
    if not any(occur == Occur.Must for occur, _ in parts):
        parts.append((Occur.Must, Query.const_score_query(Query.all_query(), 1.0)))
    if ranked:
        parts += [(Occur.Should, _rank(term)) for term in positive_terms(query.parsed.root)]
        parts += [(Occur.Should, boost) for boost in _title_boosts(query.parsed.plain)]
    parts += [(Occur.Must, Query.const_score_query(f, 0.0)) for f in _filters(query, without_filter)]
    return Query.boolean_query(parts)


def anchored_beginning(words: Sequence[str]) -> Query:
    """Titles that begin with these words, the last of them perhaps unfinished."""
    return Query.phrase_prefix_query(schema(), "title", [analysis.START, *words])


def nearest(built: Query, libraries: Sequence[str]) -> Query:
    """What `built` finds, scored by how early the first library that holds it stands in the list."""
    ranks = [
        Query.const_score_query(raw("library", library), float(len(libraries) - place))
        for place, library in enumerate(libraries)
    ]
    return Query.boolean_query(
        [(Occur.Must, Query.boost_query(built, 0.0001)), (Occur.Should, Query.disjunction_max_query(ranks))]
    )


# --- what a word is worth at each place ---------------------------------------------------------------------


def _rank(term: Term) -> Query:
    if term.numbers:
        return Query.const_score_query(Query.term_set_query(schema(), "number", list(term.numbers)), 100.0)
    if term.field in ("year", "call_number", *values.FIELDS):
        return Query.empty_query()
    if term.pattern:
        return _beginning(term.pattern, term.field)
    if term.phrase:
        return _phrase(term)
    whole = term.words[:-1] if term.prefix else term.words
    ranks = [_word(word, term.field) for word in whole]
    if term.prefix:
        ranks.append(_beginning(f"{term.words[-1]}.*", term.field))
    if len(ranks) == 1:
        return ranks[0]
    if (joined := joined_word(term)) and not term.prefix:
        ranks.append(_word(joined, term.field))
    return Query.boolean_query([(Occur.Should, rank) for rank in ranks])


def _word(word: str, field: str) -> Query:
    """One word at its best place."""
    if field:
        options = [_boosted(exact(field, word), 5.0)]
        if field == "title":
            options += [_boosted(loose("title_loose", form), 2.5) for form in (word, *analysis.loose(word))]
        else:
            options += [_boosted(exact(field, form), 2.0) for form in analysis.loose(word)]
        return Query.disjunction_max_query(options, TIE)
    options = [_boosted(exact(name, word), boost) for name, boost in EXACT.items()]
    for form in (word, *analysis.loose(word)):
        options.append(_boosted(loose("title_loose", form), TITLE_LOOSE))
        options.append(_boosted(loose("loose", form), LOOSE))
    return Query.disjunction_max_query(options, TIE)


def _phrase(term: Term) -> Query:
    fields = {term.field: 5.0} if term.field else EXACT
    found = [_boosted(phrase(name, term), boost) for name, boost in fields.items()]
    return Query.disjunction_max_query(found, TIE)


def _beginning(pattern: str, field: str) -> Query:
    fields = {field: 5.0} if field else {"title": 5.0, "author": 4.0}
    found = [
        Query.const_score_query(Query.regex_query(schema(), name, pattern), boost)
        for name, boost in fields.items()
    ]  # fmt: skip
    return Query.disjunction_max_query(found, TIE)


# --- what ranks higher -------------------------------------------------------------------------------------


def _title_boosts(words: Sequence[str]) -> Iterable[Query]:
    """A question that is a whole title, its beginning, or near words of it: more than words earn singly."""
    if not words or len(words) > 20:
        return
    key = analysis.title_key(" ".join(words))
    top = 30.0 + 20.0 * len(words)
    whole = Query.boolean_query([(Occur.Should, raw(field, key)) for field in ("title_key", "sort_title")])
    yield Query.const_score_query(whole, top)
    yield Query.const_score_query(raw("variant_key", key), top * 0.6)
    if len(words) <= 2:  # "Science", "Tempo": the journal of that name
        serial = Query.boolean_query([(Occur.Must, whole), (Occur.Must, raw("format", _SERIAL))])
        yield Query.const_score_query(serial, 8.0)
    anchored = Query.phrase_query(schema(), "title", [analysis.START, *words])
    yield Query.const_score_query(anchored, 10.0 + 5.0 * len(words))
    if len(words) > 1:
        for slop in (0, 2):
            together = Query.phrase_query(schema(), "title", list(words), slop)
            yield Query.const_score_query(together, 3.0 + 2.0 * len(words))
        yield Query.const_score_query(
            Query.phrase_query(schema(), "author", list(words), 1), 5.0 + 3.0 * len(words)
        )


# --- what only filters -------------------------------------------------------------------------------------


def _filters(query: SearchQuery, without: str) -> Iterable[Query]:
    for field, name in VALUE_FIELDS.items():
        chosen = getattr(query, name)
        if chosen and name != without:
            yield Query.term_set_query(schema(), field, list(chosen))
    first, last = query.years
    if first is not None or last is not None:
        yield Query.range_query(schema(), "year", FieldType.Integer, first, last)
    if query.available and query.libraries and without != "libraries":
        yield Query.term_set_query(schema(), "available_library", list(query.libraries))
    elif query.available:
        yield raw("on_shelf", "1")


def _boosted(query: Query, boost: float) -> Query:
    return Query.boost_query(query, boost)
