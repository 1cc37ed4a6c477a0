"""The years of a serial as bars, one row for each library, drawn by the server in percents of the row's width.

The words of catalog.presenters.coverage stand beside each bar: the drawing repeats them and says nothing more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.formats.coverage import Gap, Range, joined
from catalog.models import Holding
from catalog.presenters.coverage import coverage_words
from catalog.search.places import Place
from members.models import Library

MOST_ROWS = 30
MOST_TICKS = 8
STEPS = (1, 2, 5, 10, 20, 25, 50, 100)
Span = tuple[int, int]


@dataclass(frozen=True)
class Bar:
    """`kind`: has, part (issues are missing), gap (nothing), open (goes on)."""

    kind: str
    x: str  # percent of the width
    width: str
    label: str


@dataclass(frozen=True)
class TimelineRow:
    library: Library
    place: Place
    bars: list[Bar]
    words: list[str]
    goes_on: bool


@dataclass(frozen=True)
class Timeline:
    rows: list[TimelineRow]
    first: int
    last: int
    ticks: list[tuple[int, str]]  # year, percent
    left_out: int  # libraries with years that are not drawn
    has_gaps: bool
    has_parts: bool


def timeline_of(held: Sequence[tuple[Place, Sequence[Holding]]]) -> Timeline | None:
    """None where no library tells of more than single years. `held`: nearest first."""
    this_year = timezone.localdate().year
    told = [(place, rows, _ranges(rows)) for place, rows in held]
    told = [one for one in told if one[2]]
    spans = [_span(one, this_year) for _place, _rows, ranges in told for one in ranges]
    if not any(end - start > 1 for start, end in spans):
        return None
    first, last = min(start for start, _end in spans), max(end for _start, end in spans)
    scale = _Scale(first, last)
    rows = [
        TimelineRow(
            library=rows[0].library,
            place=place,
            bars=[bar for one in ranges for bar in _bars(one, scale, this_year)],
            words=list(dict.fromkeys(words for held in rows for words in coverage_words(held.coverage))),
            goes_on=any(one["to"] is None for one in ranges),
        )
        for place, rows, ranges in told[:MOST_ROWS]
    ]
    kinds = {bar.kind for row in rows for bar in row.bars}
    return Timeline(rows, first, last, scale.ticks(), len(told) - len(rows), "gap" in kinds, "part" in kinds)


@dataclass(frozen=True)
class _Scale:
    first: int
    last: int

    def at(self, year: float) -> str:
        return f"{100 * (year - self.first) / (self.last + 1 - self.first):.2f}%"

    def long(self, years: float) -> str:
        return f"{100 * years / (self.last + 1 - self.first):.2f}%"

    def ticks(self) -> list[tuple[int, str]]:
        """Round years; so few that their labels do not touch."""
        years = self.last + 1 - self.first
        step = next((step for step in STEPS if years / step <= MOST_TICKS), 200)
        start = -(-self.first // step) * step
        # The label of a year at the very end would stand outside.
        return [
            (year, self.at(year))
            for year in range(start, self.last + 1, step)
            if year - self.first <= 0.93 * years
        ]


def _ranges(rows: Sequence[Holding]) -> list[Range]:
    """Of the serial itself, over all the library's shelves: what one lacks another may have."""
    return joined(one for held in rows for one in held.coverage if "unit" not in one)


def _span(one: Mapping[str, int | None], this_year: int) -> Span:
    start = int(one["from"] or 0)
    return start, max(start, this_year if one["to"] is None else int(one["to"]))


def _bars(one: Range, scale: _Scale, this_year: int) -> list[Bar]:
    start, end = _span(one, this_year)
    bars: list[Bar] = []
    at = start
    for gap in sorted(one["gaps"], key=lambda gap: gap["from"]):
        left, right = max(gap["from"], at), min(gap["to"], end)
        if left > right:
            continue
        bars += [_bar("has", (at, left - 1), scale)] if left > at else []
        bars.append(_bar("part" if "part" in gap else "gap", (left, right), scale, gap))
        at = right + 1
    if at <= end:
        bars.append(_bar("open" if one["to"] is None else "has", (at, end), scale))
    return bars


def _bar(kind: str, span: Span, scale: _Scale, gap: Gap | None = None) -> Bar:
    years = str(span[0]) if span[0] == span[1] else f"{span[0]}–{span[1]}"
    if kind == "gap":
        label = _("missing: %(years)s") % {"years": years}
    elif kind == "part":
        label = _("incomplete: %(years)s") % {"years": str((gap or {}).get("label") or years)}
    elif kind == "open":
        label = _("%(year)s and on") % {"year": span[0]}
    else:
        label = years
    return Bar(kind, scale.at(span[0]), scale.long(span[1] + 1 - span[0]), label)
