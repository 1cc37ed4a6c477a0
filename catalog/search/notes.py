"""What of a question was not understood, as sentences for the reader. Called by the search page and the API."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from catalog.search.grammar import MAX_DEPTH, MAX_TERMS, MIN_PREFIX, Parsed
from catalog.search.nodes import Note
from catalog.search.query import SearchQuery

_SENTENCES: dict[str, Callable[[], str]] = {
    "field": lambda: _("“%(text)s:” is not a field; it was searched for as a word."),
    "alone": lambda: _("“%(text)s” has nothing to join here and was left out."),
    "parenthesis": lambda: _("A parenthesis lacks its partner; it was closed where it seemed right."),
    "quote": lambda: _("A quotation mark lacks its partner; the phrase was taken to go on to the end."),
    "too_long": lambda: _("The question is very long; only its first %(limit)s words were searched for."),
    "too_deep": lambda: _("Parentheses more than %(depth)s deep were left out."),
    "short_star": lambda: _("“%(text)s” is too short: a beginning needs %(letters)s letters before the *."),
    "leading_star": lambda: _("“%(text)s”: a * cannot stand at the beginning of a word and was left out."),
    "star": lambda: _("“%(text)s”: the * was left out; it needs %(letters)s letters before it."),
    "check_digit": lambda: _("%(text)s looks like an ISBN, but a digit in it must be wrong."),
    "year": lambda: _("“%(text)s” is not a year, such as 2010, 2010-2015 or -1990; it was searched for as a word."),
    "number": lambda: _("“%(text)s” is not a number; it was searched for as a word."),
    "language": lambda: _("No language is called “%(text)s”; it was searched for as a word."),
    "format": lambda: _("No format is called “%(text)s”; it was searched for as a word."),
    "library": lambda: _("No library is called “%(text)s”; it was searched for as a word."),
    "call_number": lambda: _("“%(text)s” is not a call number; it was searched for as a word."),
}  # fmt: skip


def sentence(note: Note) -> str:
    values = {"text": note.text, "limit": MAX_TERMS, "depth": MAX_DEPTH, "letters": MIN_PREFIX}
    return _SENTENCES[note.code]() % values


def sentences(parsed: Parsed) -> list[str]:
    """Empty where all was understood. What was searched for instead is `parsed.shown`."""
    return [sentence(note) for note in parsed.notes]


def of_filters(query: SearchQuery) -> list[str]:
    """The same for what was written into the filters."""
    told = _("“%(text)s” is not a year, such as 2010; it was left out.")
    return [told % {"text": text} for text in query.odd_years]
