"""Plots as geometry: numbers in, places for a template's SVG out. Every plot stands beside its table.

Drawn in user units of a fixed width; the stylesheet makes it as wide as its place. No legend: names stand at the bars.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

WIDTH = 640
ROW = 44  # letters grow on a phone, where the whole plot shrinks: rows leave room for them
LABEL_HEIGHT = 22
CHART_HEIGHT = 180
FOOT = 22
HEAD = 18


@dataclass(frozen=True)
class Bar:
    label: str
    value: str
    x: float
    y: float
    width: float
    height: float

    @property
    def above(self) -> float:
        return self.y - 6


@dataclass(frozen=True)
class BarPlot:
    """Bars that lie, one below the other, its name and value above: no name covers a number."""

    title: str
    bars: tuple[Bar, ...]
    width: int
    height: int


def bar_plot(title: str, rows: Sequence[tuple[str, float, str]]) -> BarPlot | None:
    """Rows of (label, value, value in words). None without anything to draw."""
    top = max((value for _label, value, _words in rows), default=0)
    if top <= 0:
        return None
    bars = tuple(
        Bar(label, text, 0, place * ROW + LABEL_HEIGHT + 5, round(max(1.0, WIDTH * value / top), 1), 10)
        for place, (label, value, text) in enumerate(rows)
    )
    return BarPlot(title, bars, WIDTH, len(rows) * ROW)


@dataclass(frozen=True)
class Series:
    name: str
    tone: str
    points: str  # of a polyline
    dots: tuple[tuple[float, float], ...]
    end: tuple[float, float]  # where its name stands


@dataclass(frozen=True)
class LinePlot:
    """Lines over the months, each with its name at its end."""

    title: str
    series: tuple[Series, ...]
    ticks: tuple[tuple[float, str], ...]  # along the foot
    levels: tuple[tuple[float, str], ...]  # at the side
    width: int
    height: int
    left: int
    right: int

    @property
    def side(self) -> int:
        """Where the numbers at the side end."""
        return self.left - 8


def line_plot(
    title: str, names: Sequence[str], series: Sequence[tuple[str, str, Sequence[int]]]
) -> LinePlot | None:
    """`names` along the foot, `series` of (name, tone, one value for each). None without two months or any value."""
    top = max((value for _name, _tone, values in series for value in values), default=0)
    if top <= 0 or len(names) < 2:
        return None
    step = _round_step(top)
    most = step * -(-top // step)
    left, right = 44, WIDTH - 120
    base = HEAD + CHART_HEIGHT

    def place(index: int, value: float) -> tuple[float, float]:
        x = left + (right - left) * index / (len(names) - 1)
        return round(x, 1), round(base - CHART_HEIGHT * value / most, 1)

    drawn = []
    for name, tone, values in series:
        dots = tuple(place(index, value) for index, value in enumerate(values))
        drawn.append(Series(name, tone, " ".join(f"{x},{y}" for x, y in dots), dots, dots[-1]))
    every = -(-len(names) // 8)
    ticks = tuple((place(index, 0)[0], name) for index, name in enumerate(names) if index % every == 0)
    levels = tuple((place(0, level)[1], str(level)) for level in range(0, most + 1, step))
    return LinePlot(title, _apart(drawn, base), ticks, levels, WIDTH, base + FOOT, left, right)


def _round_step(top: int) -> int:
    """1, 2 or 5 times a power of ten, so that about four lines are drawn."""
    step = 1
    while True:
        for factor in (1, 2, 5):
            if top / (step * factor) <= 5:
                return step * factor
        step *= 10


def _apart(series: list[Series], base: float) -> tuple[Series, ...]:
    """Names at the lines' ends stand one below the other where they would cover each other; none below the `base`."""
    order = sorted(range(len(series)), key=lambda index: series[index].end[1])
    heights: list[float] = []
    for index in order:
        heights.append(max(series[index].end[1], heights[-1] + LABEL_HEIGHT if heights else 0))
    lowest = base
    for place in reversed(range(len(heights))):
        heights[place] = min(heights[place], lowest)
        lowest = heights[place] - LABEL_HEIGHT
    ends = dict(zip(order, heights, strict=True))
    return tuple(replace(one, end=(one.end[0], ends[index])) for index, one in enumerate(series))
