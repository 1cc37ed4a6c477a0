"""Links that ask a question again in the catalogues outside the network."""

from __future__ import annotations

from dataclasses import dataclass

from catalog.search.nodes import Term, positive_terms
from catalog.search.query import SearchQuery
from catalog.selectors.outside import outside_catalogues


@dataclass(frozen=True)
class OutsideLink:
    name: str
    url: str


def outside_links(query: SearchQuery) -> list[OutsideLink]:
    """[] where nothing was asked in words."""
    text = plain_text(query)
    if not text:
        return []
    return [OutsideLink(catalogue.name, catalogue.link(text)) for catalogue in outside_catalogues()]


def plain_text(query: SearchQuery) -> str:
    """What is asked for without the signs of our own language, which others do not read."""
    parsed = query.parsed
    if parsed.plain:
        return query.text
    return " ".join(filter(None, (_plain(term) for term in positive_terms(parsed.root))))


def _plain(term: Term) -> str:
    if term.numbers:
        return term.numbers[0]
    text = " ".join(term.words)
    return f'"{text}"' if term.phrase else text
