"""The search box's small language: words, "phrases", -not, OR, wild*, judul:… pengarang:… tahun:1990-1999.

Called by `query.SearchQuery`. Never refuses: what it does not understand is searched for as words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from stdnum import isbn, issn

from catalog.search import analysis

MAX_TEXT = 400  # signs of a question that are read
MAX_TERMS = 24

FIELD_NAMES = {
    "title": "title", "judul": "title", "ti": "title",
    "author": "author", "pengarang": "author", "penulis": "author", "au": "author",
    "subject": "subject", "subjek": "subject", "topik": "subject", "su": "subject",
    "publisher": "publisher", "penerbit": "publisher",
    "series": "series", "seri": "series",
    "isbn": "number", "issn": "number", "number": "number", "nomor": "number",
    "year": "year", "tahun": "year",
}  # fmt: skip
_QUOTES = str.maketrans(dict.fromkeys("“”„»«", '"'))
_OR = {"OR", "ATAU", "|"}
_AND = {"AND", "DAN", "&", "+"}
_NOT = {"NOT", "BUKAN"}

_TOKEN = re.compile(r'(-?)(?:([^\W\d_]+):)?(?:"([^"]*)"?|([^\s"]+))')
_YEARS = re.compile(r"^(\d{1,4})?(-|\.\.|–)?(\d{1,4})?$")


@dataclass(frozen=True, slots=True)
class Term:
    """One thing asked for. `words` are folded; several words that are no phrase must all be there."""

    words: tuple[str, ...]
    field: str = ""  # "": anywhere
    phrase: bool = False
    prefix: bool = False  # the last word is a beginning: pang*
    numbers: tuple[str, ...] = ()  # standard numbers this may be, as number keys


@dataclass(frozen=True, slots=True)
class Clause:
    """Alternatives joined by OR; a question is clauses joined by AND."""

    alternatives: tuple[Term, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Parsed:
    clauses: tuple[Clause, ...] = ()
    year_from: int | None = None
    year_to: int | None = None
    plain: tuple[str, ...] = ()  # the words of a question without any operator: may be a whole title


def parse(text: str) -> Parsed:
    """Read a question. The whole of it may be one ISBN or ISSN written with blanks or hyphens."""
    text = (
        text[:MAX_TEXT]
        .replace("“", '"')
        .replace("”", '"')
        .replace("„", '"')
        .replace("»", '"')
        .replace("«", '"')
    )
    numbers = number_forms(text)
    if numbers:
        return Parsed(clauses=(Clause((Term((), field="number", numbers=numbers),)),))
    clauses: list[Clause] = []
    years: tuple[int | None, int | None] = (None, None)
    join_next = negate_next = False
    plain = True
    for dash, field_name, quoted, bare in _TOKEN.findall(text):
        if not field_name and not dash and bare in _OR | _AND | _NOT:
            join_next, negate_next = bare in _OR and bool(clauses), bare in _NOT
            plain = False
            continue
        field = FIELD_NAMES.get(field_name.lower(), "") if field_name else ""
        value = quoted or bare
        if field_name and not field:
            value = f"{field_name} {value}"
        if field == "year" and (span := _year_span(value)):
            years, plain = span, False
            continue
        term = _term(value, field, phrase=bool(quoted))
        if term is None:
            continue
        negated = bool(dash) or negate_next
        plain = plain and not (field or quoted or negated or term.prefix or term.numbers)
        if join_next and clauses and not negated and not clauses[-1].negated:
            clauses[-1] = Clause((*clauses[-1].alternatives, term))
        else:
            clauses.append(Clause((term,), negated))
        join_next = negate_next = False
    clauses = clauses[:MAX_TERMS]
    words = tuple(word for clause in clauses for word in clause.alternatives[0].words) if plain else ()
    return Parsed(tuple(clauses), years[0], years[1], words)


def _term(value: str, field: str, *, phrase: bool) -> Term | None:
    numbers = number_forms(value) if not phrase or field == "number" else ()
    if field == "number" and not numbers:
        key = analysis.number_key(value)
        return Term((), field, numbers=(key,)) if key else None
    prefix = not phrase and value.endswith("*")
    words = tuple(analysis.words(value))[:MAX_TERMS]
    if not words and not numbers:
        return None
    return Term(words, "" if field == "year" else field, phrase and len(words) > 1, prefix, numbers)


def number_forms(text: str) -> tuple[str, ...]:
    """The ISBN-13 and ISBN-10, or the ISSN, that a text is; () when its check digit says that it is none."""
    key = analysis.number_key(text).upper()
    if len(key) in (10, 13) and isbn.is_valid(key):
        thirteen = isbn.to_isbn13(key)
        forms = [thirteen]
        if thirteen.startswith("978"):
            forms.append(isbn.to_isbn10(thirteen))
        return tuple(form.lower() for form in forms)
    if len(key) == 8 and "-" in text and issn.is_valid(key):
        return (key.lower(),)
    return ()


def _year_span(value: str) -> tuple[int | None, int | None] | None:
    match = _YEARS.match(value.strip())
    if not match or not any(match.groups()):
        return None
    first, dash, last = match.groups()
    if not dash:
        return int(first), int(first)
    return (int(first) if first else None), (int(last) if last else None)
