"""Sums over the months: of every library, of a library's partners, and of each month. A fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet, Sum

from catalog.selectors.overlap import overlap_newest
from loans.balance.model import Line, Span
from loans.balance.prices import Prices
from loans.models import ExchangeMonth, LibraryMonth, YearReport
from members.models import Library

OUTSIDE = ("filled", "unfilled", "yes", "no")


def library_lines(span: Span, library: Library | None = None) -> list[Line]:
    """Each library with all others, the most active first; with `library` that one alone, also if it did nothing."""
    lines: dict[int, Line] = defaultdict(lambda: Line(0))
    _given(_in(span, supplier=library), "supplier_id", lines)
    got = _in(span, requester=library)
    _got(got, "requester_id", lines)
    ended = LibraryMonth.objects.filter(month__gte=span.first, month__lte=span.last)
    if library is not None:
        ended = ended.filter(library=library)
    for library_id, *sums in ended.order_by().values_list("library_id").annotate(*map(Sum, OUTSIDE)):
        for name, count in zip(OUTSIDE, sums, strict=True):
            setattr(lines[library_id], name, count)
    if library is not None:
        lines.setdefault(library.pk, Line(library.pk))
    _save(got, span, lines)
    _catalogue(lines)
    return _named(lines)


def pair_lines(span: Span, library: Library) -> list[Line]:
    """The library with each partner as it may know it: behind an opaque hub the coordinator. Numbers of `library`."""
    lines: dict[int, Line] = defaultdict(lambda: Line(0))
    _given(_in(span, supplier=library), "seen_by_supplier_id", lines)
    _got(_in(span, requester=library), "seen_by_requester_id", lines)
    return _named(lines)


def month_numbers(span: Span, library: Library | None = None) -> dict[date, tuple[int, int]]:
    """Given and got in each month; of the network both are the same number."""
    told = {month: [0, 0] for month in span.months}
    for place, rows in enumerate((_in(span, supplier=library), _in(span, requester=library))):
        for row in rows.order_by().values("month").annotate(n=Sum("count")):
            told[row["month"]][place] = row["n"]
    return {month: (given, got) for month, (given, got) in told.items()}


def matrix(span: Span, ids: list[int]) -> dict[tuple[int, int], int]:
    """(supplier, requester) → items, among these libraries. For whoever runs the network alone: it hides nobody."""
    rows = _in(span).filter(supplier_id__in=ids, requester_id__in=ids).order_by()
    return {(row["supplier_id"], row["requester_id"]): row["n"]
            for row in rows.values("supplier_id", "requester_id").annotate(n=Sum("count"))}  # fmt: skip


def years_with_anything() -> list[int]:
    """The newest first."""
    found = LibraryMonth.objects.order_by().values_list("month__year", flat=True).distinct()
    return sorted(set(found), reverse=True)


def reports_of(library: Library) -> QuerySet[YearReport]:
    return YearReport.objects.filter(library=library).defer("data")


def report_of(library: Library) -> QuerySet[YearReport]:
    """With what was counted; a year is picked by its caller."""
    return YearReport.objects.filter(library=library).select_related("library")


def _in(
    span: Span, supplier: Library | None = None, requester: Library | None = None
) -> QuerySet[ExchangeMonth]:
    rows = ExchangeMonth.objects.filter(month__gte=span.first, month__lte=span.last)
    if supplier is not None:
        rows = rows.filter(supplier=supplier)
    return rows.filter(requester=requester) if requester is not None else rows


def _given(rows: QuerySet[ExchangeMonth], end: str, lines: dict[int, Line]) -> None:
    for row in rows.order_by().values(end, "service").annotate(n=Sum("count")):
        name = "copies_out" if row["service"] == "copy" else "lent"
        setattr(lines[row[end]], name, row["n"])


def _got(rows: QuerySet[ExchangeMonth], end: str, lines: dict[int, Line]) -> None:
    sums: Any = {"n": Sum("count"), "took": Sum("hours"), "arrived": Sum("timed")}
    for row in rows.order_by().values(end, "service").annotate(**sums):
        line = lines[row[end]]
        setattr(line, "copies_in" if row["service"] == "copy" else "borrowed", row["n"])
        line.hours += row["took"]
        line.timed += row["arrived"]


def _save(rows: QuerySet[ExchangeMonth], span: Span, lines: dict[int, Line]) -> None:
    """What was got, times what buying it is assumed to cost at the end of the span."""
    last_day = (span.last + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    prices = Prices(last_day, list(lines) if len(lines) == 1 else None)
    for row in rows.order_by().values("requester_id", "kind").annotate(n=Sum("count")):
        one = prices.of(row["requester_id"], row["kind"])
        lines[row["requester_id"]].saved += row["n"] * one.amount
        lines[row["requester_id"]].currency = one.currency


def _catalogue(lines: dict[int, Line]) -> None:
    """As the newest report on the network's collections counted it."""
    report = overlap_newest()
    if report is None:
        return
    told = report.figures["libraries"]
    for pk, line in lines.items():
        shared = told.get(str(pk), {}).get("shared", [0, 0, 0, 0])
        line.held, line.unique = sum(shared), shared[0]


def _named(lines: dict[int, Line]) -> list[Line]:
    names = Library.objects.in_bulk(lines)
    for pk, line in lines.items():
        line.library_id, line.name, line.code = pk, names[pk].name, names[pk].short_code
    return sorted(lines.values(), key=_most_active)


def _most_active(line: Line) -> tuple[int, str]:
    return -line.given - line.got, line.name


def total_saved(lines: Iterable[Line]) -> dict[str, Any]:
    """Per currency: amounts in different money are not added up."""
    sums: dict[str, Any] = defaultdict(int)
    for line in lines:
        if line.saved:
            sums[line.currency] += line.saved
    return dict(sums)
