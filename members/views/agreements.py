"""Agreements: what whole networks agreed on is public; managers accept for their library, coordinators write."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from members.access import access_one
from members.agreements import answers, services
from members.agreements.present import agreement_cells, agreement_header, agreement_rows, version_page
from members.agreements.proposals import agreement_propose, proposal_send
from members.agreements.rivals import rivals_told
from members.agreements.touched import touched_by
from members.choices import Role
from members.decorators import capability_required
from members.filters_agreements import AgreementFilter
from members.forms_agreements import AgreementForm, ProposalForm, VersionForm, WordsOfPartyForm
from members.models import AgreementVersion
from members.permissions import Capability
from members.selectors.agreements import (
    agreement_versions,
    agreements_visible_to,
    may_write,
    party_states,
    version_newest,
    versions_visible_to,
)
from members.selectors.libraries import library_of
from network_portal.core.csv_file import csv_answer
from network_portal.core.errors import RuleViolation
from network_portal.core.pdf import drawn, pdf_available, sheet
from network_portal.core.requests import PortalRequest

SHEET = "css/agreement.css"


def agreement_list(request: PortalRequest) -> HttpResponseBase:
    found = AgreementFilter(request.GET, queryset=agreements_visible_to(request.actor))
    rows = agreement_rows(found.qs, request.actor)
    if request.GET.get("format") == "csv":
        return csv_answer("agreements", agreement_header(), agreement_cells(rows))
    context = {
        "rows": rows, "filter": found, "may_write": _may_write(request),
        "may_propose": request.actor.role == Role.MANAGER and request.actor.can(Capability.LIBRARY_EDIT),
    }  # fmt: skip
    return render(request, "members/agreements/list.html", context)


@capability_required(Capability.LIBRARY_EDIT)
def agreement_new(request: PortalRequest) -> HttpResponse:
    """Coordinators write for anybody, managers propose with their own library as a party."""
    if _may_write(request):
        form, make = AgreementForm(request.POST or None), services.agreement_create
    else:
        form = ProposalForm(request.POST or None, library=library_of(request.actor))
        make = agreement_propose
    if request.method == "POST" and form.is_valid():
        try:
            made = make(actor=request.actor, **form.cleaned_data)
        except (ValidationError, RuleViolation) as error:
            form.add_error(None, "; ".join(getattr(error, "messages", [str(error)])))
        else:
            messages.success(request, _("The draft is kept. Read it once more, then publish it."))
            return _to(made)
    context = {"form": form, "version": None, "proposes": not _may_write(request)}
    return render(request, "members/agreements/form.html", context)


def agreement(request: PortalRequest, pk: int) -> HttpResponse:
    """The newest version that may be read; the others are linked from there."""
    row = access_one(agreements_visible_to(request.actor), pk=pk)
    newest = version_newest(row, request.actor)
    if newest is None:
        raise Http404
    return _to(newest)


def version(request: PortalRequest, pk: int, number: int) -> HttpResponse:
    row = _version(request, pk, number)
    writes = may_write(row.agreement, request.actor)
    versions = [one for one in agreement_versions(row.agreement) if writes or not one.is_draft]
    page = version_page(row, request.actor, language=get_language() or "id")
    context = {
        "version": row, "versions": versions, "may_write": writes, "pdf": pdf_available(),
        "runs_network": _may_write(request), "words": WordsOfPartyForm(needed=page.may_accept),
        "rivals": rivals_told(row, request.actor),
        "page": page,
        "touched": touched_by(row) if writes else None,
    }  # fmt: skip
    return render(request, "members/agreements/version.html", context)


@capability_required(Capability.LIBRARY_EDIT)
def version_edit(request: PortalRequest, pk: int, number: int) -> HttpResponse:
    row = _writable(request, _version(request, pk, number))
    form = VersionForm(request.POST or None, version=row)
    if request.method == "POST" and form.is_valid():
        try:
            services.version_write(version=row, actor=request.actor, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, "; ".join(error.messages))
        else:
            messages.success(request, _("The draft is kept. Read it once more, then publish it."))
            return _to(row)
    return render(request, "members/agreements/form.html", {"form": form, "version": row})


@capability_required(Capability.LIBRARY_EDIT)
@require_POST
def agreement_next(request: PortalRequest, pk: int) -> HttpResponse:
    row = access_one(agreements_visible_to(request.actor), pk=pk)
    if not may_write(row, request.actor):
        raise Http404
    return redirect(
        "members:agreement_edit", row.pk, services.version_next(agreement=row, actor=request.actor).number
    )


@capability_required(Capability.LIBRARY_EDIT)
@require_POST
def version_publish(request: PortalRequest, pk: int, number: int) -> HttpResponse:
    """A coordinator publishes; a manager sends what the own library proposes."""
    _writable(request, _version(request, pk, number))
    if _may_write(request):
        told = _("Published. The managers are asked to accept it.")
        return _do(request, pk, number, services.version_publish, told)
    return _do(request, pk, number, proposal_send, _("Sent. You see here who has answered."))


@capability_required(Capability.NETWORK_MANAGE)
@require_POST
def version_end(request: PortalRequest, pk: int, number: int) -> HttpResponse:
    return _do(
        request, pk, number, services.version_end, _("Ended. From tomorrow on its terms no longer count.")
    )


@capability_required(Capability.LIBRARY_EDIT)
@require_POST
def version_accept(request: PortalRequest, pk: int, number: int) -> HttpResponse:
    """For the manager's own library, after a tick that the text was read."""
    row = _version(request, pk, number)
    if not request.POST.get("read"):
        messages.error(request, _("Please tick that you have read the text and may decide for your library."))
        return _to(row)
    library = library_of(request.actor)
    try:
        services.version_accept(version=row, library=library, actor=request.actor)
    except RuleViolation as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Thank you. %(name)s has accepted.") % {"name": library.name})
    return _to(row)


