"""Courier bags: the list, one bag with its scanning box, and what is done with it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from loans.access_desk import access_bag, access_own_bag
from loans.forms.desk import BagForm
from loans.models import CourierBag
from loans.selectors.bags import arriving, bags_lately, contents, parcels_of
from loans.services import bags as service
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation
from network_portal.core.requests import PortalRequest, typed

DESK = (Capability.SUPPLY_MANAGE, Capability.REQUEST_MANAGE)


@capability_required(*DESK)
def bags(request: PortalRequest) -> HttpResponse:
    """The library's bags, and a form that opens one for a library something waits to go to."""
    parcels = parcels_of(request.actor)
    form = BagForm(request.POST or None, waiting=[parcel.to for parcel in parcels])
    if request.method == "POST" and form.is_valid():
        try:
            bag = service.bag_open(to_library=form.cleaned_data["to"], actor=request.actor)
        except RuleViolation as rule:
            form.add_error("to", str(rule))
        else:
            return redirect("loans:bag", pk=bag.pk)
    page = {"form": form, "bags": bags_lately(request.actor), "waiting": len(parcels)}
    return render(request, "loans/bags.html", page, status=400 if form.errors else 200)


@capability_required(*DESK)
def bag(request: PortalRequest, pk: int) -> HttpResponse:
    """One bag. Its sender scans books in and sends it; who it goes to sees what is in it, to mark all as arrived."""
    found = access_bag(request.actor, pk)
    mine = found.from_library_id == request.actor.library_id
    if request.method == "POST":
        return _add(request, access_own_bag(request.actor, pk))
    waiting = [one for one in parcels_of(request.actor) if one.to.pk == found.to_library_id] if mine else []
    books = contents(found)
    page = {
        "arriving": [] if mine else arriving(books, request.actor), "bag": found, "books": books, "mine": mine,
        "is_open": found.closed_at is None, "waiting": [one for one in waiting if one.attempt.bag_id != found.pk],
    }  # fmt: skip
    return render(request, "loans/bag.html", page)


@capability_required(*DESK)
@require_POST
def bag_do(request: PortalRequest, pk: int, what: str) -> HttpResponse:
    """Take a book out, close the bag, or send it."""
    found = access_own_bag(request.actor, pk)
    try:
        if what == "out":
            service.bag_take_out(bag=found, number=typed(request.POST.get("number", "")))
        elif what == "close":
            service.bag_close(bag=found, actor=request.actor)
            messages.success(
                request, _("The bag is closed. Print its packing list and hand it to the courier.")
            )
        elif what == "send":
            _send(request, found, request.actor)
    except RuleViolation as rule:
        messages.warning(request, str(rule))
    return redirect("loans:bag", pk=pk)


def _add(request: PortalRequest, found: CourierBag) -> HttpResponse:
    codes = [typed(code) for code in request.POST.getlist("code") if code.strip()]
    for code in codes[:100]:
        try:
            added = service.bag_add(bag=found, code=code, actor=request.actor)
        except RuleViolation as rule:
            messages.warning(request, str(rule))
        else:
            messages.success(request, _("%(number)s is in the bag.") % {"number": added.request.number})
    return redirect("loans:bag", pk=found.pk)


def _send(request: HttpRequest, found: CourierBag, actor: Actor) -> None:
    sent = service.bag_ship(bag=found, tracking=typed(request.POST.get("tracking", "")), actor=actor)
    for number, why in sent.refused:
        messages.warning(request, f"{number}: {why}")
    if sent.done:
        told = ngettext(
            "The bag is on its way with one book.",
            "The bag is on its way with %(count)s books.",
            len(sent.done),
        )
        messages.success(request, told % {"count": len(sent.done)})
