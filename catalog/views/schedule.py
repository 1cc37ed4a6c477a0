"""Buttons for time and turns: pausing and resuming runs and sources, going on at once, the hours of a source."""

from __future__ import annotations

from collections.abc import Callable

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
    said = _("It pauses after the page at hand. What was read so far stays.")
    return _with_run(request, pk, services.run_pause, said)


@capability_required(Capability.SOURCE_MANAGE)
def run_resume(request: PortalRequest, pk: int) -> HttpResponse:
    return _with_run(request, pk, services.run_resume, _("It goes on where it stood."))


@capability_required(Capability.SOURCE_MANAGE)
def run_hurry(request: PortalRequest, pk: int) -> HttpResponse:
    return _with_run(request, pk, services.run_hurry, _("It does not wait for its hours this time."))


@capability_required(Capability.SOURCE_MANAGE)
def source_pause(request: PortalRequest, pk: int) -> HttpResponse:
    return _with_source(request, pk, services.source_pause, _("The source is paused."))


@capability_required(Capability.SOURCE_MANAGE)
def source_resume(request: PortalRequest, pk: int) -> HttpResponse:
    return _with_source(request, pk, services.source_resume, _("The source is fetched again."))


def _with_run(request: PortalRequest, pk: int, step: Callable[..., object], said: str) -> HttpResponse:
    """Press one of a run's buttons; a GET, where a login came between, only leads back."""
    run = selectors.access_run(request.actor, pk)
    if request.method == "POST":
        step(run=run, actor=request.actor)
        messages.success(request, said)
    return redirect("catalog:run", pk)


def _with_source(request: PortalRequest, pk: int, step: Callable[..., object], said: str) -> HttpResponse:
    source = selectors.access_source(request.actor, pk)
    if request.method == "POST":
        step(source=source, actor=request.actor)
        messages.success(request, said)
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
