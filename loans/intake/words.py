"""From the words of a search that did not find it to the beginning of a description. No database."""

from __future__ import annotations

import re

from loans.citation import Citation
from loans.intake.numbers import recognise

LONGEST = 400  # as the search reads them
# As the search understands them: title:bumi, author:"toer pramoedya"; Indonesian names of the fields, too.
FIELDS = {"title": "title", "judul": "title", "author": "author", "pengarang": "author"}
_FIELD = re.compile(r'([a-z]+):("[^"]*"|\S+)', re.IGNORECASE)
_NOISE = re.compile(r'(?:^|\s)-\S+|\b(?:AND|OR|NOT)\b|["()*]')


def citation_from_words(text: str) -> Citation:
    """Its numbers, if it carries any; else what was searched as author is the author, and the rest the title."""
    text = text[:LONGEST]
    numbers = recognise(text)
    if numbers:
        return Citation.of(numbers)
    found: dict[str, list[str]] = {"title": [], "author": []}

    def taken(match: re.Match[str]) -> str:
        field = FIELDS.get(match.group(1).lower())
        if field:
            found[field].append(match.group(2).strip('"'))
        return " "

    rest = _NOISE.sub(" ", _FIELD.sub(taken, text))
    return Citation.of({"title": " ".join([*found["title"], rest]), "author": " ".join(found["author"])})
