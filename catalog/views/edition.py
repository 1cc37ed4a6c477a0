"""The page of one edition, and what its libraries' records say in MARC."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from catalog import selectors
from catalog.models import Edition
from catalog.presenters.edition import edition_view
from catalog.presenters.marc import marc_views
from catalog.presenters.why import why_one
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.requests import PortalRequest


@require_safe
def edition_page(request: PortalRequest, pk: int) -> HttpResponse:
    edition = _current(pk)
    if edition.pk != pk:
        return redirect("catalog:edition", edition.pk, permanent=True)
    near = request.actor.library_id
    view = edition_view(edition, near_library_id=near, asked=request.GET)
    may_see_why = request.actor.can(Capability.SOURCE_VIEW)
    return render(request, "catalog/edition.html", {"view": view, "may_see_why": may_see_why})


@require_safe
def edition_marc(request: PortalRequest, pk: int) -> HttpResponse:
    edition = _current(pk)
    if edition.pk != pk:
        return redirect("catalog:edition_marc", edition.pk, permanent=True)
    return render(request, "catalog/edition_marc.html", {"edition": edition, "records": marc_views(edition)})


@capability_required(Capability.SOURCE_VIEW)
@require_safe
def edition_why(request: PortalRequest, pk: int) -> HttpResponse:
    edition = _current(pk)
    if edition.pk != pk:
        return redirect("catalog:edition_why", edition.pk, permanent=True)
    return render(request, "catalog/edition_why.html", {"why": why_one(edition)})


def _current(pk: int) -> Edition:
    try:
        return selectors.edition_current(pk)
    except Edition.DoesNotExist:
        raise Http404 from None
