"""Standard numbers in a question, however they are typed: ISBN, ISSN and DOI. For `grammar`; no Django."""

from __future__ import annotations

import re

from stdnum import isbn, issn

from catalog.search import analysis

_DOI = re.compile(
    r"(?:https?://(?:dx\.)?doi\.org/|\bdoi\s*:\s*\"?|\bdoi\s+)?(?<![\w.])(10\.\d{4,9}/[^\s\"]+)\"?", re.I
)
_LABELLED = re.compile(
    r"(?<![\w-])(?:[ep]-?)?(isbn|issn)(?:[- ]?(?:1[03]|l))?(?: *[:.] *| +)(?=[\dx])(\d[\d –‐‑-]{5,17}[\dx])(?![\w])",
    re.I,
)
_ISBN = re.compile(r"(?<![\w:.-])((?:97[89][ –‐‑-]?)?(?:\d[ –‐‑-]?){9}[\dxX])(?![\w-])")
_DASHES = re.compile("[–‐‑]")


def labelled(text: str) -> str:
    """The text with each number in it as one word with its field, so that blanks no longer take it apart."""
    text = _DOI.sub(lambda found: f' doi:"{found[1]}" ', text)
    text = _LABELLED.sub(lambda found: f" {found[1].lower()}:{_compact(found[2])} ", text)
    return _ISBN.sub(lambda found: f" {_compact(found[1])} " if forms(found[1]) else found[0], text)


def _compact(number: str) -> str:
    return re.sub(r"\s", "", _DASHES.sub("-", number))


def forms(text: str) -> tuple[str, ...]:
    """The ISBN-13 and ISBN-10, or the ISSN, that a text is; () when its check digit says that it is none."""
    key = analysis.number_key(text).upper()
    if len(key) in (10, 13) and isbn.is_valid(key):
        thirteen = isbn.to_isbn13(key)
        found = [thirteen]
        if thirteen.startswith("978"):
            found.append(isbn.to_isbn10(thirteen))
        return tuple(form.lower() for form in found)
    if len(key) == 8 and "-" in text and issn.is_valid(key):
        return (key.lower(),)
    return ()


def is_mistyped(text: str) -> bool:
    """Whether it has the look of an ISBN and its check digit says that a digit is wrong."""
    key = analysis.number_key(text)
    return bool(re.fullmatch(r"97[89]\d{10}", key)) and not isbn.is_valid(key)
