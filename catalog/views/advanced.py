"""The advanced form: several lines and filters, sent on to the search page as one question of its language."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from catalog.forms.advanced import FIELD_LABELS, JOIN_LABELS, MODE_LABELS, lines_typed, query_typed
from catalog.search import notes
from catalog.search.answers import SearchUnavailable
from catalog.search.facets import Facet
from catalog.search.page import search_url, values_page
from catalog.search.query import FILTERS, SearchQuery
from network_portal.core.requests import PortalRequest

FILTERS_OFFERED = ("formats", "languages", "libraries")


@require_safe
def search_advanced(request: PortalRequest) -> HttpResponse:
    """`go`: lead to the results; `see`: only show the question as it would be asked."""
    query = query_typed(request.GET)
    if "go" in request.GET:
        return redirect(search_url(query))
    try:
        filters = [_filter(request, query, name) for name in FILTERS_OFFERED]
    except SearchUnavailable:
        filters = []
    context = {
        "lines": lines_typed(request.GET),
        "fields": FIELD_LABELS.items(),
        "modes": MODE_LABELS.items(),
        "joins": JOIN_LABELS.items(),
        "filters": filters,
        "query": query,
        "notes": notes.sentences(query.parsed),
    }
    response = render(request, "catalog/search_advanced.html", context)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _filter(request: PortalRequest, query: SearchQuery, name: str) -> Facet:
    """All values there are, whatever is asked: the question may still change."""
    alone = SearchQuery(**{name: getattr(query, name)})
    return values_page(alone, FILTERS[name], "", near_library_id=request.actor.library_id)
