"""The work lists of librarians and of the coordinator: pages, their CSV, and how much is new."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from loans.presenters.queue import bulk_choices
from loans.presenters.queue_page import QUEUES, Queue, tab_links
from loans.selectors import queues
from loans.selectors.coordinator import networks_of_desk
from loans.selectors.handling import colleagues, handlers_by_request
from loans.selectors.saved import saved_views_of
from loans.selectors.scan import scanned
from loans.services.exports import queue_csv
from members.decorators import capability_required
from members.permissions import Capability, require
from network_portal.core.requests import PortalRequest, typed

PER_PAGE = 25


@capability_required(Capability.REQUEST_MANAGE)
def queue_requesting(request: PortalRequest) -> HttpResponse | StreamingHttpResponse:
    """What the own library's readers asked for."""
    return _queue(request, QUEUES["requesting"])


@capability_required(Capability.SUPPLY_MANAGE)
def queue_supplying(request: PortalRequest) -> HttpResponse | StreamingHttpResponse:
    """What other libraries ask of the own one."""
    return _queue(request, QUEUES["supplying"])


@capability_required(Capability.NETWORK_REQUESTS)
def queue_network(request: PortalRequest) -> HttpResponse | StreamingHttpResponse:
    """Every request of the network, for the coordinator."""
    return _queue(request, QUEUES["network"])


@capability_required(Capability.NETWORK_DESK)
def queue_desk(request: PortalRequest) -> HttpResponse | StreamingHttpResponse:
    """The coordinator's desk of the guided networks that the own library leads; without any it is not there.

    Whoever manages networks is told so instead, with the way to make one guided.
    """
    networks = list(networks_of_desk(request.actor))
    if not networks and request.actor.can(Capability.NETWORK_MANAGE):
        return render(request, "loans/queue_desk_none.html")
    if not networks:
        raise Http404
    return _queue(request, QUEUES["desk"], networks=networks)


@capability_required(Capability.REQUEST_MANAGE, Capability.SUPPLY_MANAGE, Capability.NETWORK_REQUESTS)
def queue_new(request: PortalRequest, queue: str) -> HttpResponse:
    """How many rows came into a tab since its page was shown: a link that loads it anew. Asked once a minute."""
    found = QUEUES.get(queue)
    if found is None:
        raise Http404
    require(request.actor, found.capability)
    since = _moment(request.GET.get("since", ""))
    filters, tab, _sort = _asked(request, found)
    condition = found.tabs(request.actor)[tab]
    count = queues.new_since(filters.qs, condition, since, moved=found.moved)
    kept = _kept(request, "since")
    context = {"list_name": found.address, "new": count, "query": urlencode(kept)}
    return render(request, "loans/_queue_new.html", context)


def _queue(request: PortalRequest, queue: Queue, **more: Any) -> HttpResponse | StreamingHttpResponse:
    """Filter, tab, sort and page. A search looks through everything, unless a tab is chosen with it."""
    if "open" in request.GET:
        return _opened(request)
    filters, tab, sort = _asked(request, queue)
    tabs = queue.tabs(request.actor)
    rows = queues.in_tab(filters.qs, tabs[tab], queue.sorts[sort])
    if request.GET.get("format") == "csv":
        return queue_csv(queue=queue, rows=rows, actor=request.actor)
    now = timezone.now()
    counts = queues.tab_counts(filters.qs, tabs, found=bool(request.GET.get("q")))
    paginator = Paginator(rows, PER_PAGE)
    paginator.count = min(counts[tab], queues.COUNTED)  # counted above, with the other tabs
    page = paginator.get_page(request.GET.get("page"))
    unread = queues.unread_by_request(request.actor, [queue.request_of(row).pk for row in page])
    shown = queue.make_rows(page, request.actor, unread)
    handlers = handlers_by_request(request.actor, [queue.request_of(row).pk for row in page])
    shown = [
        replace(one, handler=handlers.get(queue.request_of(row).pk, ""))
        for one, row in zip(shown, page, strict=True)
    ]
    kept = _kept(request, "tab", "page", "format")
    context = {
        "queue": queue, "filters": filters, "tab": tab, "sort": sort, "page": page, "rows": shown,
        "searching": any(name != "sort" for name in kept), "tabs": tab_links(counts, kept, tab),
        "query": urlencode(kept | {"tab": tab}), "since": now.isoformat(), "bulk": bulk_choices(shown),
        "colleagues": colleagues(request.actor),
        "views": saved_views_of(request.actor, queue.name), "csv": urlencode(kept | {"tab": tab, "format": "csv"}),
    }  # fmt: skip
    return render(request, f"loans/queue_{queue.name}.html", context | more)


def _opened(request: PortalRequest) -> HttpResponse:
    """The box of a list takes scans as well: what means exactly one request opens it, all else searches the list."""
    found = scanned(request.actor, typed(request.GET.get("q", "")))
    if len(found) == 1:
        return redirect(f"{reverse('loans:queue_scan')}?{urlencode({'code': found[0].number})}")
    return redirect(f"{request.path}?{urlencode(_kept(request, 'open'))}")


def _moment(text: str) -> datetime:
    """When the page was shown; now, for an address somebody has changed."""
    try:
        moment = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        moment = None
    return moment if moment and timezone.is_aware(moment) else timezone.now()


def _asked(request: PortalRequest, queue: Queue) -> tuple[Any, str, str]:
    """The filters of the address with their rows, the tab, the order."""
    filters = queue.filters(request.GET, queryset=queue.rows(request.actor), request=request)
    tab = request.GET.get("tab") or (queues.ALL if request.GET.get("q") else queue.first)
    tab = tab if tab in queues.TABS else queue.first
    sort = request.GET.get("sort", "")
    if sort not in queue.sorts or (tab == queues.ALL and sort not in queue.sorts_of_all):
        sort = "newest" if tab == queues.ALL else "deadline"
    return filters, tab, sort


def _kept(request: PortalRequest, *without: str) -> dict[str, str]:
    return {name: value for name, value in request.GET.dict().items() if name not in without and value}
