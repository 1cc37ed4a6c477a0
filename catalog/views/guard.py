"""Keeps search pages quick for readers while somebody's program asks for very many: `guarded` stands before them.

Filters can be combined without end and each combination costs the engine work. So few run at once for one address and
for one question, and programs do not get deep combinations at all. Terms of use for them: docs/browsing.md.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from ipaddress import ip_network
from typing import TypeVar, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from catalog.search.query import FILTERS, SearchQuery
from network_portal.core.crawlers import is_crawler
from network_portal.core.crowding import at_once, crowd_key
from network_portal.core.ratelimit import TooManyRequests, address_of

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

MOST_OF_CRAWLERS = 1  # filters in an address; more leads crawlers around in circles
MOST_OF_STRANGERS = 3  # who come from nowhere and carry nothing: a link in a mail, or a program
CRAWLER_RETURNS = 24 * 3600
# At once, for one address or person. The server has eight threads unless told otherwise (gunicorn_conf.py).
PLAIN, FILTERED, STRANGER = 12, 6, 1
SAME_QUESTION = 8


def guarded(view: View) -> View:
    """Decorator of a page that searches. 429 for crowds and crawlers, a page that asks back for strangers."""

    @wraps(view)
    def inner(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not settings.RATE_LIMITS:
            return view(request, *args, **kwargs)
        query = SearchQuery.from_params(request.GET)
        filters = filters_of(query)
        if filters > MOST_OF_CRAWLERS and is_crawler(request):
            raise TooManyRequests(CRAWLER_RETURNS)
        known = comes_from_here(request)
        if filters > MOST_OF_STRANGERS and not known:
            return _ask_back(request, query)
        with at_once(_limits(request, query, filters, known)):
            return view(request, *args, **kwargs)

    return cast(View, inner)


def filters_of(query: SearchQuery) -> int:
    """How many values are chosen, over all filters."""
    single = (query.year_from or query.year_to, query.available)
    return sum(len(getattr(query, name)) for name in FILTERS) + sum(map(bool, single))


def comes_from_here(request: HttpRequest) -> bool:
    """Somebody who was on a page of the portal before: brings a cookie, or says from which page they come."""
    if request.COOKIES or request.headers.get("Sec-Fetch-Site") == "same-origin":
        return True
    return urlsplit(request.headers.get("Referer", "")).netloc == request.get_host()


def _limits(request: HttpRequest, query: SearchQuery, filters: int, known: bool) -> dict[str, int]:
    at_once_of = (FILTERED if known else STRANGER) if filters else PLAIN
    kind = "filtered" if filters else "plain"
    return {
        crowd_key(f"search-{kind}", _who(request)): at_once_of,
        crowd_key("question", query.to_querystring()): SAME_QUESTION,
    }


def _who(request: HttpRequest) -> str:
    """A person, else an address; of IPv6 the network, as one computer has millions of addresses there."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return f"u{user.pk}"
    address = address_of(request)
    try:
        return str(ip_network(f"{address}/64", strict=False)) if ":" in address else address
    except ValueError:
        return address


def _ask_back(request: HttpRequest, query: SearchQuery) -> HttpResponse:
    """The way on is a form: people press its button, and come from here then."""
    context = {"params": query.to_params(), "text": query.text}
    response = render(request, "catalog/search_door.html", context)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "no-store"
    return response
