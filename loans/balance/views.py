"""Pages of balance and benefit: one library with its partners, and for who runs the network all of them."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from loans.balance.counting import counted_at, freshen
from loans.balance.forms import SpanForm
from loans.balance.model import Line, Span
from loans.balance.presenters import (
    Column,
    balance_plot,
    columns,
    file_rows,
    headline,
    matrix_of,
    months_plot,
    network_headline,
    rows_of,
    sorted_lines,
    told,
)
from loans.balance.prices import Prices
from loans.balance.reading import library_lines, pair_lines, reports_of
from loans.balance.words import assumption_words, limits_words
from members.access import access_library
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.csv_file import csv_answer
from network_portal.core.requests import PortalRequest


@capability_required(Capability.STATS_VIEW)
def balance(request: PortalRequest) -> HttpResponseBase:
    """All libraries for whoever runs the network; others are led to their own."""
    if not request.actor.can(Capability.NETWORK_MANAGE):
        if request.working.current is None:
            raise Http404
        return redirect("loans:balance_library", request.working.current.library.short_code)
    if request.method == "POST":
        return _again(request)
    freshen()
    form = SpanForm(request.GET)
    span, shown = form.span, columns(pairs=False)
    found = library_lines(span)
    lines = sorted_lines(found, shown, request.GET.get("sort", ""))
    if request.GET.get("format") == "csv":
        return _csv(f"balance-network-{_name(span)}", lines, shown)
    context = _context(request, form, lines, shown) | {
        "headline": network_headline(found),
        "plot": months_plot(span),
        "bars": balance_plot(found, _("Given / received")),
        "matrix": matrix_of(span, found) if len(found) > 1 else None,
    }
    return render(request, "loans/balance/network.html", context)


@capability_required(Capability.STATS_VIEW)
def balance_library(request: PortalRequest, code: str) -> HttpResponseBase:
    library = access_library(request.actor, code)
    if request.method == "POST":
        return _again(request)
    freshen()
    form = SpanForm(request.GET)
    span, shown = form.span, columns(pairs=True)
    pairs = pair_lines(span, library)
    lines = sorted_lines(pairs, shown, request.GET.get("sort", ""))
    if request.GET.get("format") == "csv":
        return _csv(f"balance-{library.short_code}-{_name(span)}", lines, shown)
    line = library_lines(span, library)[0]
    prices = Prices(span.last, [library.pk]).all_of(library.pk)
    context = _context(request, form, lines, shown) | {
        "library": library, "line": line, "saved": told(line.saved, "money"),
        "headline": headline(line), "plot": months_plot(span, library),
        "bars": balance_plot(pairs, _("Given / received")), "assumed": [assumption_words(one) for one in prices],
        "limits": limits_words(library), "reports": reports_of(library),
        "may_edit": request.actor.can(Capability.LIBRARY_EDIT),
    }  # fmt: skip
    return render(request, "loans/balance/library.html", context)


def _again(request: PortalRequest) -> HttpResponseBase:
    freshen(now=True)
    messages.info(request, _("The months are counted anew. In a large network this takes a minute."))
    return redirect(request.get_full_path())


def _context(
    request: PortalRequest, form: SpanForm, lines: Sequence[Line], shown: Sequence[Column]
) -> dict[str, object]:
    span, sort = form.span, request.GET.get("sort", "")
    query = f"year={span.first.year}&first={span.first.month}&last={span.last.month}"
    heads = [("name", _("Library"), "text"), *((c.key, c.label, c.unit) for c in shown)]
    return {
        "form": form, "span": span, "query": query, "rows": rows_of(lines, shown), "as_of": counted_at(),
        "heads": [_head(key, label, unit, sort) for key, label, unit in heads],
    }  # fmt: skip


def _head(key: str, label: str, unit: str, sort: str) -> dict[str, str]:
    """A column's name leads to the rows in its order; a second click turns it round. Numbers begin with the largest."""
    first = key if unit == "text" else f"-{key}"
    turned = first.removeprefix("-") if first.startswith("-") else f"-{first}"
    order = "" if sort not in (first, turned) else ("descending" if sort.startswith("-") else "ascending")
    return {"label": label, "unit": unit, "sort": turned if sort == first else first, "order": order}


def _name(span: Span) -> str:
    return f"{span.first:%Y-%m}-{span.last:%Y-%m}"


def _csv(name: str, lines: Sequence[Line], shown: Sequence[Column]) -> HttpResponseBase:
    header = [_("Library"), _("Short code"), *(column.label for column in shown)]
    return csv_answer(name, header, file_rows(lines, shown))
