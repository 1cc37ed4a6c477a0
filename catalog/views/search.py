"""The search page: a plain GET form; htmx asks for the part that changes."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog.exporting.files import menu
from catalog.presenters.downloads import list_menu
from catalog.presenters.outside import outside_links
from catalog.presenters.search import only_edition, search_title, sorts_for
from catalog.search import search
from catalog.search.answers import SearchUnavailable
from catalog.search.page import search_url, values_page
from catalog.search.query import PER_PAGE, SearchQuery
from catalog.usage.note import note_search
from members.permissions import Capability
from network_portal.core.requests import PortalRequest


@require_safe
def search_page(request: PortalRequest) -> HttpResponse:
    query = SearchQuery.from_params(request.GET)
    is_part = bool(request.htmx) and not request.htmx.history_restore_request
    if not is_part and any(name.startswith("in-") for name in request.GET):
        return redirect(
            search_url(query)
        )  # the parts of names that one looks values through by are no question
    answer = _answer(request, query)
    if not is_part and "list" not in request.GET and (url := only_edition(answer["found"])):
        return redirect(url)  # an ISBN, ISSN or DOI names one edition
    context = {"sorts": sorts_for(request.actor), "sizes": PER_PAGE, "is_part": is_part, **answer}
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


@require_safe
def search_values(request: PortalRequest, key: str) -> HttpResponse:
    """All values of one filter for the question in the address, looked through by a part of their names.

    `in-<key>` is the part. A page of its own; htmx asks for the list alone, to show it in its place.
    """
    query = SearchQuery.from_params(request.GET)
    sought = request.GET.get(f"in-{key}", "").strip()[:100]
    try:
        facet = values_page(query, key, sought, near_library_id=request.actor.library_id)
    except KeyError:
        raise Http404 from None
    except SearchUnavailable:
        return redirect(search_url(query))
    other = [(name, value) for name, value in query.with_().to_params() if name != key]
    context = {
        "facet": facet,
        "query": query,
        "sought": sought,
        "other_params": other,
        "back": search_url(query),
    }
    page = "catalog/_facet_values.html" if request.htmx else "catalog/search_values.html"
    response = render(request, page, context)
    response["X-Robots-Tag"] = "noindex, nofollow"
    patch_vary_headers(response, ["HX-Request"])
    return response


def _answer(request: PortalRequest, query: SearchQuery) -> dict[str, Any]:
    try:
        found = search(query, near_library_id=request.actor.library_id)
    except SearchUnavailable:
        title = _("Search is being prepared")
        return {"found": None, "query": query, "page_title": title, "retry_url": search_url(query)}
    note_search(request, query, found.total)
    first_page = found.query.with_()
    may_download = bool(found.total) and request.actor.can(Capability.SOURCE_VIEW)
    return {
        "take_menu": menu(),
        "take_rest": f"&{asked}" if (asked := first_page.to_querystring()) else "",
        "downloads": list_menu(found.query) if may_download else [],
        "found": found,
        "query": found.query,
        "outside": outside_links(found.query),
        "page_title": search_title(found),
        # Addresses that keep the question and change one thing.
        "clear_url": search_url(found.query.without_filters()),
        "page_query": first_page.to_querystring(),
        "order_params": [(k, v) for k, v in first_page.to_params() if k not in ("sort", "per_page")],
    }
