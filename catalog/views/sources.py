"""Pages of sources, for the librarians of a library and for whoever runs the network."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from catalog import selectors
from catalog.forms import SourceForm, UploadForm, form_class
from catalog.harvesting.kinds import KINDS
from catalog.models import Source
from catalog.presenters.health import is_loaded
from catalog.presenters.run import RunView
from catalog.presenters.source import source_sections
from catalog.presenters.ways import SYSTEMS, WAYS, system_of
from catalog.services import sources as services
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.errors import Conflict, RuleViolation
from network_portal.core.requests import PortalRequest


@capability_required(Capability.SOURCE_MANAGE)
def source_new(request: PortalRequest) -> HttpResponse:
    """The first step: which system, and which way."""
    return render(request, "catalog/source_new.html", {"systems": SYSTEMS})


@capability_required(Capability.SOURCE_MANAGE)
def source_new_way(request: PortalRequest, way: str) -> HttpResponse:
    """The second step: the short form of that way's kind."""
    if (chosen := WAYS.get(way)) is None:
        raise Http404
    initial = {"name": chosen.name, **chosen.initial}
    form = form_class(chosen.kind)(
        request.POST or None, actor=request.actor, initial=initial, example=chosen.example
    )
    if request.method == "POST" and form.is_valid():
        source = services.source_save(
            source=None, library=form.library, values=form.cleaned_data, actor=request.actor
        )
        messages.success(request, _("The source is set up."))
        return _saved(request, source, form)
    return _form_page(request, {"form": form, "way": chosen, "system": system_of(chosen)})


@capability_required(Capability.SOURCE_MANAGE)
def source_edit(request: PortalRequest, pk: int) -> HttpResponse:
    source = selectors.access_source(request.actor, pk)
    form = form_class(source.kind)(request.POST or None, instance=source, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        before = selectors.access_source(request.actor, pk)
        services.source_save(
            source=before, library=source.library, values=form.cleaned_data, actor=request.actor
        )
        messages.success(request, _("The source is saved."))
        return _saved(request, source, form)
    return _form_page(request, {"form": form, "source": source})


def _saved(request: PortalRequest, source: Source, form: SourceForm) -> HttpResponse:
    if form.hint:
        messages.info(request, form.hint)
    return redirect("catalog:source", source.pk)


def _form_page(request: PortalRequest, context: dict[str, Any]) -> HttpResponse:
    status = 422 if context["form"].errors else 200
    return render(request, "catalog/source_form.html", context, status=status)


@capability_required(Capability.SOURCE_VIEW)
def source_page(request: PortalRequest, pk: int) -> HttpResponse:
    return _source_page(request, pk, UploadForm())


@capability_required(Capability.SOURCE_MANAGE)
def source_upload(request: PortalRequest, pk: int) -> HttpResponse:
    source = selectors.access_source(request.actor, pk)
    if request.method != "POST":  # a login came between
        return redirect("catalog:source", pk)
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            run = services.upload_start(source=source, upload=form.cleaned_data["file"], actor=request.actor)
        except RuleViolation as refusal:
            form.add_error("file", str(refusal))
        else:
            if run is None:
                return redirect("catalog:source_columns", pk)
            return redirect("catalog:run", run.pk)
    return _source_page(request, pk, form, status=422)


@capability_required(Capability.SOURCE_MANAGE)
def source_run(request: PortalRequest, pk: int) -> HttpResponse:
    source = selectors.access_source(request.actor, pk)
    if request.method != "POST":
        return redirect("catalog:source", pk)
    try:
        run = services.source_start(source=source, actor=request.actor)
    except Conflict:  # pressed twice: both lead to the same run
        live = selectors.live_run_of(source)
        if live is None:
            raise
        run = live
    return redirect("catalog:run", run.pk)


def _source_page(request: PortalRequest, pk: int, form: UploadForm, status: int = 200) -> HttpResponse:
    source = selectors.access_source(request.actor, pk)
    context = {
        "source": source,
        "runs": [RunView(run) for run in selectors.runs_of(source)],
        "live": selectors.live_run_of(source),
        "form": form,
        "kind": KINDS[source.kind],
        "is_loaded": is_loaded(source),
        "sections": source_sections(source, request.actor),
        **_rights(request),
    }
    return render(request, "catalog/source.html", context, status=status)


def _rights(request: PortalRequest) -> dict[str, bool]:
    return {"may_manage": request.actor.can(Capability.SOURCE_MANAGE)}
