"""The page that changes record numbers over after a library moved to a new system."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from catalog import selectors
from catalog.models import Source
from catalog.presenters.rekey import rekey_view, survey_view
from catalog.selectors.rekey import replaceable_by, survey_of
from catalog.services.rekey import rekey_start, survey_start
from catalog.views.live import to_live_run
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.errors import Conflict
from network_portal.core.requests import PortalRequest


@capability_required(Capability.SOURCE_MANAGE)
def rekey_page(request: PortalRequest, pk: int) -> HttpResponse:
    source = selectors.access_source(request.actor, pk)
    replaces = _replaced(request, request.GET.get("replaces", ""))
    survey = survey_of(source, replaces) if replaces else None
    context = {
        "source": source,
        "replaces": replaces,
        "others": replaceable_by(source),
        "survey": survey,
        "view": survey_view(survey) if replaces else rekey_view(source),
        "live": selectors.live_run_of(source),
    }
    return render(request, "catalog/rekey.html", context)


@capability_required(Capability.SOURCE_MANAGE)
def rekey_compare(request: PortalRequest, pk: int) -> HttpResponse:
    """Compare with the chosen source; the page of both shows how far that is, and then what was found."""
    source = selectors.access_source(request.actor, pk)
    replaces = _replaced(request, request.POST.get("replaces", ""))
    if request.method != "POST" or replaces is None:
        return redirect("catalog:rekey", pk)
    try:
        survey_start(source=source, replaces=replaces, actor=request.actor)
    except Conflict as conflict:
        survey = survey_of(source, replaces)
        if survey is None or not survey.is_live:
            return to_live_run(request, source, conflict)
    return redirect(f"{reverse('catalog:rekey', args=[pk])}?replaces={replaces.pk}")


@capability_required(Capability.SOURCE_MANAGE)
def rekey_carry_out(request: PortalRequest, pk: int) -> HttpResponse:
    source = selectors.access_source(request.actor, pk)
    if request.method != "POST":
        return redirect("catalog:rekey", pk)
    try:
        run = rekey_start(
            source=source, replaces=_replaced(request, request.POST.get("replaces", "")), actor=request.actor
        )
    except Conflict as conflict:
        return to_live_run(request, source, conflict)
    return redirect("catalog:run", run.pk)


def _replaced(request: PortalRequest, value: str) -> Source | None:
    """The source that is to be replaced, of the actor's scope. Raises Http404."""
    return (
        selectors.access_source(request.actor, int(value)) if value.isdecimal() and len(value) < 10 else None
    )
