"""Assumed prices: what was said when, by whom and why, and a form for the next word."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from loans.balance.forms import PriceForm
from loans.balance.prices import Prices, price_assume, prices_said
from loans.balance.words import assumption_words
from members.access import access_library
from members.decorators import capability_required
from members.models import Library
from members.permissions import Capability
from network_portal.core.errors import RuleViolation
from network_portal.core.requests import PortalRequest


@capability_required(Capability.NETWORK_MANAGE)
def prices_network(request: PortalRequest) -> HttpResponse:
    return _answer(request, None)


@capability_required(Capability.LIBRARY_EDIT)
def prices_library(request: PortalRequest, code: str) -> HttpResponse:
    return _answer(request, access_library(request.actor, code))


def _answer(request: PortalRequest, library: Library | None) -> HttpResponse:
    form = PriceForm(request.POST or None, for_network=library is None)
    if request.method == "POST" and form.is_valid():
        try:
            price_assume(**form.cleaned_data, library=library, actor=request.actor)
        except RuleViolation as error:
            form.add_error("valid_from" if error.code == "past_year" else "reason", error.message)
        else:
            messages.success(request, _("The price counts from its day on."))
            return redirect(request.path)
    today = timezone.localdate()
    context = {
        "form": form, "library": library, "said": prices_said(library),
        "assumed": [assumption_words(one) for one in Prices(today, [library.pk]).all_of(library.pk)]
        if library else [],
    }  # fmt: skip
    return render(request, "loans/balance/prices.html", context, status=400 if form.errors else 200)
