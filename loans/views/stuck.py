"""The page of what is late."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from loans.presenters.stuck import SIDES, side_labels, stuck_rows
from loans.selectors.stuck import stuck_by_side, stuck_requests
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.requests import PortalRequest

PER_PAGE = 50


@capability_required(Capability.REQUEST_MANAGE, Capability.SUPPLY_MANAGE, Capability.NETWORK_REQUESTS)
def stuck(request: PortalRequest) -> HttpResponse:
    """What passed its deadline, the longest wait first; by whose turn it is."""
    side = request.GET.get("side", "")
    side = side if side in SIDES else ""
    counts, labels = stuck_by_side(request.actor), side_labels()
    page = Paginator(stuck_requests(request.actor, side), PER_PAGE).get_page(request.GET.get("page"))
    tabs = [{"label": _("All"), "url": "?", "count": sum(counts.values()), "current": not side}]
    tabs += [
        {"label": labels[key], "url": f"?side={key}", "count": counts.get(key, 0), "current": side == key}
        for key in SIDES
        if counts.get(key) or side == key
    ]
    context = {
        "rows": stuck_rows(page, request.actor), "page": page, "tabs": tabs, "query": f"side={side}" if side else "",
    }  # fmt: skip
    return render(request, "loans/stuck.html", context)
