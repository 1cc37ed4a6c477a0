"""The tree of a question as Tantivy queries that find without ranking. For `tantivy_query`.

The field "loose" holds every word of a record and every form that it may be found by, so that one look there says
whether a word is in it; the fields of titles, names and so on are asked only where the question names them.
"""

from __future__ import annotations

from collections.abc import Sequence

from tantivy import FieldType, Occur, Query

from catalog.search import analysis
from catalog.search.nodes import Group, Node, Not, Term
from catalog.search.tantivy_schema import schema

# Where a word is worth how much. Title before author before subject before the rest.
EXACT = {"title": 5.0, "author": 4.0, "subject": 2.0, "series": 1.5, "publisher": 1.0, "rest": 1.0}
_REGEX_SIGNS = frozenset("\\.+*?()|[]{}^$")
Part = tuple[Occur, Query]


def matching(root: Group, *, any_word: bool = False) -> list[Part]:
    """What must be there and what must not. With `any_word` one of those that must be there is enough."""
    parts = _parts(root, written=False)
    wanted = [query for occur, query in parts if occur == Occur.Must]
    if any_word and len(wanted) > 1:
        parts = [part for part in parts if part[0] != Occur.Must] + [(Occur.Must, _any(wanted))]
    return parts


def _parts(group: Group, *, written: bool) -> list[Part]:
    only_stop_words = all(_is_stop(part) for part in group.parts)
    parts: list[Part] = []
    for part in group.parts:
        if isinstance(part, Not):
            # What is not wanted is left out only where it is written so, not where something shares its stem.
            parts.append((Occur.MustNot, _node(part.part, written=True)))
        elif only_stop_words or not _is_stop(part):
            # "the" and "dan" may be missing in the record.
            parts.append((Occur.Must, _node(part, written=written)))
    return parts


def _is_stop(node: Node) -> bool:
    return (
        isinstance(node, Term) and len(node.words) == 1 and node.words[0] in analysis.STOP_WORDS
        and not (node.field or node.prefix)
    )  # fmt: skip


def _node(node: Node, *, written: bool) -> Query:
    if isinstance(node, Term):
        return _term(node, written=written)
    if isinstance(node, Not):
        return _all([(Occur.MustNot, _node(node.part, written=True))])
    if node.any_of:
        return _any([_node(part, written=written) for part in node.parts])
    return _all(_parts(node, written=written))


def _term(term: Term, *, written: bool) -> Query:
    if term.field == "year":
        return Query.range_query(schema(), "year", FieldType.Integer, *term.years)
    if term.codes:
        return Query.term_set_query(schema(), term.field, list(term.codes))
    if term.field == "call_number":
        return Query.regex_query(schema(), "call_number", _literal(term.words[0]) + ".*")
    options: list[Query] = []
    if term.numbers:
        options.append(Query.term_set_query(schema(), "number", list(term.numbers)))
    if term.pattern:
        options.append(Query.regex_query(schema(), term.field or "loose", term.pattern))
    elif term.words and term.phrase:
        options += [phrase(name, term) for name in ([term.field] if term.field else EXACT)]
    elif term.words:
        options.append(_words(term, written=written))
    return _any(options)


def _words(term: Term, *, written: bool) -> Query:
    whole = term.words[:-1] if term.prefix else term.words
    queries = [_word(word, term.field, written=written) for word in whole]
    if term.prefix:
        queries.append(Query.regex_query(schema(), term.field or "loose", f"{term.words[-1]}.*"))
    together = _all([(Occur.Must, query) for query in queries])
    # A word with a hyphen ("al-Qur'an") is also found written as one.
    if len(queries) == 1 or term.prefix or not (joined := joined_word(term)):
        return together
    return _any([together, _word(joined, term.field, written=written)])


def _word(word: str, field: str, *, written: bool) -> Query:
    if written:
        return _any([exact(name, word) for name in ([field] if field else EXACT)])
    name = {"": "loose", "title": "title_loose"}.get(field, field)
    forms = [word, *analysis.loose(word)]
    return _any([exact(name, form) if name in EXACT else loose(name, form) for form in forms])


# --- small change ------------------------------------------------------------------------------------------


def joined_word(term: Term) -> str:
    """A word with a hyphen written as one; "" where it would be too long."""
    joined = "".join(term.words)
    return joined if len(joined) <= analysis.MAX_WORD else ""


def phrase(field: str, term: Term) -> Query:
    if term.prefix:
        return Query.phrase_prefix_query(schema(), field, list(term.words))
    return Query.phrase_query(schema(), field, list(term.words), term.slop)


def exact(field: str, word: str) -> Query:
    return Query.term_query(schema(), field, word, "position")


def loose(field: str, word: str) -> Query:
    return Query.term_query(schema(), field, word, "freq")


def raw(field: str, value: str) -> Query:
    return Query.term_query(schema(), field, value, "basic")


def _literal(text: str) -> str:
    return "".join(f"\\{sign}" if sign in _REGEX_SIGNS else sign for sign in text)


def _all(parts: list[Part]) -> Query:
    if len(parts) == 1 and parts[0][0] == Occur.Must:
        return parts[0][1]
    if not any(occur == Occur.Must for occur, _query in parts):
        parts = [*parts, (Occur.Must, Query.all_query())]
    return Query.boolean_query(parts)


def _any(queries: Sequence[Query]) -> Query:
    if len(queries) == 1:
        return queries[0]
    return Query.boolean_query([(Occur.Should, query) for query in queries])
