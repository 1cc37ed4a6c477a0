"""The signs and words of a question, one after the other. For `grammar`; no Django."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from catalog.search import numbers

FIELD_NAMES = {
    "title": "title", "judul": "title", "ti": "title",
    "author": "author", "pengarang": "author", "penulis": "author", "au": "author",
    "subject": "subject", "subjek": "subject", "topik": "subject", "topic": "subject", "su": "subject",
    "tajuk": "subject",
    "publisher": "publisher", "penerbit": "publisher",
    "series": "series", "seri": "series",
    "isbn": "number", "issn": "number", "doi": "number", "number": "number", "nomor": "number",
    "year": "year", "tahun": "year", "thn": "year",
    "language": "language", "bahasa": "language", "lang": "language",
    "library": "library", "perpustakaan": "library", "perpus": "library",
    "format": "format", "jenis": "format", "bentuk": "format", "type": "format",
    "callnumber": "call_number", "panggil": "call_number", "call": "call_number",
    "contents": "rest", "isi": "rest", "catatan": "rest", "notes": "rest",
    "keyword": "", "all": "", "semua": "", "katakunci": "",
}  # fmt: skip
OPERATORS = {
    "OR": "or", "ATAU": "or", "|": "or", "||": "or",
    "AND": "and", "DAN": "and", "&": "and", "&&": "and", "+": "and",
    "NOT": "not", "BUKAN": "not", "TANPA": "not",
}  # fmt: skip
_INDONESIAN = {"ATAU", "DAN", "BUKAN", "TANPA"}

# Names of two words, years with blanks around their dash.
_NAMES = (
    (
        re.compile(r"\b(?:nomor|no\.?) panggil\s*:|\b(?:call (?:number|no\.?)|shelf ?mark)\s*:", re.I),
        "panggil:",
    ),
    (re.compile(r"\b(?:kata kunci)\s*:", re.I), "keyword:"),
)
_YEARS = re.compile(
    r"\b(year|tahun|thn)\s*:\s*([<>]=?)?\s*(\d{1,4})(?:\s*(?:-|–|—|\.\.+|s/d|sd)\s*(\d{1,4}))?(?!\w)", re.I
)
_QUOTES = str.maketrans(dict.fromkeys("“”„»«‟＂", '"'))
_TOKEN = re.compile(
    r"(?P<close>\))|(?P<sign>[-+](?![-\s]))?(?:(?P<field>[^\W\d_]+):)?"
    r"(?:(?P<open>\()|\"(?P<quoted>[^\"]*)(?P<end>\"?)(?:~(?P<slop>\d{1,2}))?(?P<star>\*?)|(?P<bare>[^\s\"()]+))"
)


@dataclass(frozen=True, slots=True)
class Token:
    kind: str  # open, close, or, and, not, field (without a value), value
    value: str = ""
    field: str = ""  # as typed
    negated: bool = False
    quoted: bool = False
    closed: bool = True  # the quotation has its end
    slop: int = 0


def tokens(text: str) -> Iterator[Token]:
    text = _tidied(text)
    shouted = _is_shouted(text)
    first = True
    for found in _TOKEN.finditer(text):
        token = _token(found)
        operator = OPERATORS.get(token.value, "") if token.kind == "value" and _is_bare(token) else ""
        # In a title typed in capitals, "DAN" is a word of it: BUKAN PASAR MALAM.
        if operator and not (shouted and (first or token.value in _INDONESIAN)):
            token = Token(operator, token.value)
        first = False
        yield token


def _tidied(text: str) -> str:
    text = text.translate(_QUOTES)
    for name, short in _NAMES:
        text = name.sub(short, text)
    return numbers.labelled(_YEARS.sub(_year, text))


def _year(found: re.Match[str]) -> str:
    name, sign, first, last = found.groups()
    if sign:
        step = 0 if "=" in sign else 1
        return f"{name}:{int(first) + step}-" if sign[0] == ">" else f"{name}:-{max(int(first) - step, 0)}"
    return f"{name}:{first}-{last}" if last else found[0]


def _is_shouted(text: str) -> bool:
    plain = not any(sign in text for sign in '"():')
    return plain and text.isupper() and len(text.split()) > 1


def _token(found: re.Match[str]) -> Token:
    if found["close"]:
        return Token("close")
    field, negated = found["field"] or "", found["sign"] == "-"
    if found["open"]:
        return Token("open", field=field, negated=negated)
    bare = found["bare"]
    if bare is None:
        value = found["quoted"] + found["star"]
        return Token("value", value, field, negated, True, bool(found["end"]), int(found["slop"] or 0))
    if not field and bare.endswith(":") and bare[:-1].lower() in FIELD_NAMES:
        return Token("field", bare, bare[:-1])
    return Token("value", bare, field, negated)


def _is_bare(token: Token) -> bool:
    return not (token.field or token.negated or token.quoted)
