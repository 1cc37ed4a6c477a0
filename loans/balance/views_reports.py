"""The yearly report of a library as a page and as PDF, and making those of all libraries."""

from __future__ import annotations

import re

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from loans.balance.reading import report_of
from loans.balance.report import reports_ask
from loans.balance.report_words import told_of
from members.access import access_library, access_one
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.pdf import drawn, pdf_available, sheet
from network_portal.core.requests import PortalRequest

SHEET, PLOTS = "css/year-report.css", "css/year-report-plots.css"
PLOT = re.compile(r'<svg class="plot"[^>]*>')
EARLIEST = 2000


@capability_required(Capability.STATS_VIEW)
def year_report(request: PortalRequest, code: str, year: int) -> HttpResponse:
    library = access_library(request.actor, code)
    report = access_one(report_of(library), year=year)
    context = {"library": library, "report": report, "told": told_of(report), "pdf": pdf_available()}
    return render(request, "loans/balance/report.html", context)


@capability_required(Capability.STATS_VIEW)
def year_report_pdf(request: PortalRequest, code: str, year: int) -> HttpResponse:
    """On A4, tagged for screen readers, in the language in use."""
    library = access_library(request.actor, code)
    report = access_one(report_of(library), year=year)
    if not pdf_available():
        raise Http404
    context = {"library": library, "report": report, "told": told_of(report), "language": get_language()}
    html = render_to_string("loans/balance/_report_paper.html", context, request=request)
    answer = HttpResponse(drawn_tagged(html), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{library.short_code}-{year}.pdf"'
    return answer


def drawn_tagged(html: str) -> bytes:
    # The page's style does not reach into a drawing, so each gets its own.
    styled = PLOT.sub(lambda found: f"{found[0]}<style>{sheet(PLOTS)}</style>", html)
    return drawn(styled, sheet(SHEET), tagged=True)


@require_POST
@capability_required(Capability.NETWORK_MANAGE)
def year_reports_make(request: PortalRequest, year: int) -> HttpResponse:
    """For a year that has begun; the page of long work shows how far it is."""
    if not EARLIEST <= year <= timezone.localdate().year:
        raise Http404
    reports_ask(year=year, actor=request.actor)
    messages.success(request, _("The reports are being made. Each library finds its own beside its balance."))
    return redirect("core:jobs")
