"""Buttons for time and turns: pausing and resuming runs and sources, going on at once, the hours of a source."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from catalog import selectors
from catalog.forms.schedule import HoursForm
from catalog.services import schedule as services
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.requests import PortalRequest


@capability_required(Capability.SOURCE_MANAGE)
def run_pause(request: PortalRequest, pk: int) -> HttpResponse:
    run = selectors.access_run(request.actor, pk)
    if request.method == "POST":
        services.run_pause(run=run, actor=request.actor)
        messages.success(request, _("It pauses after the page at hand. What was read so far stays."))
    return redirect("catalog:run", pk)


@capability_required(Capability.SOURCE_MANAGE)
def run_resume(request: PortalRequest, pk: int) -> HttpResponse:
    run = selectors.access_run(request.actor, pk)
    if request.method == "POST":
        services.run_resume(run=run, actor=request.actor)
        messages.success(request, _("It goes on where it stood."))
    return redirect("catalog:run", pk)


@capability_required(Capability.SOURCE_MANAGE)
def run_hurry(request: PortalRequest, pk: int) -> HttpResponse:
    run = selectors.access_run(request.actor, pk)
    if request.method == "POST":
        services.run_hurry(run=run, actor=request.actor)
        messages.success(request, _("It does not wait for its hours this time."))
    return redirect("catalog:run", pk)


@capability_required(Capability.SOURCE_MANAGE)
def source_pause(request: PortalRequest, pk: int) -> HttpResponse:
    source = selectors.access_source(request.actor, pk)
    if request.method == "POST":
        services.source_pause(source=source, actor=request.actor)
        messages.success(request, _("The source is paused."))
    return redirect("catalog:source", pk)


@capability_required(Capability.SOURCE_MANAGE)
def source_resume(request: PortalRequest, pk: int) -> HttpResponse:
    source = selectors.access_source(request.actor, pk)
    if request.method == "POST":
        services.source_resume(source=source, actor=request.actor)
        messages.success(request, _("The source is fetched again."))
    return redirect("catalog:source", pk)


@capability_required(Capability.SOURCE_MANAGE)
def source_hours(request: PortalRequest, pk: int) -> HttpResponse:
    source = selectors.access_source(request.actor, pk)
    now = {"opens": source.night_from, "closes": source.night_until}
    form = HoursForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        services.source_hours(
            source=source, opens=values["opens"], closes=values["closes"], actor=request.actor
        )
        messages.success(request, _("The hours are saved."))
        return redirect("catalog:source", pk)
    return render(request, "catalog/source_hours.html", {"form": form, "source": source})
