"""RSS and Atom: what is new of any search, of a library, of the network. For everybody, by Django's syndication."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog.models import Edition
from catalog.presenters.saved import in_words
from catalog.search.answers import SearchUnavailable
from catalog.search.engine import get_engine
from catalog.search.languages import language_name
from catalog.search.page import search_url
from catalog.search.query import SearchQuery
from catalog.selectors.browsing import new_titles
from catalog.selectors.saved import editions_in
from members.access import access_public_library
from members.models import Library
from network_portal.core.requests import PortalRequest

TITLES = 50
Told = tuple[Edition, datetime]  # a title, and when it came
KINDS = {"rss": Rss201rev2Feed, "atom": Atom1Feed}


class _Titles(Feed):
    """What an entry says of a title, and what both feeds have in common."""

    def get_object(self, request: HttpRequest, about: Any) -> Any:
        self.address = request.get_full_path()
        return about

    def feed_url(self, about: Any) -> str:
        return self.address

    def item_link(self, item: Told) -> str:
        return item[0].get_absolute_url()

    def item_title(self, item: Told) -> str:
        return item[0].full_title

    def item_description(self, item: Told) -> str:
        edition = item[0]
        language = language_name(edition.language) if edition.language else ""
        facts = [edition.author, edition.publisher, str(edition.year or ""), language]
        return " · ".join(fact for fact in (*facts, *edition.display.get("subjects", [])[:5]) if fact)

    def item_author_name(self, item: Told) -> str:
        return item[0].author

    def item_pubdate(self, item: Told) -> datetime:
        return item[1]

    def item_updateddate(self, item: Told) -> datetime:
        return max(item[0].changed_at, item[1])


class OfSearch(_Titles):
    """The newest titles that a question finds, by when they came into the network."""

    def title(self, query: SearchQuery) -> str:
        return _("New titles: %(search)s") % {"search": in_words(query)}

    def description(self, query: SearchQuery) -> str:
        return _("The %(count)s titles that came into the network last and fit this search.") % {
            "count": TITLES
        }

    subtitle = description

    def link(self, query: SearchQuery) -> str:
        return search_url(query.with_(sort="added"))

    def items(self, query: SearchQuery) -> list[Told]:
        ids = get_engine().search(query.with_(sort="added", per_page=TITLES), facets=False).ids
        found = editions_in(ids)
        return [(found[pk], found[pk].created_at) for pk in ids if pk in found]


class OfLibrary(_Titles):
    """What came last to one library, or to the network as a whole (None)."""

    def title(self, library: Library | None) -> str:
        return _("New titles: %(search)s") % {"search": library.name if library else _("the whole network")}

    def description(self, library: Library | None) -> str:
        return _("The %(count)s titles that came last.") % {"count": TITLES}

    subtitle = description

    def link(self, library: Library | None) -> str:
        return reverse("catalog:new_titles") + (f"?library={library.short_code}" if library else "")

    def items(self, library: Library | None) -> list[Told]:
        rows = new_titles(library, size=TITLES).rows
        return [(edition, row.seen_at) for row, edition in rows if edition.merged_into_id is None]


@require_safe
def feed(request: PortalRequest, kind: str) -> HttpResponse:
    """Of the question in the address, as on the search page."""
    return _answer(request, OfSearch(), SearchQuery.from_params(request.GET).with_(), kind)


@require_safe
def network_feed(request: PortalRequest, kind: str) -> HttpResponse:
    return _answer(request, OfLibrary(), None, kind)


@require_safe
def library_feed(request: PortalRequest, code: str, kind: str) -> HttpResponse:
    return _answer(request, OfLibrary(), access_public_library(request.actor, code), kind)


def _answer(
    request: PortalRequest, made: _Titles, about: SearchQuery | Library | None, kind: str
) -> HttpResponse:
    if kind not in KINDS:
        raise Http404
    made.feed_type = KINDS[kind]
    try:
        response: HttpResponse = made(request, about=about)
    except SearchUnavailable:
        return HttpResponse(_("Search is being prepared"), status=503, headers={"Retry-After": "300"})
    response["X-Robots-Tag"] = "noindex"
    return response
