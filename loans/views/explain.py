"""Why these libraries: the kept plans of a request, and the dry run of coordinators."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from loans.access import access_request
from loans.forms.routing import DryRunForm
from loans.routing.explain import explain, explain_left, explain_notes
from loans.selectors.requests import sees_requesting_side
from loans.services.addressing import plan_hidden
from loans.services.routing import dry_run, network_of, plans_of, stored
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


@capability_required(Capability.REQUEST_MANAGE, Capability.NETWORK_REQUESTS)
def request_libraries(request: PortalRequest, number: str) -> HttpResponse:
    """The plan of each round as it was made. A supplying library does not see who else was thought of: 404."""
    loan = access_request(request.actor, number)
    if not sees_requesting_side(request.actor, loan):
        raise Http404
    rounds = []
    hidden = plan_hidden(loan, request.actor.library_id)
    for plan in [] if hidden else plans_of(loan):
        told = stored(plan)
        rounds.append((plan, explain(told), explain_left(told), explain_notes(told)))
    return render(request, "loans/request_libraries.html", {"loan": loan, "rounds": rounds, "hidden": hidden})
