"""Pages of runs: watching one, stopping it, its rejected records, the word on held deletions."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from catalog import selectors
from catalog.models import RejectedRecord
from catalog.presenters.csv_file import csv_answer
from catalog.presenters.run import RunView, snippet_text
from catalog.selectors.runs import held_of, rejects_listed, rejects_state
from catalog.services import retry as retry_services
from catalog.services import runs as services
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.requests import PortalRequest

REJECTS_PER_PAGE = 50


@capability_required(Capability.SOURCE_VIEW)
def run_page(request: PortalRequest, pk: int) -> HttpResponse:
    """The whole page, or, asked by htmx, only the part that moves."""
    run = selectors.access_run(request.actor, pk)
    view = RunView(run)
    context = {"run": run, "view": view, "may_manage": request.actor.can(Capability.SOURCE_MANAGE)}
    if request.htmx:
        response = render(request, "catalog/_run_progress.html", context)
        if not run.is_live:
            # The rest of the page (rejected records, decisions) changes with the end.
            response["HX-Refresh"] = "true"
    else:
        context |= {
            "page": Paginator(rejects_listed(run), REJECTS_PER_PAGE).get_page(request.GET.get("page")),
            "rejects": rejects_state(run),
            "held": held_of(run) if view.held else None,
            "live": selectors.live_run_of(run.source),
        }
        response = render(request, "catalog/run.html", context)
    response["Vary"] = "HX-Request"
    return response


@capability_required(Capability.SOURCE_MANAGE)
def run_stop(request: PortalRequest, pk: int) -> HttpResponse:
    run = selectors.access_run(request.actor, pk)
    if request.method != "POST":
        return redirect("catalog:run", pk)
    services.run_stop(run=run, actor=request.actor)
    messages.success(request, _("It stops after the page it is reading. What was read so far stays."))
    return redirect("catalog:run", pk)


@capability_required(Capability.SOURCE_MANAGE)
def run_deletes(request: PortalRequest, pk: int) -> HttpResponse:
    run = selectors.access_run(request.actor, pk)
    if request.method != "POST":
        return redirect("catalog:run", pk)
    take_out = request.POST.get("decision") == "take_out"
    work = services.deletes_decide(run=run, take_out=take_out, actor=request.actor)
    return redirect("catalog:run", work.pk)


@capability_required(Capability.SOURCE_MANAGE)
def run_retry(request: PortalRequest, pk: int) -> HttpResponse:
    run = selectors.access_run(request.actor, pk)
    if request.method != "POST":
        return redirect("catalog:run", pk)
    work = retry_services.run_retry(source=run.source, of=run, actor=request.actor)
    return redirect("catalog:run", work.pk)


@capability_required(Capability.SOURCE_MANAGE)
def source_retry(request: PortalRequest, pk: int) -> HttpResponse:
    """All rejected records of the source that nobody has mended yet."""
    source = selectors.access_source(request.actor, pk)
    if request.method != "POST":
        return redirect("catalog:source", pk)
    work = retry_services.run_retry(source=source, actor=request.actor)
    return redirect("catalog:run", work.pk)


@capability_required(Capability.SOURCE_MANAGE)
def source_renormalise(request: PortalRequest, pk: int) -> HttpResponse:
    source = selectors.access_source(request.actor, pk)
    if request.method != "POST":
        return redirect("catalog:source", pk)
    work = services.run_renormalise(source=source, actor=request.actor)
    return redirect("catalog:run", work.pk)


@capability_required(Capability.SOURCE_VIEW)
def run_rejected_csv(request: PortalRequest, pk: int) -> HttpResponseBase:
    run = selectors.access_run(request.actor, pk)
    header = [
        _("Position"), _("Byte"), _("Identifier"), _("Code"), _("Reason"), _("Mended"), _("Beginning of the record"),
    ]  # fmt: skip
    rejects = rejects_listed(run).iterator(chunk_size=1000)
    return csv_answer(f"rejected-{run.pk}", header, (_csv_row(reject) for reject in rejects))


def _csv_row(reject: RejectedRecord) -> list[object]:
    return [
        reject.position, reject.offset, reject.identifier, reject.reason_code, _(reject.reason),
        localtime(reject.resolved_at).strftime("%Y-%m-%d") if reject.resolved_at else "",
        snippet_text(bytes(reject.snippet)),
    ]  # fmt: skip
