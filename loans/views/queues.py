"""The work lists of librarians and of the coordinator."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from loans.filters import AttemptFilter, NetworkFilter, RequestFilter
from loans.presenters.queue import attempt_rows, request_rows
from loans.selectors import queues
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.requests import PortalRequest

PER_PAGE = 25


@capability_required(Capability.REQUEST_MANAGE)
def queue_requesting(request: PortalRequest) -> HttpResponse:
    """What the own library's readers asked for."""
    rows = queues.requesting_requests(request.actor)
    listing = _listing(request, rows, RequestFilter, queues.requesting_tab, queues.REQUEST_SORTS)
    unread = queues.unread_by_request(request.actor, [row.pk for row in listing["page"]])
    listing["rows"] = request_rows(listing["page"], request.actor, unread)
    return render(request, "loans/queue_requesting.html", listing)


@capability_required(Capability.SUPPLY_MANAGE)
def queue_supplying(request: PortalRequest) -> HttpResponse:
    """What other libraries ask of the own one."""
    rows = queues.supplying_attempts(request.actor)
    listing = _listing(request, rows, AttemptFilter, queues.supplying_tab, queues.ATTEMPT_SORTS)
    unread = queues.unread_by_request(request.actor, [row.request_id for row in listing["page"]])
    listing["rows"] = attempt_rows(listing["page"], request.actor, unread)
    return render(request, "loans/queue_supplying.html", listing)


@capability_required(Capability.NETWORK_REQUESTS)
def queue_network(request: PortalRequest) -> HttpResponse:
    """Every request of the network, for the coordinator."""
    rows = queues.network_requests(request.actor)
    listing = _listing(
        request, rows, NetworkFilter, queues.requesting_tab, queues.REQUEST_SORTS, first=queues.ALL
    )
    listing["rows"] = request_rows(listing["page"], request.actor, {}, of_network=True)
    return render(request, "loans/queue_network.html", listing)


def _listing(
    request: PortalRequest, rows: QuerySet[Any], filter_class: Any, tab_condition: Any, sorts: dict[str, Any], *,
    first: str = queues.TO_DO,
) -> dict[str, Any]:  # fmt: skip
    """Filter, tab, sort and page. A search looks through everything, unless a tab is chosen with it."""
    filters = filter_class(request.GET, queryset=rows)
    found = filters.qs
    tabs: dict[str, Q] = {name: tab_condition(name) for name in queues.TABS}
    tab = request.GET.get("tab") or (queues.ALL if request.GET.get("q") else first)
    tab = tab if tab in tabs else first
    sort = request.GET.get("sort", "")
    sort = sort if sort in sorts else "deadline"
    counts = queues.tab_counts(found, tabs)
    paginator = Paginator(queues.in_tab(found, tabs[tab], sorts[sort]), PER_PAGE)
    # Counted above, in the same query as the other tabs.
    paginator.count = counts[tab]
    kept = {name: value for name, value in request.GET.items() if name not in ("tab", "page") and value}
    return {
        "filters": filters, "tab": tab, "sort": sort, "searching": any(name != "sort" for name in kept),
        "page": paginator.get_page(request.GET.get("page")), "query": urlencode(kept | {"tab": tab}),
        "tabs": [
            {"label": label, "url": f"?{urlencode(kept | {'tab': key})}", "count": counts[key], "current": tab == key}
            for key, label in _labels().items()
        ],
    }  # fmt: skip


def _labels() -> dict[str, str]:
    return {
        queues.TO_DO: _("To do"),
        queues.WAITING: _("Waiting"),
        queues.OVERDUE: _("Overdue"),
        queues.ALL: _("All"),
    }
