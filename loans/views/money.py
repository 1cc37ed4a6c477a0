"""What a library owes and is owed: the ledger, monthly statements between two libraries, both also as CSV."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from catalog.presenters.csv_file import csv_answer
from loans.filters import StatementFilter
from loans.forms.figures import PeriodForm
from loans.forms.money import DisputeForm, RateForm
from loans.models import Charge, Statement
from loans.presenters import money as shown
from loans.selectors.money import (
    charges_between,
    charges_visible_to,
    exchange_rates,
    statements_visible_to,
    statements_with_lines,
)
from loans.services import money as services
from loans.services.money import STATEMENT_STEPS
from loans.services.rates import rate_set
from members.access import access_one
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.lists import Csv, list_answer
from network_portal.core.requests import PortalRequest

PAGE_SIZE = 50
guarded = capability_required(Capability.MONEY_MANAGE, Capability.NETWORK_MANAGE)


@guarded
def ledger(request: PortalRequest) -> HttpResponseBase:
    form = PeriodForm(request.GET)
    period = form.period
    rows = charges_between(request.actor, period.first, period.last)
    if request.GET.get("format") == "csv":
        name = f"charges-{period.first}-{period.last}"
        return csv_answer(name, shown.CHARGE_COLUMNS, shown.charge_rows(rows.iterator(chunk_size=1000)))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "lines": [shown.charge_line(charge, request.actor.library_id) for charge in page],
        "query": f"since={period.first.isoformat()}&until={period.last.isoformat()}",
    }
    return render(request, "loans/money.html", context)


@guarded
@require_safe
def statements(request: PortalRequest) -> HttpResponseBase:
    found = StatementFilter(request.GET, queryset=statements_visible_to(request.actor))

    def line(row: Statement) -> shown.StatementLine:
        return shown.statement_line(row, request.actor)

    def context(page: Page[Statement]) -> dict[str, Any]:
        return {"lines": [line(row) for row in page], "may_set_rates": _network(request)}

    header = (_("Month"), _("Library"), _("Currency"), _("Net amount"), _("Result"), _("State"))
    csv = Csv("statements", header, lambda row: (
        f"{row.month:%Y-%m}", line(row).partner, row.currency, abs(row.net), line(row).sentence,
        row.get_state_display(),
    ))  # fmt: skip
    return list_answer(request, "loans/money_statements.html", found=found, csv=csv, context=context)


@guarded
def statement(request: PortalRequest, pk: int) -> HttpResponseBase:
    row = _statement(request, pk)
    if request.GET.get("format") == "csv":
        name = f"statement-{row.month:%Y-%m}-{row.left.short_code}-{row.right.short_code}-{row.currency}"
        return csv_answer(name, shown.CHARGE_COLUMNS, shown.charge_rows(row.charges.all()))
    return render(request, "loans/money_statement.html", _context(request, row, DisputeForm()))


@guarded
@require_POST
def statement_step(request: PortalRequest, pk: int, action: str) -> HttpResponse:
    row = _statement(request, pk)
    if action not in STATEMENT_STEPS:
        raise Http404
    form = DisputeForm(request.POST)
    if action == "dispute" and not form.is_valid():
        return render(request, "loans/money_statement.html", _context(request, row, form))
    services.statement_step(
        statement=row, action=action, actor=request.actor, network=_network(request),
        note=request.POST.get("note", ""),
    )  # fmt: skip
    messages.success(request, _("The statement is changed."))
    return redirect("loans:money_statement", pk=row.pk)


@guarded
@require_POST
def charge_waive(request: PortalRequest, pk: int) -> HttpResponse:
    services.charge_waive(charge=_own_charge(request, pk), actor=request.actor)
    messages.success(request, _("The charge is waived."))
    return redirect("loans:money")


@guarded
@require_POST
def charge_refund(request: PortalRequest, pk: int) -> HttpResponse:
    services.charge_refund(charge=_own_charge(request, pk), actor=request.actor)
    messages.success(request, _("It is paid back with the next statement."))
    return redirect("loans:money")


@capability_required(Capability.NETWORK_MANAGE)
def rates(request: PortalRequest) -> HttpResponse:
    """What other currencies are worth; the coordinator writes it down."""
    form = RateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = rate_set(actor=request.actor, **form.cleaned_data)
        messages.success(request, _("The rate of %(currency)s is saved.") % {"currency": row.currency})
        return redirect("loans:money_rates")
    return render(request, "loans/money_rates.html", {"form": form, "rates": exchange_rates()})


def _own_charge(request: PortalRequest, pk: int) -> Charge:
    """A charge that the actor's library made: only who is owed the money can let it go."""
    charge = access_one(charges_visible_to(request.actor), pk=pk)
    if charge.payee_library_id != request.actor.library_id:
        raise Http404
    return charge


def _statement(request: PortalRequest, pk: int) -> Statement:
    return access_one(statements_with_lines(request.actor), pk=pk)


def _network(request: PortalRequest) -> bool:
    return request.actor.can(Capability.NETWORK_MANAGE)


def _context(request: PortalRequest, row: Statement, form: DisputeForm) -> dict[str, object]:
    network = _network(request)
    return {
        "statement": row,
        "form": form,
        "line": shown.statement_line(row, request.actor),
        "facts": shown.statement_facts(row),
        "lines": [shown.charge_line(charge, request.actor.library_id) for charge in row.charges.all()],
        "buttons": shown.statement_buttons(row, request.actor, network=network),
        "may_dispute": "dispute"
        in services.statement_actions(row, request.actor.library_id, network=network),
    }
