"""What is offered while one types: titles, people and subject headings that begin so. Called by its view.

Read from the index that searches are read from, so there is nothing else to build or to keep up to date.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from catalog.folding import fold
from catalog.search.answers import Completion, SearchUnavailable
from catalog.search.engine import get_engine
from catalog.search.query import FILTERS
from catalog.selectors.completion import TitleRow, titles_of

SHOWN = {"title": 5, "author": 3, "subject": 3}
MAX_TYPED = 100


@dataclass(frozen=True, slots=True)
class Offer:
    kind: str  # title, author, subject
    text: str
    note: str  # the author of a title; of others the number of their titles
    url: str


def offers(typed: str) -> list[Offer]:
    """Titles first, the most held of them at the top. Nothing while there is no index to ask."""
    typed = " ".join(typed[:MAX_TYPED].replace("\0", " ").split()) + (" " if typed[-1:].isspace() else "")
    try:
        found = get_engine().complete(typed, limit=max(SHOWN.values()))
    except SearchUnavailable:
        return []
    return [*_titles(found), *_values(found, "author", "authors"), *_values(found, "subject", "subjects")]


def _titles(found: Sequence[Completion]) -> list[Offer]:
    """Editions of one name are one offer, which leads to all of them."""
    rows = titles_of([offer.edition_id for offer in found if offer.edition_id is not None])
    named: dict[str, list[TitleRow]] = {}
    for row in rows:
        named.setdefault(fold(row.title), []).append(row)
    search = reverse("catalog:search")
    return [
        Offer(
            "title", row.title, row.author, f"{search}?{urlencode({'q': row.title})}" if others else row.url
        )
        for row, *others in list(named.values())[: SHOWN["title"]]
    ]


def _values(found: Sequence[Completion], kind: str, filter_name: str) -> list[Offer]:
    key, search = FILTERS[filter_name], reverse("catalog:search")
    values = [offer for offer in found if offer.kind == kind][: SHOWN[kind]]
    return [Offer(kind, one.text, str(one.count), f"{search}?{urlencode({key: one.text})}") for one in values]
