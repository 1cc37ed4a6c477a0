"""What a library asks of its own reader for a request: written down, and marked as paid at the desk."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from loans.access import access_request
from loans.forms.money import ReaderChargeForm
from loans.models import Request
from loans.presenters.money_panel import charge_told
from loans.selectors.money import charges_of_reader
from loans.services.reader_charges import reader_charge, reader_paid
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.errors import RuleViolation
from network_portal.core.requests import PortalRequest, whole_number


@capability_required(Capability.REQUEST_MANAGE)
def reader_charges(request: PortalRequest, number: str) -> HttpResponse:
    """The reader's charges with "paid at the desk", and a form for another one."""
    loan = access_request(request.actor, number)
    if loan.requesting_library_id != request.actor.library_id:
        raise Http404
    form = ReaderChargeForm(request.POST if request.method == "POST" and "paid" not in request.POST else None)
    try:
        if "paid" in request.POST:
            return _paid(request, loan)
        if form.is_valid():
            reader_charge(request=loan, actor=request.actor, **form.cleaned_data)
            messages.success(request, _("Written down. The reader sees it on the request."))
            return redirect("loans:reader_charges", number=number)
    except RuleViolation as rule:
        messages.error(request, str(rule))
    lines = [(row, charge_told(row)) for row in charges_of_reader(loan)]
    page = {"loan": loan, "form": form, "lines": lines}
    return render(request, "loans/reader_charges.html", page, status=400 if form.errors else 200)


def _paid(request: PortalRequest, loan: Request) -> HttpResponse:
    wanted = whole_number(request.POST["paid"])
    charge = next((row for row in charges_of_reader(loan) if row.pk == wanted), None)
    if charge is None:
        raise Http404
    reader_paid(charge=charge, actor=request.actor)
    messages.success(request, _("Marked as paid."))
    return redirect("loans:reader_charges", number=loan.number)
