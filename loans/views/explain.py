"""The dry run of coordinators: which libraries would be asked for a title, in which order, and why."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from loans.forms.routing import DryRunForm
from loans.routing.explain import explain, explain_left, explain_notes
from loans.services.routing import dry_run, network_of
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.requests import PortalRequest


@capability_required(Capability.NETWORK_MANAGE)
def routing_explain(request: PortalRequest) -> HttpResponse:
    """GET only: nothing is written, and the answer has an address that can be passed on."""
    form = DryRunForm(request.GET or None)
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        wish = form.cleaned_data
        network = network_of(wish["library"].pk)
        told = dry_run(
            network=network,
            library=wish["library"],
            edition=wish["title"],
            service=wish["service"],
            level=wish["level"],
        )
        context |= {
            "network": network,
            "edition": wish["title"],
            "stages": explain(told),
            "left": explain_left(told),
            "notes": explain_notes(told),
        }
    return render(request, "loans/explain.html", context)
