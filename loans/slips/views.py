"""Pages of slips to print, and the same as PDF."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from loans.choices import PrintKind
from loans.slips.chosen import MOST, attempts_to_print
from loans.slips.model import bags_of, in_shelf_order, slip_of
from loans.slips.pdf import as_pdf, pdf_available
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.requests import PortalRequest


@capability_required(Capability.SUPPLY_MANAGE, Capability.REQUEST_MANAGE)
def slips(request: PortalRequest, kind: str) -> HttpResponse:
    """The slips of the requests named as ?number=…; without a number, the pull slips of everything to fetch."""
    return render(request, "loans/slips/slips.html", _context(request, kind) | {"has_pdf": pdf_available()})


@capability_required(Capability.SUPPLY_MANAGE, Capability.REQUEST_MANAGE)
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


def _context(request: PortalRequest, kind: str) -> dict[str, Any]:
    try:
        wanted = PrintKind(kind)
    except ValueError as error:
        raise Http404 from error
    numbers = list(dict.fromkeys(request.GET.getlist("number")))
    found = in_shelf_order(
        slip_of(attempt, request.actor) for attempt in attempts_to_print(request.actor, wanted, numbers)
    )
    return {
        "kind": wanted.value, "heading": _heading(wanted), "slips": found, "full": len(found) >= MOST,
        "bags": bags_of(found) if wanted is PrintKind.BAG else [],
        "parts": f"loans/slips/_{wanted.value}.html",
        "query": urlencode([("number", slip.number) for slip in found]),
    }  # fmt: skip


def _heading(kind: PrintKind) -> str:
    return {
        PrintKind.PULL: _("Pull slips"),
        PrintKind.STRAP: _("Book straps"),
        PrintKind.LABEL: _("Address labels"),
        PrintKind.BAG: _("Packing lists"),
    }[kind]
