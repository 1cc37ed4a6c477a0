"""Figures of a library and of the network: page, and the same tables as CSV."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from catalog.presenters.csv_file import csv_answer
from loans.figures.kept import BeingCounted, count_again, figures
from loans.figures.model import Figures, Period, Scope
from loans.figures.tables import Cell, Table, plain
from loans.forms.figures import PeriodForm
from loans.presenters.figures import headline, parts_of, presets, tables_for
from members.access import access_library
from members.decorators import capability_required
from members.models import Library
from members.permissions import Capability
from network_portal.core.requests import PortalRequest


@capability_required(Capability.STATS_VIEW)
def figures_network(request: PortalRequest) -> HttpResponseBase:
    return _answer(request, None)


@capability_required(Capability.STATS_VIEW)
def figures_library(request: PortalRequest, code: str) -> HttpResponseBase:
    return _answer(request, access_library(request.actor, code))


def _answer(request: PortalRequest, library: Library | None) -> HttpResponseBase:
    form = PeriodForm(request.GET)
    period = form.period
    scope = Scope(library.pk if library else None)
    if request.method == "POST":
        return _again(request, scope, period)
    try:
        found = figures(scope, period)
    except BeingCounted:
        waiting = {"library": library, "again": request.get_full_path(), "period": period}
        answer = render(request, "loans/figures_wait.html", waiting, status=202)
        answer["Retry-After"] = "60"
        return answer
    tables = tables_for(request.actor, found)
    if request.GET.get("format") == "csv":
        return _csv(request.GET.get("table", ""), tables, library, period)
    return render(request, "loans/figures.html", _context(request, form, found, tables, library))


def _again(request: PortalRequest, scope: Scope, period: Period) -> HttpResponseBase:
    """Count anew, on somebody's wish: at once where that is quick, else by a task."""
    if count_again(scope, period):
        messages.success(request, _("The figures are counted anew; they are as of now."))
    else:
        messages.info(
            request, _("The figures are being counted anew. Please load the page again in a minute.")
        )
    return redirect(f"{request.path}?since={period.first.isoformat()}&until={period.last.isoformat()}")


def _context(
    request: PortalRequest, form: PeriodForm, found: Figures, tables: list[Table], library: Library | None
) -> dict[str, object]:
    period = found.period
    return {
        "form": form,
        "figures": found,
        "library": library,
        "headline": headline(found),
        "parts": parts_of(tables, found),
        "presets": presets(period),
        "query": f"since={period.first.isoformat()}&until={period.last.isoformat()}",
        "own": None if library else request.actor.library_id and request.working.current,
    }


def _csv(key: str, tables: list[Table], library: Library | None, period: Period) -> HttpResponseBase:
    """One table as it stands on the page, or without a name all of them, one number a line."""
    name = "-".join((library.short_code if library else "network", str(period.first), str(period.last)))
    if not key:
        header = [_("Table"), _("Row"), _("Column"), _("Value")]
        return csv_answer(f"figures-{name}", header, _long(tables))
    for table in tables:
        if table.key == key:
            rows = ([plain(cell) for cell in row] for row in table.rows)
            return csv_answer(f"{key}-{name}", [column.label for column in table.columns], rows)
    raise Http404


def _long(tables: list[Table]) -> Iterator[tuple[Cell, ...]]:
    for table in tables:
        for place, row in enumerate(table.rows):
            code = table.codes[place] if table.codes else ""
            for column, value in zip(table.columns, row, strict=True):
                if column.unit != "text":
                    yield table.key, code, column.key, plain(value)
