"""The search page: a plain GET form; htmx asks for the part that changes."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog.presenters.search import SORT_LABELS, search_title
from catalog.search import search
from catalog.search.engine import SearchUnavailable
from catalog.search.page import search_url
from catalog.search.query import PER_PAGE, SearchQuery
from network_portal.core.requests import PortalRequest


@require_safe
def search_page(request: PortalRequest) -> HttpResponse:
    query = SearchQuery.from_params(request.GET)
    is_part = bool(request.htmx) and not request.htmx.history_restore_request
    context = {"sorts": SORT_LABELS, "sizes": PER_PAGE, "is_part": is_part, **_answer(request, query)}
    if is_part:
        response = render(request, "catalog/_results.html", context)
        response["HX-Push-Url"] = search_url(context["query"])
    else:
        # A part is shown whatever its status says; a page that has nothing to show must not be taken for an answer.
        response = render(request, "catalog/search.html", context, status=200 if context["found"] else 503)
    if query.is_filtered or query.page > 1 or query.sort != "relevance":
        # Filtered pages are endless: robots that obey stay out of them.
        response["X-Robots-Tag"] = "noindex, nofollow"
    patch_vary_headers(response, ["HX-Request"])
    return response


def _answer(request: PortalRequest, query: SearchQuery) -> dict[str, Any]:
    try:
        found = search(query, near_library_id=request.actor.library_id)
    except SearchUnavailable:
        title = _("Search is being prepared")
        return {"found": None, "query": query, "page_title": title, "retry_url": search_url(query)}
    first_page = found.query.with_()
    return {
        "found": found,
        "query": found.query,
        "page_title": search_title(found),
        # Addresses that keep the question and change one thing.
        "clear_url": search_url(found.query.without_filters()),
        "page_query": first_page.to_querystring(),
        "order_params": [(k, v) for k, v in first_page.to_params() if k not in ("sort", "per_page")],
    }
