"""Figures as tables: what the page prints, the CSV lists and the API answers is made here, once."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from loans.choices import ChargeKind, Level, Service, reason_label
from loans.figures.definitions import BY_KEY, STAGES, Definition
from loans.figures.model import Figures

Cell = str | int | float | Decimal | None


@dataclass(frozen=True)
class Column:
    key: str
    label: str
    unit: str = "count"  # text, count, share, hours, money


@dataclass(frozen=True)
class Table:
    definition: Definition
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    codes: tuple[str, ...] = ()  # of the rows, the same in every language

    @property
    def key(self) -> str:
        return self.definition.key

    @property
    def shown(self) -> list[list[tuple[Column, str]]]:
        """The cells as people read them, in the language in use."""
        return [
            [(column, words(value, column.unit)) for column, value in zip(self.columns, row, strict=True)]
            for row in self.rows
        ]

    def as_json(self) -> dict[str, Any]:
        rows = []
        for place, row in enumerate(self.rows):
            values = {column.key: plain(value) for column, value in zip(self.columns, row, strict=True)}
            rows.append({"code": self.codes[place], **values} if self.codes else values)
        return {
            "title": str(self.definition.title),
            "definition": str(self.definition.means),
            "columns": [{"key": c.key, "label": c.label, "unit": c.unit} for c in self.columns],
            "rows": rows,
        }


def words(value: Cell, unit: str) -> str:
    if value is None:
        return "–"
    if unit == "share":
        return _("%(number)s%%") % {"number": number_format(round(float(value) * 100, 1), 1)}
    if unit == "hours":
        return hours_words(float(value))
    if unit == "money":
        return str(number_format(value, 2, force_grouping=True))
    if unit == "count":
        return str(number_format(value, force_grouping=True))
    return str(value)


def hours_words(hours: float) -> str:
    """Short times in hours, longer ones in days: that is how people think of them."""
    if hours < 48:
        return _("%(number)s h") % {"number": number_format(round(hours, 1), 1)}
    return _("%(number)s days") % {"number": number_format(round(hours / 24, 1), 1)}


def plain(value: Cell) -> Cell:
    """For CSV and API: a share as 0.9231, hours with two decimals, money as text so that no cent is lost."""
    if isinstance(value, Decimal):
        return str(value)
    return round(value, 4) if isinstance(value, float) else value


def tables_of(figures: Figures) -> list[Table]:
    makers = (_rates, _ends, _answers, _months, _turnaround, _reasons, _partners, _wanted, _overdue, _costs)
    return [make(figures) for make in makers]


def _rates(figures: Figures) -> Table:
    rows: list[tuple[Cell, ...]] = []
    codes = []
    for service, label in _services():
        ends = figures.ends.get(service)
        if ends is not None:
            rows.append((label, ends.fill_rate, ends.first_rate, ends.decided))
            codes.append(service or "all")
    columns = (
        Column("service", _("Service"), "text"),
        Column("fill_rate", _("Fill rate"), "share"),
        Column("first_rate", _("Filled at the first library"), "share"),
        Column("decided", _("Filled or not filled")),
    )
    return Table(BY_KEY["fill_rate"], columns, tuple(rows), tuple(codes))


def _services() -> list[tuple[str, str]]:
    return [("", _("All")), *((service.value, str(service.label)) for service in Service)]


def _ends(figures: Figures) -> Table:
    fields = (
        ("asked", _("Requested")), ("filled", _("Filled")), ("unfilled", _("Not filled")),
        ("cancelled", _("Cancelled")), ("refused", _("Not approved")), ("closed", _("Closed by the coordinator")),
        ("local", _("Found at the own library")),
    )  # fmt: skip
    rows = [
        (label, *(getattr(figures.ends[service], name) for name, _label in fields))
        for service, label in _services()
        if service in figures.ends
    ]
    codes = [service or "all" for service, _label in _services() if service in figures.ends]
    columns = (Column("service", _("Service"), "text"), *(Column(name, label) for name, label in fields))
    return Table(BY_KEY["ends"], columns, tuple(rows), tuple(codes))


def _answers(figures: Figures) -> Table:
    said = figures.answers
    columns = (
        Column("supply_rate", _("Answered with yes"), "share"),
        Column("yes", _("Yes")),
        Column("no", _("No")),
        Column("silent", _("No answer in time")),
    )
    return Table(BY_KEY["supply_rate"], columns, ((said.supply_rate, said.yes, said.no, said.silent),))


def _months(figures: Figures) -> Table:
    rows = [(date_format(m.month, "M Y"), m.asked, m.supplied, m.received) for m in figures.months]
    columns = (
        Column("month", _("Month"), "text"),
        Column("asked", _("Requested")),
        Column("supplied", _("Supplied")),
        Column("received", _("Received")),
    )
    codes = tuple(m.month.isoformat()[:7] for m in figures.months)
    return Table(BY_KEY["months"], columns, tuple(rows), codes)


def _turnaround(figures: Figures) -> Table:
    levels = {"": _("All"), **{level.value: str(level.label) for level in Level}}
    services = dict(_services())
    rows = [
        (services.get(t.service, t.service), str(STAGES[t.stage]), levels.get(t.level, t.level), t.count, t.median,
         t.mean, t.ninth)
        for t in figures.turnaround
    ]  # fmt: skip
    columns = (
        Column("service", _("Service"), "text"),
        Column("stage", _("Stage"), "text"),
        Column("level", _("Level"), "text"),
        Column("count", _("Cases")),
        Column("median", _("Middle value"), "hours"),
        Column("mean", _("Average"), "hours"),
        Column("ninth", _("Nine of ten"), "hours"),
    )
    codes = tuple(f"{t.service}.{t.stage}.{t.level or 'all'}" for t in figures.turnaround)
    return Table(BY_KEY["turnaround"], columns, tuple(rows), codes)


def reason_words(code: str) -> str:
    return _("No answer in time") if code == "no_answer" else reason_label(code)


def _reasons(figures: Figures) -> Table:
    own = figures.scope.library_id is not None
    rows = [(reason_words(r.code), r.said, *((r.heard,) if own else ())) for r in figures.reasons]
    columns = (
        Column("reason", _("Reason"), "text"),
        Column("said", _("We said") if own else _("Said")),
        *((Column("heard", _("We heard")),) if own else ()),
    )
    return Table(BY_KEY["reasons"], columns, tuple(rows), tuple(r.code for r in figures.reasons))


def _partners(figures: Figures) -> Table:
    fields = (
        ("supplied_loans", _("Loans supplied")), ("supplied_copies", _("Copies supplied")),
        ("received_loans", _("Loans received")), ("received_copies", _("Copies received")), ("balance", _("Balance")),
    )  # fmt: skip
    rows = [(p.name, *(getattr(p, name) for name, _label in fields)) for p in figures.partners]
    columns = (Column("library", _("Library"), "text"), *(Column(name, label) for name, label in fields))
    return Table(BY_KEY["partners"], columns, tuple(rows), tuple(p.code for p in figures.partners))


def _wanted(figures: Figures) -> Table:
    columns = (Column("title", _("Title"), "text"), Column("count", _("Requested")))
    codes = tuple(str(w.edition_id or "") for w in figures.wanted)
    return Table(BY_KEY["wanted"], columns, tuple((w.title, w.count) for w in figures.wanted), codes)


def _overdue(figures: Figures) -> Table:
    late = figures.overdue
    columns = (
        Column("due", _("Due in the period")),
        Column("late", _("Back late")),
        Column("rate", _("Share"), "share"),
        Column("now", _("Overdue at this moment")),
    )
    return Table(BY_KEY["overdue"], columns, ((late.due, late.late, late.rate, late.now),))


def _costs(figures: Figures) -> Table:
    own = figures.scope.library_id is not None
    kinds = {kind.value: str(kind.label) for kind in ChargeKind}
    rows = [
        (kinds.get(c.kind, c.kind), c.currency, c.earned, *((c.paid,) if own else ())) for c in figures.costs
    ]
    columns = (
        Column("kind", _("Kind"), "text"),
        Column("currency", _("Currency"), "text"),
        Column("earned", _("We charged") if own else _("Charged"), "money"),
        *((Column("paid", _("We were charged"), "money"),) if own else ()),
    )
    return Table(BY_KEY["costs"], columns, tuple(rows), tuple(c.kind for c in figures.costs))
