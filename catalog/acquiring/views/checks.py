"""Weeding checks of the own library: a list is pasted or uploaded, read, shown with what the network says."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from catalog.acquiring.choices import OFFERABLE
from catalog.acquiring.forms import CheckForm, OfferForm
from catalog.acquiring.presenters import check_rows, row_headings, tabs
from catalog.acquiring.selectors import weeding as selectors
from catalog.acquiring.services import checks as services
from catalog.acquiring.services.offers import offer_make
from members.access import access_one
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.csv_file import csv_answer
from network_portal.core.errors import RuleViolation
from network_portal.core.requests import PortalRequest

A_PAGE = 50


@capability_required(Capability.ACQUIRE)
def check_list(request: PortalRequest) -> HttpResponse:
    sent = request.method == "POST"  # a form that is sent empty has something wrong, too
    form = CheckForm(request.POST if sent else None, request.FILES if sent else None)
    if sent and form.is_valid():
        try:
            check = services.check_start(name=form.called, data=form.content, actor=request.actor)
        except RuleViolation as refusal:
            form.add_error("file" if form.cleaned_data["file"] else "pasted", str(refusal))
        else:
            return redirect("acquiring:check", check.pk)
    page = Paginator(selectors.checks_of(request.actor), 20).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "tabs": tabs(request.actor, "checks")}
    return render(request, "catalog/acquiring/checks.html", context, status=422 if form.errors else 200)


@capability_required(Capability.ACQUIRE)
@require_safe
def check_page(request: PortalRequest, pk: int) -> HttpResponse:
    return _page(request, pk, OfferForm(initial={"closes_on": timezone.localdate() + timedelta(days=60)}))


@capability_required(Capability.ACQUIRE)
@require_safe
def check_csv(request: PortalRequest, pk: int) -> HttpResponseBase:
    check = access_one(selectors.checks_of(request.actor), pk=pk)
    rows = selectors.rows_of_check(check, request.GET.get("finding", ""))
    return csv_answer(f"weeding-{check.pk}", row_headings(), check_rows(rows))


@capability_required(Capability.ACQUIRE)
def check_offer(request: PortalRequest, pk: int) -> HttpResponse:
    """Offer the rows that were ticked, or all with one finding."""
    check = access_one(selectors.checks_of(request.actor), pk=pk)
    if request.method != "POST":  # a login came between
        return redirect("acquiring:check", pk)
    form = OfferForm(request.POST)
    if form.is_valid():
        ticked = [
            int(one)
            for one in request.POST.getlist("row")
            if one.isascii() and one.isdigit() and len(one) < 19
        ]
        finding = "" if request.POST.get("what") == "ticked" else request.POST.get("what", "")
        try:
            offer = offer_make(
                check=check, rows=ticked if not finding else (), finding=finding, actor=request.actor,
                **form.cleaned_data,
            )  # fmt: skip
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Offered. The staff of all libraries see it now."))
            return redirect("acquiring:offer", offer.pk)
    return _page(request, pk, form, status=422)


@capability_required(Capability.ACQUIRE)
@require_POST
def check_delete(request: PortalRequest, pk: int) -> HttpResponse:
    check = access_one(selectors.checks_of(request.actor), pk=pk)
    services.check_delete(check=check, actor=request.actor)
    messages.success(request, _("The list is thrown away."))
    return redirect("acquiring:checks")


def _page(request: PortalRequest, pk: int, form: OfferForm, status: int = 200) -> HttpResponse:
    check = access_one(selectors.checks_of(request.actor), pk=pk)
    finding = request.GET.get("finding", "")
    page = Paginator(selectors.rows_of_check(check, finding), A_PAGE).get_page(request.GET.get("page"))
    findings = selectors.findings_of(check)
    context = {
        "check": check, "job": selectors.job_of(check), "page": page, "finding": finding, "findings": findings,
        "form": form, "offerable": [one for one, _n in findings if one in OFFERABLE],
    }  # fmt: skip
    return render(request, "catalog/acquiring/check.html", context, status=status)
