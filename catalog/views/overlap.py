"""Pages of overlap and uniqueness: the network for coordinators, one library for its staff, its unique titles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from catalog.presenters.csv_file import csv_answer
from catalog.presenters.overlap import OverlapView
from catalog.presenters.report_tabs import report_tabs
from catalog.selectors import overlap as selectors
from catalog.selectors.report_jobs import OVERLAP, report_job
from catalog.services.overlap import overlap_ask
from members.access import access_library
from members.decorators import capability_required
from members.models import Library
from members.permissions import Capability
from network_portal.core.requests import PortalRequest

UNIQUE_PER_PAGE = 50


@capability_required(Capability.SOURCE_VIEW)
def overlap_network(request: PortalRequest) -> HttpResponseBase:
    """The whole network; whoever does not run it is led to the own library."""
    if not request.actor.can(Capability.NETWORK_MANAGE):
        if (library := selectors.library_of(request.actor)) is None:
            raise Http404
        return redirect("catalog:overlap_library", library.short_code)
    view = _view()
    if view and request.GET.get("format") == "csv":
        return csv_answer("overlap", view.header, view.cells)
    return render(
        request,
        "catalog/overlap.html",
        {
            "view": view,
            "job": report_job(OVERLAP),
            "tabs": report_tabs(request.actor, "overlap"),
        },
    )


@capability_required(Capability.NETWORK_MANAGE)
def overlap_now(request: PortalRequest) -> HttpResponse:
    if request.method == "POST":
        overlap_ask(actor=request.actor)
        messages.success(request, _("The collections are being counted. Come back in a minute."))
    return redirect("catalog:overlap")


@capability_required(Capability.SOURCE_VIEW)
def overlap_library(request: PortalRequest, code: str) -> HttpResponse:
    library = access_library(request.actor, code)
    view = _view()
    context = {
        "library": library,
        "view": view,
        "shared": view.of_library(library) if view else None,
        "closest": view.closest(library) if view else [],
        "breakdowns": view.breakdowns(library) if view else [],
        "page": Paginator(selectors.unique_editions_of(library), UNIQUE_PER_PAGE).get_page(request.GET.get("page")),
        "tabs": report_tabs(request.actor, "overlap"),
    }  # fmt: skip
    return render(request, "catalog/overlap_library.html", context)


@capability_required(Capability.SOURCE_VIEW)
def overlap_csv(request: PortalRequest, code: str) -> HttpResponseBase:
    library = access_library(request.actor, code)
    header = [
        _("Title"),
        _("Author"),
        _("Year"),
        _("Publisher"),
        _("Language"),
        _("Format"),
        _("Page in the catalogue"),
    ]
    return csv_answer(f"unique-{library.short_code}", header, _csv_rows(request, library))


def _csv_rows(request: PortalRequest, library: Library) -> Iterator[Sequence[object]]:
    for edition in selectors.unique_editions_of(library).iterator(chunk_size=2000):
        page = request.build_absolute_uri(edition.get_absolute_url())
        yield (
            edition.title, edition.author, edition.year, edition.publisher, edition.language,
            edition.get_format_display(), page,
        )  # fmt: skip


def _view() -> OverlapView | None:
    report = selectors.overlap_newest()
    return OverlapView(report, selectors.library_names()) if report else None
