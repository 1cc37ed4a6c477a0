"""What the pages of the balance show: columns, sorted rows, sums, plots, and the same rows for a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from loans.balance.model import Line, Span
from loans.balance.reading import matrix, month_numbers, total_saved
from loans.figures.plots import BarPlot, LinePlot, bar_plot, line_plot
from loans.figures.tables import Cell, plain, words
from members.models import Library

MOST_BARS = 12
MATRIX_SIDE = 12


@dataclass(frozen=True)
class Column:
    key: str
    label: str
    unit: str
    value: Callable[[Line], Cell]


@dataclass(frozen=True)
class Row:
    line: Line
    name: str
    cells: list[str]


def columns(*, pairs: bool) -> list[Column]:
    """Of a library with its partners, or of all libraries: those have more."""
    exchange = [
        Column("lent", _("Lent"), "count", lambda line: line.lent),
        Column("copies_out", _("Copies sent"), "count", lambda line: line.copies_out),
        Column("borrowed", _("Borrowed"), "count", lambda line: line.borrowed),
        Column("copies_in", _("Copies received"), "count", lambda line: line.copies_in),
        Column("net", _("Net balance"), "signed", lambda line: line.net),
        Column("hours", _("Until it arrived, on average"), "hours", lambda line: line.mean_hours),
    ]
    if pairs:
        return exchange
    return [
        *exchange,
        Column("fill_rate", _("Fill rate"), "share", lambda line: line.fill_rate),
        Column("supply_rate", _("Answered with yes"), "share", lambda line: line.supply_rate),
        Column("saved", _("Saved"), "money", lambda line: line.saved),
        Column("unique", _("Unique editions"), "count", lambda line: line.unique),
        Column("unique_share", _("Share of its own"), "share", lambda line: line.unique_share),
    ]


def told(value: Cell, unit: str) -> str:
    """As people read it; a balance with its sign."""
    if unit == "signed" and isinstance(value, int):
        return f"+{words(value, 'count')}" if value > 0 else words(value, "count").replace("-", "−")
    if unit == "money" and value is not None:
        return str(number_format(Decimal(str(value)), 0, force_grouping=True))
    return words(value, unit)


def sorted_lines(lines: Sequence[Line], shown: Sequence[Column], key: str) -> list[Line]:
    """By a column ("net"), or the other way round ("-net"); without one as they come. What is unknown stands last."""
    if key.lstrip("-") == "name":
        return sorted(lines, key=lambda line: line.name.casefold(), reverse=key.startswith("-"))
    by = {column.key: column for column in shown}.get(key.lstrip("-"))
    if by is None:
        return list(lines)
    known = [line for line in lines if by.value(line) is not None]
    known.sort(key=lambda line: float(by.value(line) or 0), reverse=key.startswith("-"))
    return known + [line for line in lines if by.value(line) is None]


def rows_of(lines: Sequence[Line], shown: Sequence[Column]) -> list[Row]:
    return [Row(line, line.name, [told(c.value(line), c.unit) for c in shown]) for line in lines]


def file_rows(lines: Sequence[Line], shown: Sequence[Column]) -> list[list[Cell]]:
    return [[line.name, line.code, *(plain(c.value(line)) for c in shown)] for line in lines]


def headline(line: Line) -> list[tuple[str, str]]:
    """One library at a glance."""
    return [
        (_("Lent and copied for others"), told(line.given, "count")),
        (_("Borrowed and received"), told(line.got, "count")),
        (_("Net balance"), told(line.net, "signed")),
        (_("Fill rate"), told(line.fill_rate, "share")),
        (_("Until it arrived, on average"), told(line.mean_hours, "hours")),
        (_("Editions that only this library has"), told(line.unique, "count")),
    ]


def network_headline(lines: Sequence[Line]) -> list[tuple[str, str]]:
    filled, unfilled = sum(x.filled for x in lines), sum(x.unfilled for x in lines)
    saved = total_saved(lines)
    return [
        (_("Items exchanged"), told(sum(line.got for line in lines), "count")),
        (_("Fill rate"), told(filled / (filled + unfilled) if filled + unfilled else None, "share")),
        *((_("Saved (%(currency)s)") % {"currency": name}, told(n, "money")) for name, n in saved.items()),
        (_("Editions in one library only"), told(sum(line.unique or 0 for line in lines), "count")),
    ]


def months_plot(span: Span, library: Library | None = None) -> LinePlot | None:
    numbers = month_numbers(span, library)
    names = [date_format(month, "M") for month in numbers]
    given, got = [n for n, _got in numbers.values()], [n for _given, n in numbers.values()]
    series = [(_("Given"), "supplied", given)]
    if library is not None:
        series.append((_("Received"), "received", got))
    return line_plot(_("Month by month"), names, series)


def balance_plot(lines: Sequence[Line], title: str) -> BarPlot | None:
    rows = [
        (line.name, float(line.given + line.got), f"{told(line.given, 'count')} / {told(line.got, 'count')}")
        for line in lines[:MOST_BARS]
    ]
    return bar_plot(title, rows)


@dataclass(frozen=True)
class Matrix:
    names: list[tuple[str, str]]  # code, name
    rows: list[tuple[str, str, list[str]]]


def matrix_of(span: Span, lines: Sequence[Line]) -> Matrix:
    """The most active libraries with one another: who gave (down) to whom (across)."""
    chosen = sorted(lines[:MATRIX_SIDE], key=lambda line: line.name)
    counts = matrix(span, [line.library_id for line in chosen])
    rows = [
        (
            giver.code,
            giver.name,
            [
                "" if giver is taker else told(counts.get((giver.library_id, taker.library_id), 0), "count")
                for taker in chosen
            ],
        )
        for giver in chosen
    ]
    return Matrix([(line.code, line.name) for line in chosen], rows)
