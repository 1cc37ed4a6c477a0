"""The place in a record that a question was found in, where title and author do not show it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from catalog.models import Edition
from catalog.search import highlight
from catalog.search.grammar import Parsed
from catalog.search.highlight import Part, Terms

ROUND = 70  # signs before and after the first word that was found
# Where to look, the most telling first: key of the description -> field of a question.
_PLACES = (
    ("variant_titles", "title"), ("subjects", "subject"), ("series", "series"), ("summary", "rest"),
    ("contents", "rest"), ("notes", "rest"), ("responsibility", "author"), ("publisher", "publisher"),
)  # fmt: skip


def terms_by_field(parsed: Parsed) -> dict[str, Terms]:
    """What `snippet` looks for in each field, once for a whole page."""
    return {field: highlight.terms_of(parsed, field) for field in {field for _key, field in _PLACES}}


def snippet(edition: Edition, terms: Mapping[str, Terms]) -> list[Part]:
    """A few words around the first that was asked for; for editions whose title and author bear none."""
    display: dict[str, Any] = edition.display or {}
    for key, field in _PLACES:
        for text in _texts(display.get(key)):
            parts = highlight.mark(text, terms[field])
            if has_mark(parts):
                return _cut(parts)
    return []


def _texts(value: Any) -> Iterator[str]:
    for text in value if isinstance(value, list) else [value]:
        if isinstance(text, str) and text:
            yield text


def has_mark(parts: list[Part]) -> bool:
    return any(part.marked for part in parts)


def _cut(parts: list[Part]) -> list[Part]:
    """From a little before the first mark to a little after it, at blanks."""
    first = next(place for place, part in enumerate(parts) if part.marked)
    before = "".join(part.text for part in parts[:first])
    if len(before) > ROUND:
        before = "… " + before[-ROUND:].partition(" ")[2]
    cut, left = [Part(before, False)] if before else [], ROUND
    for part in parts[first:]:
        if part.marked:
            cut.append(part)
            continue
        if len(part.text) > left:
            cut.append(Part(part.text[:left].rpartition(" ")[0] + " …", False))
            break
        cut.append(part)
        left -= len(part.text)
    return cut
