"""Pages and buttons of full files beside the one in use."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from catalog import selectors
from catalog.forms import UploadForm
from catalog.presenters.streams import StreamView
from catalog.selectors.streams import access_stream
from catalog.services import streams as services
from catalog.views.live import to_live_run
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.errors import Conflict
from network_portal.core.requests import PortalRequest


@capability_required(Capability.SOURCE_MANAGE)
def stream_upload(request: PortalRequest, pk: int) -> HttpResponse:
    source = selectors.access_source(request.actor, pk)
    if request.method != "POST":  # a login came between
        return redirect("catalog:source", pk)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        for error in form.errors.get("file", []):
            messages.error(request, str(error))
        return redirect("catalog:source", pk)
    stream = services.stream_upload(source=source, upload=form.cleaned_data["file"], actor=request.actor)
    return redirect("catalog:stream", stream.pk)


@capability_required(Capability.SOURCE_VIEW)
def stream_page(request: PortalRequest, pk: int) -> HttpResponse:
    stream = access_stream(request.actor, pk)
    context = {
        "stream": stream,
        "source": stream.source,
        "view": StreamView(stream),
        "may_manage": request.actor.can(Capability.SOURCE_MANAGE),
    }
    return render(request, "catalog/stream.html", context)


@capability_required(Capability.SOURCE_MANAGE)
def stream_switch(request: PortalRequest, pk: int) -> HttpResponse:
    stream = access_stream(request.actor, pk)
    if request.method != "POST":
        return redirect("catalog:stream", pk)
    try:
        run = services.stream_switch(stream=stream, actor=request.actor)
    except Conflict as conflict:
        return to_live_run(request, stream.source, conflict)
    return redirect("catalog:run", run.pk)


@capability_required(Capability.SOURCE_MANAGE)
def stream_compare(request: PortalRequest, pk: int) -> HttpResponse:
    stream = access_stream(request.actor, pk)
    if request.method == "POST":
        run = services.stream_compare(stream=stream, actor=request.actor)
        if run is None:
            messages.success(request, _("Compared with the records as they are now."))
    return redirect("catalog:stream", pk)


@capability_required(Capability.SOURCE_MANAGE)
def stream_drop(request: PortalRequest, pk: int) -> HttpResponse:
    stream = access_stream(request.actor, pk)
    if request.method != "POST":
        return redirect("catalog:stream", pk)
    services.stream_drop(stream=stream, actor=request.actor)
    messages.success(request, _("The file is dropped. The records in use stay as they are."))
    return redirect("catalog:source", stream.source_id)
