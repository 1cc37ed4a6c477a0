"""What libraries offer before they weed it: the list, one offer, "we take it", and what the owner decides."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from catalog.acquiring.presenters import line_headings, line_rows, tabs
from catalog.acquiring.selectors import weeding as selectors
from catalog.acquiring.services import offers as services
from members.access import access_one
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.csv_file import csv_answer
from network_portal.core.requests import PortalRequest

A_PAGE = 50


@capability_required(Capability.STATS_VIEW)
@require_safe
def offer_list(request: PortalRequest) -> HttpResponse:
    whose, last = request.GET.get("whose", ""), request.GET.get("last") == "1"
    rows = selectors.offers_shown(request.actor, whose=whose, last=last)
    page = Paginator(rows, 20).get_page(request.GET.get("page"))
    context = {"page": page, "whose": whose, "last": last, "tabs": tabs(request.actor, "offers")}
    return render(request, "catalog/acquiring/offers.html", context)


@capability_required(Capability.STATS_VIEW)
@require_safe
def offer_page(request: PortalRequest, pk: int) -> HttpResponse:
    offer = access_one(selectors.offers_all(), pk=pk)
    show, words = request.GET.get("show", ""), request.GET.get("words", "")[:100]
    page = Paginator(selectors.lines_of(offer, request.actor, show=show, words=words), A_PAGE).get_page(
        request.GET.get("page")
    )
    may = request.actor.can(Capability.ACQUIRE)
    mine = may and offer.library_id == request.actor.library_id
    context = {
        "offer": offer, "page": page, "show": show, "words": words, "mine": mine, "may_take": may and not mine,
        "figures": selectors.offer_figures(offer),
    }  # fmt: skip
    return render(request, "catalog/acquiring/offer.html", context)


@capability_required(Capability.STATS_VIEW)
@require_safe
def offer_csv(request: PortalRequest, pk: int) -> HttpResponseBase:
    offer = access_one(selectors.offers_all(), pk=pk)
    lines = selectors.lines_of(offer, request.actor)
    return csv_answer(f"offer-{offer.pk}", line_headings(), line_rows(lines))


@capability_required(Capability.ACQUIRE)
@require_POST
def line_take(request: PortalRequest, pk: int) -> HttpResponse:
    line = access_one(selectors.lines_all(), pk=pk)
    claim = services.line_claim(line=line, actor=request.actor)
    first = selectors.first_claim(claim)
    if first is None:
        messages.success(request, _("Said. Your library is the first to ask for it."))
    else:
        messages.info(
            request, _("Said. %(library)s asked for it before you.") % {"library": first.library.name}
        )
    return _back(request, line.offer_id, pk)


@capability_required(Capability.ACQUIRE)
@require_POST
def line_leave(request: PortalRequest, pk: int) -> HttpResponse:
    line = access_one(selectors.lines_all(), pk=pk)
    services.claim_withdraw(line=line, actor=request.actor)
    messages.success(request, _("Taken back."))
    return _back(request, line.offer_id, pk)


@capability_required(Capability.ACQUIRE)
@require_POST
def line_decide(request: PortalRequest, pk: int) -> HttpResponse:
    line = access_one(selectors.lines_own(request.actor), pk=pk)
    state, to = request.POST.get("state", ""), request.POST.get("to", "")
    if state == "open":
        services.line_reopen(line=line, actor=request.actor)
    else:
        library = int(to) if to.isascii() and to.isdigit() and len(to) < 19 else None
        services.line_decide(line=line, state=state, actor=request.actor, to=library)
    messages.success(request, _("Decided."))
    return _back(request, line.offer_id, pk)


@capability_required(Capability.ACQUIRE)
@require_POST
def offer_close(request: PortalRequest, pk: int) -> HttpResponse:
    offer = access_one(selectors.offers_own(request.actor), pk=pk)
    services.offer_close(offer=offer, actor=request.actor)
    messages.success(request, _("The offer is closed. What nobody took counts as weeded."))
    return redirect("acquiring:offer", offer.pk)


def _back(request: PortalRequest, offer: int, line: int) -> HttpResponse:
    """To the same part of the list."""
    kept = {name: value for name in ("page", "show", "words") if (value := request.POST.get(name, "")[:100])}
    query = f"?{urlencode(kept)}" if kept else ""
    return redirect(f"{reverse('acquiring:offer', args=[offer])}{query}#line-{line}")
