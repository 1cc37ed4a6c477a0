"""The figures page: headline, plots and tables of one library or of the network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from loans.figures.definitions import BY_KEY, STAGES
from loans.figures.model import Figures, Period, last_days
from loans.figures.plots import BarPlot, LinePlot, bar_plot, line_plot
from loans.figures.tables import Table, hours_words, reason_words, tables_of, words
from members.permissions import Capability
from network_portal.core.actor import Actor

# What one library does with another is for the two, and for who runs the network.
BETWEEN_LIBRARIES = ("partners", "costs")
MOST_BARS = 12


@dataclass(frozen=True)
class Part:
    table: Table
    lines: LinePlot | None = None
    bars: BarPlot | None = None

    @property
    def more(self) -> list[str]:
        """What else the table's columns mean."""
        return [str(BY_KEY["first_rate"].means)] if self.table.key == "fill_rate" else []


@dataclass(frozen=True)
class Preset:
    label: str
    query: str
    current: bool


def tables_for(actor: Actor, figures: Figures) -> list[Table]:
    """All tables of a library that the actor may see; of the network's, those that name no library."""
    tables = tables_of(figures)
    if figures.scope.library_id is not None or actor.is_system or actor.can(Capability.NETWORK_MANAGE):
        return tables
    return [table for table in tables if table.key not in BETWEEN_LIBRARIES]


def headline(figures: Figures) -> list[tuple[str, str]]:
    ends = figures.ends[""]
    whole = {t.service: t.median for t in figures.turnaround if t.stage == "whole" and not t.level}
    late = {"loan": _("Loan: from asking to arriving"), "copy": _("Copy: from asking to arriving")}
    return [
        (_("Fill rate"), words(ends.fill_rate, "share")),
        (_("Filled at the first library"), words(ends.first_rate, "share")),
        (_("Answered with yes"), words(figures.answers.supply_rate, "share")),
        *((label, hours_words(whole[service])) for service, label in late.items() if service in whole),
    ]


def parts_of(tables: list[Table], figures: Figures) -> list[Part]:
    """Each table with its plot, if there is something to draw."""
    bars = {"turnaround": _turnaround, "reasons": _reasons, "partners": _partners}
    return [
        Part(
            table,
            lines=_months(figures, str(table.definition.title)) if table.key == "months" else None,
            bars=bars[table.key](figures, str(table.definition.title)) if table.key in bars else None,
        )
        for table in tables
    ]


def _months(figures: Figures, title: str) -> LinePlot | None:
    series = (
        (_("Requested"), "asked", [m.asked for m in figures.months]),
        (_("Supplied"), "supplied", [m.supplied for m in figures.months]),
        (_("Received"), "received", [m.received for m in figures.months]),
    )
    return line_plot(title, [date_format(m.month, "M y") for m in figures.months], series)


def _turnaround(figures: Figures, title: str) -> BarPlot | None:
    services = {"loan": _("Loan"), "copy": _("Copy")}
    rows = [
        (f"{services.get(t.service, t.service)}: {STAGES[t.stage]}", t.median, hours_words(t.median))
        for t in figures.turnaround
        if not t.level
    ]
    return bar_plot(title, rows)


def _reasons(figures: Figures, title: str) -> BarPlot | None:
    rows = [
        (reason_words(r.code), float(r.said + r.heard), words(r.said + r.heard, "count"))
        for r in figures.reasons[:MOST_BARS]
    ]
    return bar_plot(title, rows)


def _partners(figures: Figures, title: str) -> BarPlot | None:
    """How much is exchanged with each; the balance itself stands in the table."""
    rows = [
        (
            p.name,
            float(p.supplied + p.received),
            f"{words(p.supplied, 'count')} / {words(p.received, 'count')}",
        )
        for p in figures.partners[:MOST_BARS]
    ]
    return bar_plot(title, rows)


def presets(period: Period) -> list[Preset]:
    """Periods one click away."""
    today = last_days().last
    year = date(today.year, 1, 1)
    named = (
        (_("30 days"), last_days(30)),
        (_("90 days"), last_days(90)),
        (_("12 months"), last_days()),
        (_("this year"), Period(year, today)),
        (_("last year"), Period(date(today.year - 1, 1, 1), year - timedelta(days=1))),
    )
    return [
        Preset(label, f"since={one.first.isoformat()}&until={one.last.isoformat()}", one == period)
        for label, one in named
    ]
