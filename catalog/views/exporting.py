"""Taking titles along: all that a search finds, or those that were ticked, as a file. For everybody."""

from __future__ import annotations

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from catalog.exporting import files
from catalog.search import found_ids
from catalog.search.answers import SearchUnavailable
from catalog.search.page import search_url
from catalog.search.query import SearchQuery
from network_portal.core.requests import PortalRequest

MOST = 500  # ticked at once


@require_safe
def export(request: PortalRequest) -> HttpResponseBase:
    """`edition` as often as wanted, else the question of the address; `as` names the format."""
    query = SearchQuery.from_params(request.GET)
    chosen = [int(pk) for pk in request.GET.getlist("edition")[:MOST] if pk.isdecimal() and len(pk) < 19]
    try:
        ids = chosen or found_ids(query)
    except SearchUnavailable:
        return render(request, "catalog/download_failed.html", {"reason": "search"}, status=503)
    if not ids:
        return redirect(search_url(query))
    return export_answer(request, ids, f"jejaring-{len(ids)}")


def export_answer(request: PortalRequest, ids: list[int], name: str) -> HttpResponseBase:
    try:
        return files.answer(
            request.GET.get("as", "ris"), ids, name=name, address=request.build_absolute_uri
        )  # fmt: skip
    except KeyError:
        raise Http404 from None
