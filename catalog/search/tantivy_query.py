"""A SearchQuery as a Tantivy query: what must match, what ranks higher, what only filters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tantivy import FieldType, Occur, Query

from catalog.search import analysis
from catalog.search.grammar import Clause, Parsed, Term
from catalog.search.query import SearchQuery
from catalog.search.tantivy_schema import VALUE_FIELDS, schema

# Where a word is worth how much. Title before author before subject before the rest.
EXACT = {"title": 5.0, "author": 4.0, "subject": 2.0, "series": 1.5, "publisher": 1.0, "rest": 1.0}
TITLE_LOOSE, LOOSE = 2.5, 0.6
TIE = 0.15  # how much the second-best place of a word adds
MIN_PREFIX = 2
_SERIAL = "serial"


def build(query: SearchQuery, *, without_filter: str = "") -> Query:
    """The whole question. `without_filter` leaves one filter out, as its own counts need it."""
    parts = _clauses(query.parsed, any_word=query.any_word)
    if not any(occur == Occur.Must for occur, _ in parts):
        parts.append((Occur.Must, Query.const_score_query(Query.all_query(), 1.0)))
    parts += [(Occur.Should, boost) for boost in _title_boosts(query.parsed.plain)]
    parts += [(Occur.Must, Query.const_score_query(f, 0.0)) for f in _filters(query, without_filter)]
    return Query.boolean_query(parts)


# --- what must match ---------------------------------------------------------------------------------------


def _clauses(parsed: Parsed, *, any_word: bool) -> list[tuple[Occur, Query]]:
    only_stop_words = all(_is_stop(clause) for clause in parsed.clauses)
    wanted: list[Query] = []
    parts: list[tuple[Occur, Query]] = []
    for clause in parsed.clauses:
        if clause.negated:
            parts.append((Occur.MustNot, _any([_exact_anywhere(term) for term in clause.alternatives])))
        elif _is_stop(clause) and not only_stop_words:
            # "the" and "dan" may be missing in the record; where they are, they rank.
            parts.append((Occur.Should, _word(clause.alternatives[0].words[0], "title")))
        else:
            wanted.append(_any([_term(term) for term in clause.alternatives]))
    if any_word and len(wanted) > 1:
        wanted = [_any(wanted)]
    return parts + [(Occur.Must, part) for part in wanted]


def _is_stop(clause: Clause) -> bool:
    if clause.negated or len(clause.alternatives) != 1:
        return False
    term = clause.alternatives[0]
    return len(term.words) == 1 and term.words[0] in analysis.STOP_WORDS and not (term.field or term.prefix)


def _term(term: Term) -> Query:
    """One term of the question: a number, a phrase, a beginning, or words."""
    options: list[Query] = []
    if term.numbers:
        number = Query.term_set_query(schema(), "number", list(term.numbers))
        options.append(Query.const_score_query(number, 100.0))
    if term.words and term.field != "number":
        options.append(_phrase(term.words, term.field) if term.phrase else _all_words(term))
    return _any(options)


def _all_words(term: Term) -> Query:
    whole = term.words[:-1] if term.prefix else term.words
    queries = [_word(word, term.field) for word in whole]
    if term.prefix:
        queries.append(_beginning(term.words[-1], term.field))
    if len(queries) == 1:
        return queries[0]
    together = Query.boolean_query([(Occur.Must, query) for query in queries])
    # A word with a hyphen ("al-Qur'an") is also found written as one.
    joined = "".join(term.words)
    return (
        together
        if term.prefix or len(joined) > analysis.MAX_WORD
        else _any([together, _word(joined, term.field)])
    )


def _word(word: str, field: str) -> Query:
    """One word at its best place."""
    if field:
        options = [_boosted(_exact(field, word), 5.0)]
        if field == "title":
            options += [_boosted(_loose("title_loose", form), 2.5) for form in (word, *analysis.loose(word))]
        else:
            options += [_boosted(_exact(field, form), 2.0) for form in analysis.loose(word)]
        return Query.disjunction_max_query(options, TIE)
    options = [_boosted(_exact(name, word), boost) for name, boost in EXACT.items()]
    for form in (word, *analysis.loose(word)):
        options.append(_boosted(_loose("title_loose", form), TITLE_LOOSE))
        options.append(_boosted(_loose("loose", form), LOOSE))
    return Query.disjunction_max_query(options, TIE)


def _phrase(words: Sequence[str], field: str) -> Query:
    fields = {field: 5.0} if field else EXACT
    phrases = [
        _boosted(Query.phrase_query(schema(), name, list(words)), boost) for name, boost in fields.items()
    ]  # fmt: skip
    return Query.disjunction_max_query(phrases, TIE)


def _beginning(word: str, field: str) -> Query:
    if len(word) < MIN_PREFIX:
        return _word(word, field)
    fields = {field: 5.0} if field else {"title": 5.0, "author": 4.0, "loose": LOOSE}
    found = [
        Query.const_score_query(Query.regex_query(schema(), name, f"{word}.*"), boost)
        for name, boost in fields.items()
    ]
    return Query.disjunction_max_query(found, TIE)


def _exact_anywhere(term: Term) -> Query:
    """For "-word": only what is written so, not what shares its stem."""
    fields = [term.field] if term.field and term.field != "number" else list(EXACT)
    options: list[Query] = []
    if term.numbers:
        options.append(Query.term_set_query(schema(), "number", list(term.numbers)))
    for name in fields if term.words else ():
        if term.phrase:
            options.append(Query.phrase_query(schema(), name, list(term.words)))
        elif term.prefix and len(term.words[-1]) >= MIN_PREFIX:
            options.append(Query.regex_query(schema(), name, f"{term.words[-1]}.*"))
        else:
            options.append(Query.boolean_query([(Occur.Must, _exact(name, word)) for word in term.words]))
    return _any(options)


# --- what ranks higher -------------------------------------------------------------------------------------


def _title_boosts(words: Sequence[str]) -> Iterable[Query]:
    """A question that is a whole title, its beginning, or near words of it: more than words earn singly."""
    if not words or len(words) > 20:
        return
    key = analysis.title_key(" ".join(words))
    top = 30.0 + 20.0 * len(words)
    yield Query.const_score_query(_raw("title_key", key), top)
    yield Query.const_score_query(_raw("variant_key", key), top * 0.6)
    if len(words) <= 2:  # "Science", "Tempo": the journal of that name
        serial = Query.boolean_query(
            [(Occur.Must, _raw("title_key", key)), (Occur.Must, _raw("format", _SERIAL))]
        )
        yield Query.const_score_query(serial, 8.0)
    anchored = Query.phrase_query(schema(), "title", [analysis.START, *words])
    yield Query.const_score_query(anchored, 10.0 + 5.0 * len(words))
    if len(words) > 1:
        yield Query.const_score_query(
            Query.phrase_query(schema(), "title", list(words), 2), 5.0 + 3.0 * len(words)
        )
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
        yield _raw("on_shelf", "1")


# --- small change ------------------------------------------------------------------------------------------


def _exact(field: str, word: str) -> Query:
    return Query.term_query(schema(), field, word, "position")


def _loose(field: str, word: str) -> Query:
    return Query.term_query(schema(), field, word, "freq")


def _raw(field: str, value: str) -> Query:
    return Query.term_query(schema(), field, value, "basic")


def _boosted(query: Query, boost: float) -> Query:
    return Query.boost_query(query, boost)


def _any(queries: Sequence[Query]) -> Query:
    if len(queries) == 1:
        return queries[0]
    return Query.boolean_query([(Occur.Should, query) for query in queries])
