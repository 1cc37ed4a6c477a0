"""Pages of sources, for the librarians of a library and for whoever runs the network."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from catalog import selectors
from catalog.forms import SourceForm, UploadForm
from catalog.harvesting.kinds import KINDS
from catalog.presenters.run import RunView
from catalog.presenters.source import source_sections
from catalog.services import sources as services
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.errors import RuleViolation
from network_portal.core.requests import PortalRequest


@capability_required(Capability.SOURCE_MANAGE)
def source_new(request: PortalRequest) -> HttpResponse:
    form = SourceForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        source = services.source_save(
            source=None, library=form.library, values=form.cleaned_data, actor=request.actor
        )
        messages.success(request, _("The source is set up."))
        return redirect("catalog:source", source.pk)
    return render(request, "catalog/source_form.html", {"form": form})


@capability_required(Capability.SOURCE_MANAGE)
def source_edit(request: PortalRequest, pk: int) -> HttpResponse:
    source = selectors.access_source(request.actor, pk)
    form = SourceForm(request.POST or None, instance=source, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        before = selectors.access_source(request.actor, pk)
        services.source_save(
            source=before, library=source.library, values=form.cleaned_data, actor=request.actor
        )
        messages.success(request, _("The source is saved."))
        return redirect("catalog:source", pk)
    return render(request, "catalog/source_form.html", {"form": form, "source": source})


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
            return redirect("catalog:run", run.pk)
    return _source_page(request, pk, form, status=422)


@capability_required(Capability.SOURCE_MANAGE)
def source_run(request: PortalRequest, pk: int) -> HttpResponse:
    source = selectors.access_source(request.actor, pk)
    if request.method != "POST":
        return redirect("catalog:source", pk)
    run = services.source_start(source=source, actor=request.actor)
    return redirect("catalog:run", run.pk)


def _source_page(request: PortalRequest, pk: int, form: UploadForm, status: int = 200) -> HttpResponse:
    source = selectors.access_source(request.actor, pk)
    context = {
        "source": source,
        "runs": [RunView(run) for run in selectors.runs_of(source)],
        "live": selectors.live_run_of(source),
        "form": form,
        "kind": KINDS[source.kind],
        "sections": source_sections(source, request.actor),
        **_rights(request),
    }
    return render(request, "catalog/source.html", context, status=status)


def _rights(request: PortalRequest) -> dict[str, bool]:
    return {"may_manage": request.actor.can(Capability.SOURCE_MANAGE)}
