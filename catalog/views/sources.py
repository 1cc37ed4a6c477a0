"""Pages of sources and runs, for the librarians of a library and for whoever runs the network."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from catalog import selectors
from catalog.forms import SourceForm, UploadForm
from catalog.harvesting.kinds import KINDS
from catalog.models import RejectedRecord, Run
from catalog.presenters.run import RunView, snippet_text
from catalog.presenters.source import source_sections
from catalog.services import runs as run_services
from catalog.services import sources as services
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.errors import RuleViolation
from network_portal.core.requests import PortalRequest

REJECTS_PER_PAGE = 50
# Cells that a spreadsheet would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@capability_required(Capability.SOURCE_VIEW)
def source_list(request: PortalRequest) -> HttpResponse:
    sources = selectors.sources_with_health(request.actor)
    return render(
        request,
        "catalog/sources.html",
        {
            "sources": sources,
            "all_libraries": request.actor.can(Capability.NETWORK_MANAGE),
            **_rights(request),
        },
    )


@capability_required(Capability.SOURCE_MANAGE)
def source_new(request: PortalRequest) -> HttpResponse:
    form = SourceForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        source = services.source_save(
            source=None, library=form.library, values=form.cleaned_data, actor=request.actor
        )
        messages.success(request, _("The source is set up."))
        return redirect("catalog:source", source.pk)
    return render(request, "catalog/source_form.html", {"form": form})


@capability_required(Capability.SOURCE_MANAGE)
def source_edit(request: PortalRequest, pk: int) -> HttpResponse:
    source = selectors.access_source(request.actor, pk)
    form = SourceForm(request.POST or None, instance=source, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        before = selectors.access_source(request.actor, pk)
        services.source_save(
            source=before, library=source.library, values=form.cleaned_data, actor=request.actor
        )
        messages.success(request, _("The source is saved."))
        return redirect("catalog:source", pk)
    return render(request, "catalog/source_form.html", {"form": form, "source": source})


@capability_required(Capability.SOURCE_VIEW)
def source_page(request: PortalRequest, pk: int) -> HttpResponse:
    return _source_page(request, pk, UploadForm())


@capability_required(Capability.SOURCE_MANAGE)
def source_upload(request: PortalRequest, pk: int) -> HttpResponse:
    source = selectors.access_source(request.actor, pk)
    if request.method != "POST":  # a login came between
        return redirect("catalog:source", pk)
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            run = services.upload_start(source=source, upload=form.cleaned_data["file"], actor=request.actor)
        except RuleViolation as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("catalog:run", run.pk)
    return _source_page(request, pk, form, status=422)


@capability_required(Capability.SOURCE_MANAGE)
def source_run(request: PortalRequest, pk: int) -> HttpResponse:
    source = selectors.access_source(request.actor, pk)
    if request.method != "POST":
        return redirect("catalog:source", pk)
    run = services.source_start(source=source, actor=request.actor)
    return redirect("catalog:run", run.pk)


@capability_required(Capability.SOURCE_VIEW)
def run_page(request: PortalRequest, pk: int) -> HttpResponse:
    """The whole page, or, asked by htmx, only the part that moves."""
    run = selectors.access_run(request.actor, pk)
    view = RunView(run, latest=selectors.is_latest_run(run))
    context = {"run": run, "view": view, **_rights(request)}
    if request.htmx:
        response = render(request, "catalog/_run_progress.html", context)
        if not run.is_live:
            # The rest of the page (rejected records, decisions) changes with the end.
            response["HX-Refresh"] = "true"
    else:
        page = Paginator(selectors.rejects_of(run), REJECTS_PER_PAGE).get_page(request.GET.get("page"))
        response = render(request, "catalog/run.html", {**context, "page": page})
    response["Vary"] = "HX-Request"
    return response


@capability_required(Capability.SOURCE_MANAGE)
def run_stop(request: PortalRequest, pk: int) -> HttpResponse:
    run = selectors.access_run(request.actor, pk)
    if request.method != "POST":
        return redirect("catalog:run", pk)
    run_services.run_stop(run=run, actor=request.actor)
    messages.success(request, _("It stops after the page it is reading. What was read so far stays."))
    return redirect("catalog:run", pk)


@capability_required(Capability.SOURCE_MANAGE)
def run_deletes(request: PortalRequest, pk: int) -> HttpResponse:
    run = selectors.access_run(request.actor, pk)
    if request.method != "POST":
        return redirect("catalog:run", pk)
    take_out = request.POST.get("decision") == "take_out"
    count = run_services.deletes_decide(run=run, take_out=take_out, actor=request.actor)
    text = (
        _("%(count)s records were taken out.") % {"count": count} if take_out else _("All records were kept.")
    )
    messages.success(request, text)
    return redirect("catalog:run", pk)


@capability_required(Capability.SOURCE_VIEW)
def run_rejected_csv(request: PortalRequest, pk: int) -> HttpResponseBase:
    run = selectors.access_run(request.actor, pk)
    response = StreamingHttpResponse(_csv(run), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rejected-{run.pk}.csv"'
    return response


class _Echo:
    def write(self, value: str) -> str:
        return value


def _csv(run: Run) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(
        [_("Position"), _("Byte"), _("Identifier"), _("Code"), _("Reason"), _("Beginning of the record")]
    )
    for reject in selectors.rejects_of(run).iterator(chunk_size=1000):
        yield writer.writerow(_csv_row(reject))


def _csv_row(reject: RejectedRecord) -> list[str]:
    cells = [
        str(reject.position), str(reject.offset), reject.identifier, reject.reason_code, _(reject.reason),
        snippet_text(bytes(reject.snippet)),
    ]  # fmt: skip
    return [f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells]


def _source_page(request: PortalRequest, pk: int, form: UploadForm, status: int = 200) -> HttpResponse:
    source = selectors.access_source(request.actor, pk)
    context = {
        "source": source,
        "runs": [RunView(run) for run in selectors.runs_of(source)],
        "live": selectors.live_run_of(source),
        "form": form,
        "kind": KINDS[source.kind],
        "sections": source_sections(source, request.actor),
        **_rights(request),
    }
    return render(request, "catalog/source.html", context, status=status)


def _rights(request: PortalRequest) -> dict[str, bool]:
    return {"may_manage": request.actor.can(Capability.SOURCE_MANAGE)}
