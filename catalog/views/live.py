"""Where a button leads when a run of the source is in the way. Used by the views of streams and of record numbers."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from catalog import selectors
from catalog.models import Source
from network_portal.core.errors import Conflict
from network_portal.core.requests import PortalRequest


def to_live_run(request: PortalRequest, source: Source, conflict: Conflict) -> HttpResponse:
    """To the run that is in the way. Raises the conflict where it is none of this source."""
    live = selectors.live_run_of(source)
    if live is None:
        raise conflict
    messages.info(request, _("This source is being worked on already. Here it is."))
    return redirect("catalog:run", live.pk)
