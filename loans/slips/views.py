"""Pages of slips to print, and the same as PDF."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from loans.choices import PrintKind
from loans.selectors.prints import not_yet_printed, prints_lately
from loans.services.prints import print_remember
from loans.slips.chosen import MOST, attempts_of_bag, attempts_to_print
from loans.slips.model import bag_code, bags_of, in_shelf_order, slip_of
from loans.slips.pdf import as_pdf, pdf_available
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.requests import PortalRequest, whole_number

PRINTERS = (Capability.SUPPLY_MANAGE, Capability.REQUEST_MANAGE, Capability.NETWORK_DESK)


@capability_required(*PRINTERS)
def slips(request: PortalRequest, kind: str) -> HttpResponse:
    """The slips of the requests named as ?number=…; without a number, the pull slips of everything to fetch."""
    return render(request, "loans/slips/slips.html", _context(request, kind) | {"has_pdf": pdf_available()})


@capability_required(*PRINTERS)
def slips_pdf(request: PortalRequest, kind: str) -> HttpResponse:
    """The same slips as a PDF; 404 where this machine cannot make one, and then no page links here."""
    if not pdf_available():
        raise Http404
    context = _context(request, kind)
    if not context["slips"]:
        raise Http404
    pdf = as_pdf(render_to_string("loans/slips/_pdf.html", context, request=request))
    headers = {"Content-Disposition": f'inline; filename="{kind}.pdf"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


@capability_required(*PRINTERS)
@require_POST
def slips_printed(request: PortalRequest, kind: str) -> HttpResponse:
    """Remember that these were printed: pull slips can then be asked for without them, and all printed again."""
    wanted, numbers = _kind(kind), list(dict.fromkeys(request.POST.getlist("number")))
    found = attempts_to_print(request.actor, wanted, numbers) if numbers else []
    if print_remember(kind=wanted, attempts=found, actor=request.actor):
        messages.success(request, _("Remembered as printed."))
    return redirect("loans:prints")


@capability_required(*PRINTERS)
def prints(request: PortalRequest) -> HttpResponse:
    """What the library printed lately, to be printed again."""
    return render(request, "loans/slips/prints.html", {"jobs": prints_lately(request.actor)})


def _kind(kind: str) -> PrintKind:
    try:
        return PrintKind(kind)
    except ValueError as error:
        raise Http404 from error


def _context(request: PortalRequest, kind: str) -> dict[str, Any]:
    wanted = _kind(kind)
    bag = whole_number(request.GET.get("bag", "")) if wanted is PrintKind.BAG else None
    if bag:
        chosen = attempts_of_bag(request.actor, bag)
    else:
        numbers = list(dict.fromkeys(request.GET.getlist("number")))
        chosen = attempts_to_print(request.actor, wanted, numbers)
    if request.GET.get("new"):
        chosen = not_yet_printed(request.actor, wanted, chosen)
    found = in_shelf_order(slip_of(attempt, request.actor) for attempt in chosen)
    return {
        "kind": wanted.value, "heading": _heading(wanted), "slips": found, "full": len(found) >= MOST,
        "bags": bags_of(found) if wanted is PrintKind.BAG else [],
        "parts": f"loans/slips/_{wanted.value}.html",
        "query": f"bag={bag}" if bag else urlencode([("number", slip.number) for slip in found]),
        "bag_code": bag_code(bag) if bag else "", "only_new": bool(request.GET.get("new")),
    }  # fmt: skip


def _heading(kind: PrintKind) -> str:
    return {
        PrintKind.PULL: _("Pull slips"),
        PrintKind.STRAP: _("Book straps"),
        PrintKind.LABEL: _("Address labels"),
        PrintKind.BAG: _("Packing lists"),
    }[kind]
