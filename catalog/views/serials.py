"""The union list of serials: which library has which years; a page at a time, to print, or all of it as CSV."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog.choices import HeadingKind
from catalog.presenters.csv_file import csv_answer
from catalog.presenters.serials import serial_rows, serial_views
from catalog.selectors.browsing import PAGE, all_serials, serials_under
from catalog.views.browse import LETTERS, lines_asked, ways
from network_portal.core.requests import PortalRequest, typed

TO_PRINT = 500


@require_safe
def serials(request: PortalRequest) -> HttpResponse:
    size = TO_PRINT if request.GET.get("many") == "1" else PAGE
    lines = lines_asked(HeadingKind.SERIAL, request.GET, size)
    context = {
        "rows": serial_views(lines.rows, serials_under(lines.rows)), "letters": LETTERS, "to_print": TO_PRINT,
        "typed": typed(request.GET.get("from", "")), "many": size == TO_PRINT, **ways(lines),
    }  # fmt: skip
    return render(request, "catalog/browse_serials.html", context)


@require_safe
def serials_csv(request: PortalRequest) -> HttpResponseBase:
    header = [_("Title"), "ISSN", _("Publisher"), _("Library"), _("City"), _("Coverage"), _("Call number")]
    return csv_answer("serials", header, serial_rows(all_serials()))
