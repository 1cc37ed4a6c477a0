"""How the hits spread over the years, as a small drawing and as a list of links. Called by `page`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

BARS = 24  # at most
WIDTH, HEIGHT = 240, 56  # of the drawing, in its own units
GAP = 1.5
SPANS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)  # years of one bar
EARLIEST = 1000  # a year before it is a slip of the pen


@dataclass(frozen=True)
class Bar:
    first: int
    last: int
    count: int
    url: str  # the same question, narrowed to these years
    x: float
    y: float
    width: float
    height: float

    @property
    def label(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"


@dataclass(frozen=True)
class Histogram:
    first: int
    last: int
    bars: list[Bar]
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def filled(self) -> list[Bar]:
        return [bar for bar in self.bars if bar.count]

    @property
    def most(self) -> Bar:
        return max(self.bars, key=lambda bar: bar.count)


def histogram(years: Sequence[tuple[int, int]], url: Callable[[int, int], str]) -> Histogram | None:
    """None where fewer than two years were found. `years`: (year, hits), the earliest first."""
    told = [(year, count) for year, count in years if year >= EARLIEST] or list(years)
    if len(told) < 2:
        return None
    first, last = told[0][0], told[-1][0]
    span = next((span for span in SPANS if last // span - first // span < BARS), SPANS[-1])
    start = first // span
    counts = [0] * (last // span - start + 1)
    for year, count in told:
        counts[year // span - start] += count
    step, highest = WIDTH / len(counts), max(counts)
    bars = []
    for place, count in enumerate(counts):
        height = max(round(count / highest * HEIGHT, 1), 2.0) if count else 0.0
        begin = (start + place) * span
        bars.append(Bar(
            begin, begin + span - 1, count, url(begin, begin + span - 1), x=round(place * step, 1),
            y=HEIGHT - height, width=round(max(step - GAP, 1), 1), height=height,
        ))  # fmt: skip
    return Histogram(first, last, bars)