@capability_required(Capability.LIBRARY_EDIT)
@require_POST
def version_decline(request: PortalRequest, pk: int, number: int) -> HttpResponse:
    return _answer(
        request, pk, number, answers.version_decline, _("Your no and your words are on their way.")
    )


@capability_required(Capability.LIBRARY_EDIT)
@require_POST
def version_notice(request: PortalRequest, pk: int, number: int) -> HttpResponse:
    return _answer(
        request, pk, number, answers.notice_give, _("Your notice is given, and the others are told.")
    )


def version_pdf(request: PortalRequest, pk: int, number: int) -> HttpResponse:
    """The text as it was published, with the list of who accepted when."""
    row = _version(request, pk, number)
    if row.is_draft or not pdf_available():
        return _to(row)
    page = version_page(row, request.actor, language=get_language() or "id")
    values = {"version": row, "page": page, "states": party_states(row)}
    html = render_to_string("members/agreements/_paper.html", values, request)
    answer = HttpResponse(drawn(html, sheet(SHEET)), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="agreement-{row.agreement_id}-{row.number}.pdf"'
    return answer


def _do(
    request: PortalRequest, pk: int, number: int, service: Callable[..., AgreementVersion], told: str
) -> HttpResponse:
    row = _version(request, pk, number)
    try:
        service(version=row, actor=request.actor)
    except RuleViolation as error:
        messages.error(request, str(error))
    else:
        messages.success(request, told)
    return _to(row)


def _answer(
    request: PortalRequest, pk: int, number: int, service: Callable[..., object], told: str
) -> HttpResponse:
    """What a manager says for the own library."""
    row = _version(request, pk, number)
    form = WordsOfPartyForm(request.POST)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    try:
        service(version=row, library=library_of(request.actor), words=words, actor=request.actor)
    except RuleViolation as error:
        messages.error(request, str(error))
    else:
        messages.success(request, told)
    return _to(row)


def _writable(request: PortalRequest, row: AgreementVersion) -> AgreementVersion:
    if not may_write(row.agreement, request.actor):
        raise Http404
    return row


def _version(request: PortalRequest, pk: int, number: int) -> AgreementVersion:
    return access_one(versions_visible_to(request.actor), agreement_id=pk, number=number)


def _to(row: AgreementVersion) -> HttpResponse:
    return redirect("members:agreement_version", row.agreement_id, row.number)


def _may_write(request: PortalRequest) -> bool:
    return request.actor.can(Capability.NETWORK_MANAGE)
