"""The list of sources: their health at a glance, for the librarians of a library and for whoever runs the network."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render

from catalog.presenters.report_tabs import report_tabs
from catalog.presenters.source_list import SourceList
from catalog.selectors import health
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.csv_file import csv_answer
from network_portal.core.requests import PortalRequest, typed


@capability_required(Capability.SOURCE_VIEW)
def source_list(request: PortalRequest) -> HttpResponseBase:
    may_manage = request.actor.can(Capability.SOURCE_MANAGE)
    sources = SourceList(
        health.healths_visible_to(request.actor),
        state=request.GET.get("state", ""),
        library=request.GET.get("library", ""),
        index_waits_since=health.index_waits_since(),
        may_manage=may_manage, words=typed(request.GET.get("q", "")), sort=request.GET.get("sort", ""),
    )  # fmt: skip
    if request.GET.get("format") == "csv":
        return csv_answer("sources", sources.header, sources.cells)
    context = {
        "list": sources,
        "tabs": report_tabs(request.actor, "sources", care=sources.care),
        "all_libraries": request.actor.can(Capability.NETWORK_MANAGE),
        "may_manage": may_manage,
    }
    return render(request, "catalog/sources.html", context)
