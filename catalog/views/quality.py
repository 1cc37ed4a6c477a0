"""Pages of data quality: the network's table, one library, one source, and all cases of a check as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from catalog.models import Source
from catalog.presenters.csv_file import csv_answer
from catalog.presenters.health import is_loaded
from catalog.presenters.quality import ORDERS, QualityView, network_cells, network_header, network_rows
from catalog.presenters.report_tabs import report_tabs
from catalog.selectors import access_source
from catalog.selectors import quality as selectors
from catalog.selectors.overlap import library_of
from catalog.selectors.report_jobs import QUALITY, report_job
from catalog.services.quality import quality_ask
from catalog.services.quality_checks import CHECKS, FIELDS, Check
from members.access import access_library
from members.decorators import capability_required
from members.models import Library
from members.permissions import Capability
from network_portal.core.requests import PortalRequest


@capability_required(Capability.SOURCE_VIEW)
def quality_network(request: PortalRequest) -> HttpResponseBase:
    """All libraries side by side; whoever does not run the network is led to the own library."""
    if not request.actor.can(Capability.NETWORK_MANAGE):
        if (library := library_of(request.actor)) is None:
            raise Http404
        return redirect("catalog:quality_library", library.short_code)
    libraries = selectors.libraries_with_sources()
    qualities = selectors.qualities_of([source.pk for _library, sources in libraries for source in sources])
    sort = request.GET.get("sort", "")
    rows = network_rows(libraries, qualities, sort)
    if request.GET.get("format") == "csv":
        return csv_answer("quality", network_header(), network_cells(rows))
    context = {
        "rows": rows, "fields": FIELDS, "tabs": report_tabs(request.actor, "quality"), "sort": sort,
        "orders": [(code, label) for code, (label, _key) in ORDERS.items()],
    }  # fmt: skip
    return render(request, "catalog/quality_network.html", context)


@capability_required(Capability.SOURCE_VIEW)
def quality_library(request: PortalRequest, code: str) -> HttpResponse:
    library = access_library(request.actor, code)
    sources = [source for source in selectors.sources_of_library(library) if is_loaded(source)]
    return render(request, "catalog/quality.html", _report(request, library, sources))


@capability_required(Capability.SOURCE_VIEW)
def quality_source(request: PortalRequest, pk: int) -> HttpResponse:
    source = access_source(request.actor, pk)
    context = {"source": source, **_report(request, source.library, [source])}
    return render(request, "catalog/quality.html", context)


@capability_required(Capability.SOURCE_VIEW)
def quality_now(request: PortalRequest, code: str) -> HttpResponse:
    library = access_library(request.actor, code)
    if request.method == "POST":
        quality_ask(library=library, actor=request.actor)
        messages.success(request, _("The records are being looked over. Come back in a minute."))
    return redirect("catalog:quality_library", library.short_code)


@capability_required(Capability.SOURCE_VIEW)
def quality_csv(request: PortalRequest, pk: int, check: str) -> HttpResponseBase:
    source = access_source(request.actor, pk)
    if check not in CHECKS:
        raise Http404
    header = [
        _("Identifier"),
        _("Title"),
        _("What is there"),
        _("Problem"),
        _("How to mend it"),
        _("Page in the catalogue"),
    ]
    return csv_answer(f"{check}-{source.pk}", header, _csv_rows(request, source, CHECKS[check]))


def _csv_rows(request: PortalRequest, source: Source, check: Check) -> Iterator[Sequence[object]]:
    edition = request.build_absolute_uri("/edition/")
    for case in selectors.cases_of(source, check):
        page = f"{edition}{case.edition_id}" if case.edition_id else ""
        yield case.identifier, case.title, case.value, check.means, check.mend, page


def _report(request: PortalRequest, library: Library, sources: list[Source]) -> dict[str, Any]:
    ids = [source.pk for source in sources]
    return {
        "library": library,
        "sources": sources,
        "report": QualityView(selectors.qualities_of(ids), sources, selectors.examples_of(ids)),
        "job": report_job(QUALITY, library),
        "tabs": report_tabs(request.actor, "quality"),
    }
