"""Setting up a library's agent: its keys, the script itself, and copies sent from the browser instead."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from catalog import selectors
from catalog.forms.push import ItemsForm, KeyForm
from catalog.presenters.push import settings_text
from catalog.selectors.push import access_key
from catalog.services.item_uploads import items_upload
from catalog.services.keys import key_make, key_revoke
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.requests import PortalRequest

SCRIPT = "agent/jejaring_agent.py"


@capability_required(Capability.SOURCE_MANAGE)
def key_new(request: PortalRequest, pk: int) -> HttpResponse:
    """Makes the key and shows it, this once: on no page that could be opened again, and in no cache."""
    source = selectors.access_source(request.actor, pk)
    form = KeyForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "catalog/key_new.html", {"source": source, "form": form}, status=status)
    key, secret = key_make(source=source, name=form.cleaned_data["name"], actor=request.actor)
    text = settings_text(source, request.build_absolute_uri("/"), secret)
    response = render(
        request, "catalog/key_made.html", {"source": source, "key": key, "secret": secret, "text": text}
    )
    response["Cache-Control"] = "no-store"
    return response


@capability_required(Capability.SOURCE_MANAGE)
def key_end(request: PortalRequest, pk: int, key: int) -> HttpResponse:
    """Asks, and then takes the key back."""
    source = selectors.access_source(request.actor, pk)
    found = access_key(source, key)
    if request.method != "POST":
        return render(request, "catalog/key_end.html", {"source": source, "key": found})
    key_revoke(key=found, actor=request.actor)
    messages.success(request, _("The key is taken back. Who has it can send nothing any more."))
    return redirect("catalog:source", pk)


@capability_required(Capability.SOURCE_MANAGE)
def source_items(request: PortalRequest, pk: int) -> HttpResponse:
    source = selectors.access_source(request.actor, pk)
    form = ItemsForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "catalog/items_upload.html", {"source": source, "form": form}, status=status)
    values = form.cleaned_data
    run = items_upload(
        source=source, upload=values["items"], everything=values["everything"], actor=request.actor
    )
    return redirect("catalog:run", run.pk)


@capability_required(Capability.SOURCE_VIEW)
def agent_script(_request: PortalRequest) -> FileResponse:
    path = settings.BASE_DIR / SCRIPT
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name, content_type="text/x-python")
