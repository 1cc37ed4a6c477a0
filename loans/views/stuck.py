"""The page of what is late."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from loans.filters import StuckFilter
from loans.presenters.stuck import SIDES, side_labels, stuck_cells, stuck_header, stuck_rows
from loans.selectors.stuck import stuck_by_side, stuck_requests
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.csv_file import csv_answer
from network_portal.core.requests import PortalRequest

PER_PAGE = 50


@capability_required(Capability.REQUEST_MANAGE, Capability.SUPPLY_MANAGE, Capability.NETWORK_REQUESTS)
def stuck(request: PortalRequest) -> HttpResponseBase:
    """What passed its deadline, the longest wait first; by whose turn it is."""
    late = stuck_requests(request.actor)
    found = StuckFilter(request.GET, queryset=late, request=request)
    if request.GET.get("format") == "csv":
        return csv_answer("late", stuck_header(), stuck_cells(found.qs, request.actor))
    side = request.GET.get("side", "")
    side = side if side in SIDES else ""
    every = request.GET.copy()
    for name in ("side", "page"):
        every.pop(name, None)
    counts, labels = stuck_by_side(late), side_labels()
    page = Paginator(found.qs, PER_PAGE).get_page(request.GET.get("page"))
    tabs = [
        {
            "label": _("All"),
            "url": f"?{every.urlencode()}",
            "count": sum(counts.values()),
            "current": not side,
        }
    ]
    for key in SIDES:
        if counts.get(key) or side == key:
            every["side"] = key
            tabs.append(
                {
                    "label": labels[key],
                    "url": f"?{every.urlencode()}",
                    "count": counts.get(key, 0),
                    "current": side == key,
                }
            )
    context = {"rows": stuck_rows(page, request.actor), "page": page, "tabs": tabs, "filter": found}
    return render(request, "loans/stuck.html", context)
