"""Searches by day as a drawing made on the server: a bar for each day, the part that found nothing at its foot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from catalog.selectors.usage import Day

WIDTH, HEIGHT, LEFT, FOOT = 640, 180, 46, 22
MOST_BARS = 93  # days; of longer periods weeks are drawn


@dataclass(frozen=True)
class Bar:
    x: float
    width: float
    top: float
    height: float
    nothing_top: float
    nothing: float


@dataclass(frozen=True)
class UsePlot:
    bars: list[Bar]
    levels: list[tuple[float, str]]
    ticks: list[tuple[float, str, str]]  # where, what, to which side
    title: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    side: int = LEFT - 6


def use_plot(days: Sequence[Day]) -> UsePlot | None:
    """None where nothing was searched."""
    bars = _joined(days)
    most = max((searches for _day, searches, _nothing in bars), default=0)
    if not most:
        return None
    step, floor = (WIDTH - LEFT) / len(bars), HEIGHT - FOOT
    scale = (floor - 8) / most

    def drawn(n: int, searches: int, nothing: int) -> Bar:
        tall, none = searches * scale, nothing * scale
        return Bar(round(LEFT + n * step + step * 0.1, 1), round(step * 0.8, 1), round(floor - tall, 1),
                   round(tall, 1), round(floor - none, 1), round(none, 1))  # fmt: skip

    ends = [(0, 0.0, "start"), *([(len(bars) - 1, 1.0, "end")] if len(bars) > 1 else [])]
    title = _("Searches by day, %(first)s to %(last)s: at most %(most)s") % {
        "first": _short(days[0].day), "last": _short(days[-1].day), "most": number_format(most, force_grouping=True),
    }  # fmt: skip
    return UsePlot(
        [drawn(n, searches, nothing) for n, (_day, searches, nothing) in enumerate(bars)],
        [(round(floor - level * scale, 1), number_format(level, force_grouping=True)) for level in {0, most}],
        [(round(LEFT + at * (WIDTH - LEFT), 1), _short(bars[n][0]), anchor) for n, at, anchor in ends],
        title,
    )


def _joined(days: Sequence[Day]) -> list[tuple[date, int, int]]:
    if len(days) <= MOST_BARS:
        return [(one.day, one.searches, one.nothing) for one in days]
    weeks = groupby(days, key=lambda one: one.day - timedelta(days=one.day.weekday()))
    joined = [(monday, list(group)) for monday, group in weeks]
    return [(monday, sum(d.searches for d in week), sum(d.nothing for d in week)) for monday, week in joined]


def _short(day: date) -> str:
    return date_format(day, "j M Y")
