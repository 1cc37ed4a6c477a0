"""A question in words, and its addresses: the page, and the feeds of what is new."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.models import SavedSearch
from catalog.search.facets import chips_of
from catalog.search.page import search_url
from catalog.search.places import Places
from catalog.search.query import SearchQuery


@dataclass(frozen=True)
class SavedView:
    row: SavedSearch
    told: str
    url: str
    rss: str
    atom: str


def saved_views(rows: Iterable[SavedSearch]) -> list[SavedView]:
    places = Places(None)
    return [_view(row, places) for row in rows]


def _view(row: SavedSearch, places: Places) -> SavedView:
    query = SearchQuery.from_params(QueryDict(row.query))
    rss, atom = feed_urls(query)
    return SavedView(row, in_words(query, places), search_url(query), rss, atom)


def in_words(query: SearchQuery, places: Places | None = None) -> str:
    """What is asked, then each filter."""
    told = [_("“%(text)s”") % {"text": query.text}] if query.text else []
    told += [chip.label for chip in chips_of(query, places or Places(None), search_url)]
    return " · ".join(told) or _("All titles")


def feed_urls(query: SearchQuery) -> tuple[str, str]:
    """RSS and Atom. In which order the page shows its hits makes no difference to them."""
    text = SearchQuery.with_(query, sort="relevance", per_page=20).to_querystring()
    rest = f"?{text}" if text else ""
    return reverse("catalog:feed", args=["rss"]) + rest, reverse("catalog:feed", args=["atom"]) + rest
