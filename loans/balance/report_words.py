"""The yearly report as sentences and plots, in the language in use. Made of what was kept, never counted anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.dates import MONTHS_AP
from django.utils.translation import gettext as _

from loans.balance.model import Assumption
from loans.balance.presenters import told
from loans.balance.report import line_of
from loans.balance.words import assumption_words
from loans.figures.plots import BarPlot, LinePlot, bar_plot, line_plot
from loans.models import YearReport


@dataclass(frozen=True)
class Told:
    """What the page and the PDF show."""

    title: str
    sentences: list[str]
    rows: list[tuple[str, str, str]]  # what, this year, the year before
    months: LinePlot | None
    month_rows: list[tuple[str, int, int]]
    partners: BarPlot | None
    partner_rows: list[tuple[str, int, int]]
    assumed: list[str]


def told_of(report: YearReport) -> Told:
    data: dict[str, Any] = report.data
    names = [str(MONTHS_AP[number]) for number in range(1, len(data["months"]) + 1)]
    given, got = [one[0] for one in data["months"]], [one[1] for one in data["months"]]
    bars = [
        (name, float(a + b), f"{told(a, 'count')} / {told(b, 'count')}") for name, a, b in data["partners"]
    ]
    series = [(_("Given"), "supplied", given), (_("Received"), "received", got)]
    return Told(
        title=_("%(library)s in %(year)s") % {"library": report.library.name, "year": report.year},
        sentences=_sentences(report), rows=_rows(data),
        months=line_plot(_("Month by month"), names, series), month_rows=list(zip(names, given, got, strict=True)),
        partners=bar_plot(_("Given / received"), bars), partner_rows=[tuple(one) for one in data["partners"]],
        assumed=[_assumed(one) for one in data["assumed"]],
    )  # fmt: skip


def _sentences(report: YearReport) -> list[str]:
    """Plain sentences; each compares with the year before where there is something to compare with."""
    now, before = line_of(report.data["now"]), line_of(report.data["before"])
    values = {
        "year": report.year, "given": told(now.given, "count"), "got": told(now.got, "count"),
        "more_given": _change(now.given, before.given), "more_got": _change(now.got, before.got),
        "copies": told(now.copies_out, "count"), "currency": now.currency, "saved": told(now.saved, "money"),
        "rate": told(now.fill_rate, "share"), "time": told(now.mean_hours, "hours"),
        "held": told(now.held, "count"), "unique": told(now.unique, "count"),
    }  # fmt: skip
    said = [
        _("The library gave other libraries %(given)s items, %(copies)s of them as copies: %(more_given)s.")
        % values,
        _("Its readers got %(got)s items from other libraries: %(more_got)s.") % values,
    ]
    if now.got:
        said.append(_("Buying these would have cost about %(currency)s %(saved)s.") % values)
    if now.fill_rate is not None:
        said.append(_("Of what its readers asked for, %(rate)s was found.") % values)
    if now.mean_hours is not None:
        said.append(_("On average an item arrived after %(time)s.") % values)
    if now.held:
        said.append(
            _("It brings %(held)s editions into the joint catalogue; %(unique)s of them no other member has.")
            % values
        )
    return said


def _change(now: int, before: int) -> str:
    if now == before:
        return _("as many as in the year before")
    number = told(abs(now - before), "count")
    if now > before:
        return _("%(number)s more than in the year before") % {"number": number}
    return _("%(number)s fewer than in the year before") % {"number": number}


def _rows(data: dict[str, Any]) -> list[tuple[str, str, str]]:
    now, before = line_of(data["now"]), line_of(data["before"])
    return [
        (_("Lent"), told(now.lent, "count"), told(before.lent, "count")),
        (_("Copies sent"), told(now.copies_out, "count"), told(before.copies_out, "count")),
        (_("Borrowed"), told(now.borrowed, "count"), told(before.borrowed, "count")),
        (_("Copies received"), told(now.copies_in, "count"), told(before.copies_in, "count")),
        (_("Net balance"), told(now.net, "signed"), told(before.net, "signed")),
        (_("Fill rate"), told(now.fill_rate, "share"), told(before.fill_rate, "share")),
        (_("Answered with yes"), told(now.supply_rate, "share"), told(before.supply_rate, "share")),
        (_("Until it arrived, on average"), told(now.mean_hours, "hours"), told(before.mean_hours, "hours")),
        (_("Saved (%(currency)s)") % {"currency": now.currency}, told(now.saved, "money"), told(before.saved, "money")),
    ]  # fmt: skip


def _assumed(row: list[Any]) -> str:
    kind, amount, currency, said_by, since, reason = row
    day = date.fromisoformat(since) if since else None
    return assumption_words(Assumption(kind, Decimal(amount), currency, said_by, day, reason))
