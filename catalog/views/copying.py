"""Search and copy: looking a record up in another catalogue and taking it into the own library's."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.formats.errors import FormatError
from catalog.formats.write import COLLECTION_END, COLLECTION_START, to_iso2709, to_marcxml
from catalog.forms.copying import CopyForm, LookupForm
from catalog.harvesting.copying import parsed
from catalog.harvesting.lookup import Hit
from catalog.models import Source
from catalog.presenters.copying import draft_of, lookup_view, marc_lines
from catalog.presenters.report_tabs import report_tabs
from catalog.selectors import copying as selectors
from catalog.services import copying as services
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.errors import RuleViolation
from network_portal.core.requests import PortalRequest


@capability_required(Capability.SOURCE_VIEW)
def copying(request: PortalRequest) -> HttpResponse:
    """All catalogues that may be looked up in."""
    targets = selectors.targets_for(request.actor)
    tabs = report_tabs(request.actor, "copying")
    return render(request, "catalog/copying.html", {"targets": targets, "tabs": tabs})


@capability_required(Capability.SOURCE_VIEW)
def copy_search(request: PortalRequest, pk: int) -> HttpResponse:
    source = selectors.access_target(request.actor, pk)
    form = LookupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            lookup = services.lookup_start(source=source, asked=form.asked, actor=request.actor)
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
        else:
            hits = reverse("catalog:copy_hits", args=[pk, lookup.token])
            return redirect(f"{hits}#copy-hits")
    context = {"source": source, "form": form}
    return render(request, "catalog/copy_search.html", context, status=422 if form.errors else 200)


@capability_required(Capability.SOURCE_VIEW)
def copy_hits(request: PortalRequest, pk: int, token: str) -> HttpResponse:
    """The whole page, or, asked by htmx, only the part that waits for the answer."""
    source = selectors.access_target(request.actor, pk)
    lookup = services.lookup_of(token=token, source=source, actor=request.actor)
    if lookup is None:
        return _forgotten(request, pk)
    view = lookup_view(lookup, source, request.actor)
    context = {"source": source, "view": view, "token": token, **_rights(request)}
    if not request.htmx:
        context["form"] = LookupForm(initial=vars(lookup.asked))
    template = "catalog/_copy_hits.html" if request.htmx else "catalog/copy_search.html"
    response = render(request, template, context)
    response["Vary"] = "HX-Request"
    return response


@capability_required(Capability.SOURCE_VIEW)
def copy_record(request: PortalRequest, pk: int, token: str, number: int) -> HttpResponse:
    """One record in MARC, with the form that copies it."""
    source = selectors.access_target(request.actor, pk)
    if (hit := _hit(request, source, token, number)) is None:
        return _forgotten(request, pk)
    form = CopyForm(sources=selectors.copy_sources(request.actor))
    return _record_page(request, source, token, number, hit, form)


@capability_required(Capability.RECORD_COPY)
def copy_take(request: PortalRequest, pk: int, token: str, number: int) -> HttpResponse:
    source = selectors.access_target(request.actor, pk)
    if (hit := _hit(request, source, token, number)) is None:
        return _forgotten(request, pk)
    if request.method != "POST":  # a login came between
        return redirect("catalog:copy_record", pk, token, number)
    form = CopyForm(request.POST, sources=selectors.copy_sources(request.actor))
    if form.is_valid():
        try:
            record = services.record_copy(
                source=source, hit=hit, kept=form.kept, into=form.chosen, library=request.working.current.library,
                actor=request.actor,
            )  # fmt: skip
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The record is copied. Your library is shown as holding it."))
            return redirect("catalog:edition", record.edition_id)
    return _record_page(request, source, token, number, hit, form, status=422)


@capability_required(Capability.SOURCE_VIEW)
def copy_download(request: PortalRequest, pk: int, token: str, number: int, kind: str) -> HttpResponse:
    """The record as its server sent it, but in UTF-8: MARC 21 or UNIMARC as ISO 2709, or as MARCXML."""
    source = selectors.access_target(request.actor, pk)
    if kind not in ("mrc", "xml"):
        raise Http404
    if (hit := _hit(request, source, token, number)) is None:
        return _forgotten(request, pk)
    try:
        record = parsed(hit)
        if kind == "mrc":
            leader = record.leader[:9] + "a" + record.leader[10:]
            body, media = to_iso2709(record.fields, leader), "application/marc"
        else:
            body = COLLECTION_START + to_marcxml(record.fields, record.leader) + COLLECTION_END
            media = "application/marcxml+xml"
    except (FormatError, ValueError):
        messages.error(request, _("The record does not fit into this format. Try the other one."))
        return redirect("catalog:copy_record", pk, token, number)
    response = HttpResponse(body, content_type=media)
    response["Content-Disposition"] = f'attachment; filename="record-{number}.{kind}"'
    return response


@capability_required(Capability.RECORD_COPY)
def copy_remove(request: PortalRequest, pk: int) -> HttpResponse:
    record = selectors.access_copy(request.actor, pk)
    if request.method == "POST":
        services.copy_remove(record=record, actor=request.actor)
        messages.success(request, _("The copied record is taken out."))
    return redirect("catalog:source", record.source_id)


def _hit(request: PortalRequest, source: Source, token: str, number: int) -> Hit | None:
    """None where the search is not kept any more. Raises Http404 for a number that it never had."""
    lookup = services.lookup_of(token=token, source=source, actor=request.actor)
    if lookup is None:
        return None
    if not 0 < number <= len(lookup.hits):
        raise Http404
    return lookup.hits[number - 1]


def _record_page(
    request: PortalRequest,
    source: Source,
    token: str,
    number: int,
    hit: Hit,
    form: CopyForm,
    status: int = 200,
) -> HttpResponse:
    context = {
        "source": source, "token": token, "number": number, "draft": draft_of(hit), "lines": marc_lines(hit),
        "form": form, **_rights(request),
    }  # fmt: skip
    return render(request, "catalog/copy_record.html", context, status=status)


def _forgotten(request: PortalRequest, pk: int) -> HttpResponse:
    messages.info(request, _("The answer to this search is not kept any more. Search again."))
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": reverse("catalog:copy_search", args=[pk])})
    return redirect("catalog:copy_search", pk)


def _rights(request: PortalRequest) -> dict[str, bool]:
    return {"may_copy": request.actor.can(Capability.RECORD_COPY)}
