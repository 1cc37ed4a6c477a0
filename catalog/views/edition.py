"""The page of one edition, and what its libraries' records say in MARC."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from catalog import selectors
from catalog.exporting.files import menu
from catalog.models import Edition
from catalog.presenters.downloads import edition_menu, record_menu
from catalog.presenters.edition import edition_view
from catalog.presenters.edition_holders import held_of, holders_of_edition
from catalog.presenters.marc import marc_views
from catalog.presenters.provenance import provenance_of
from catalog.presenters.why import why_one
from catalog.selectors.review import may_correct
from catalog.views.undo import undo_offer
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.requests import PortalRequest


@require_safe
@vary_on_headers("HX-Request")
def edition_page(request: PortalRequest, pk: int) -> HttpResponse:
    edition = _current(pk)
    if edition.pk != pk:
        return _moved("catalog:edition", edition.pk)
    near = request.actor.library_id
    if request.htmx.target == "holders" and not request.htmx.history_restore_request:
        holders = holders_of_edition(edition, held_of(edition, near), request.GET)
        return render(request, "catalog/_edition_holdings.html", {"holders": holders, "edition": edition})
    view = edition_view(edition, near_library_id=near, asked=request.GET)
    may_see_why = request.actor.can(Capability.SOURCE_VIEW)
    context = {
        "view": view, "may_see_why": may_see_why, "provenance": provenance_of(edition, in_full=may_see_why),
        "downloads": edition_menu(edition) if may_see_why and edition.record_count else [],
        "may_correct": may_correct(request.actor, edition), "undo": undo_offer(request),
        "take_menu": menu(), "take_rest": f"&edition={edition.pk}",
    }  # fmt: skip
    return render(request, "catalog/edition.html", context)


@require_safe
def edition_marc(request: PortalRequest, pk: int) -> HttpResponse:
    edition = _current(pk)
    if edition.pk != pk:
        return _moved("catalog:edition_marc", edition.pk)
    records = marc_views(edition)
    if request.actor.can(Capability.SOURCE_VIEW):
        near = request.actor.library_id
        records = [replace(view, downloads=record_menu(view.record, near)) for view in records]
    return render(request, "catalog/edition_marc.html", {"edition": edition, "records": records})


@capability_required(Capability.SOURCE_VIEW)
@require_safe
def edition_why(request: PortalRequest, pk: int) -> HttpResponse:
    edition = _current(pk)
    if edition.pk != pk:
        return _moved("catalog:edition_why", edition.pk)
    return render(request, "catalog/edition_why.html", {"why": why_one(edition)})


def _current(pk: int) -> Edition:
    try:
        return selectors.edition_current(pk)
    except Edition.DoesNotExist:
        raise Http404 from None


def _moved(page: str, pk: int) -> HttpResponse:
    """Where the number leads now. Browsers ask again each time: what was joined may come apart."""
    response = redirect(page, pk, permanent=True)
    response["Cache-Control"] = "no-cache"
    return response
