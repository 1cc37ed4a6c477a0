"""The scanning box: a number, a copy's barcode or an ISBN leads to the request, its next action focused."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from loans.presenters.queue import scan_card
from loans.selectors.scan import scanned
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.requests import PortalRequest, typed


@capability_required(Capability.REQUEST_MANAGE, Capability.SUPPLY_MANAGE, Capability.NETWORK_REQUESTS)
def queue_scan(request: PortalRequest) -> HttpResponse:
    """One request found: it stands here with its next action focused, so that Enter takes it. Several: a choice."""
    code = typed(request.GET.get("code", ""))
    cards = [scan_card(found, request.actor) for found in scanned(request.actor, code)] if code else []
    page = {"code": code, "cards": cards, "card": cards[0] if len(cards) == 1 else None}
    return render(request, "loans/queue_scan.html", page)
