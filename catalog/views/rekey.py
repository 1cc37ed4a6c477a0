"""The page that changes record numbers over after a library moved to a new system."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from catalog import selectors
from catalog.models import Source
from catalog.presenters.rekey import rekey_view
from catalog.selectors.rekey import replaceable_by
from catalog.services.rekey import rekey_start
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.errors import Conflict
from network_portal.core.requests import PortalRequest


@capability_required(Capability.SOURCE_MANAGE)
def rekey_page(request: PortalRequest, pk: int) -> HttpResponse:
    source = selectors.access_source(request.actor, pk)
    replaces = _replaced(request, request.GET.get("replaces", ""))
    context = {
        "source": source,
        "replaces": replaces,
        "others": replaceable_by(source),
        "view": rekey_view(source, replaces),
        "live": selectors.live_run_of(source),
    }
    return render(request, "catalog/rekey.html", context)


@capability_required(Capability.SOURCE_MANAGE)
def rekey_carry_out(request: PortalRequest, pk: int) -> HttpResponse:
    source = selectors.access_source(request.actor, pk)
    if request.method != "POST":
        return redirect("catalog:rekey", pk)
    try:
        run = rekey_start(
            source=source, replaces=_replaced(request, request.POST.get("replaces", "")), actor=request.actor
        )
    except Conflict:
        live = selectors.live_run_of(source)
        if live is None:
            raise
        messages.info(request, _("This source is being worked on already. Here it is."))
        return redirect("catalog:run", live.pk)
    return redirect("catalog:run", run.pk)


def _replaced(request: PortalRequest, value: str) -> Source | None:
    """The source that is to be replaced, of the actor's scope. Raises Http404."""
    return (
        selectors.access_source(request.actor, int(value)) if value.isdecimal() and len(value) < 10 else None
    )
