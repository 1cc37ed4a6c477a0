"""What a year came to: fill rate, first-supplier share, hours, and how evenly the work was spread."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from statistics import fmean, pstdev, stdev

from loans.simulation.world import Library

HEAD = (
    "rule",
    "fill",
    "first supplier",
    "by the second",
    "asked",
    "mean hours",
    "90 % within",
    "load spread",
    "give/take spread",
)


@dataclass(frozen=True)
class Report:
    """`first_share` is of the filled ones, as DOCLINE counts. Spreads are coefficients of variation: 0 is even."""

    name: str
    requests: int
    fill_rate: float
    first_share: float
    second_share: float  # at the first or second
    routes: float
    mean_hours: float
    p90_hours: float
    load_spread: float
    balance_spread: float
    said: tuple[tuple[str, float], ...] = ()  # how libraries answered, in shares of all answers
    unfilled: tuple[tuple[str, float], ...] = ()  # why wishes were not filled, in shares of all wishes


@dataclass
class Tally:
    hours: list[float] = field(default_factory=list)
    first: int = 0
    second: int = 0
    tries: int = 0
    missed: int = 0
    why: Counter[str] = field(default_factory=Counter)  # why wishes were not filled
    said: Counter[str] = field(default_factory=Counter)  # how libraries answered

    def filled(self, tries: int, hours: float) -> None:
        self.hours.append(hours)
        self.first += tries == 1
        self.second += tries <= 2
        self.tries += tries

    def unfilled(self, tries: int, why: str) -> None:
        self.missed += 1
        self.why[why] += 1
        self.tries += tries

    def report(self, name: str, libraries: Iterable[Library]) -> Report:
        rows = list(libraries)
        total = len(self.hours) + self.missed
        ordered = sorted(self.hours)
        return Report(
            name=name,
            requests=total,
            fill_rate=len(ordered) / total if total else 0.0,
            first_share=self.first / len(ordered) if ordered else 0.0,
            second_share=self.second / len(ordered) if ordered else 0.0,
            routes=self.tries / total if total else 0.0,
            mean_hours=fmean(ordered) if ordered else 0.0,
            p90_hours=ordered[int(0.9 * (len(ordered) - 1))] if ordered else 0.0,
            load_spread=_variation([row.supplied / row.capacity for row in rows]),
            balance_spread=_variation([row.supplied / max(1.0, row.received) for row in rows]),
            said=_shares(self.said, self.said.total()),
            unfilled=_shares(self.why, total),
        )


def _shares(counted: Counter[str], whole: int) -> tuple[tuple[str, float], ...]:
    return tuple((code, number / whole) for code, number in counted.most_common())


def _variation(values: list[float]) -> float:
    mean = fmean(values) if values else 0.0
    return pstdev(values) / mean if mean else 0.0


_NUMBERS = tuple(
    column.name for column in fields(Report) if column.name not in ("name", "requests", "said", "unfilled")
)
# How each is told: a factor, the digits after the point, what follows.
_TOLD = {
    "fill_rate": (100, 1, " %"), "first_share": (100, 1, " %"), "second_share": (100, 1, " %"), "routes": (1, 2, ""),
    "mean_hours": (1, 1, ""), "p90_hours": (1, 1, ""), "load_spread": (1, 3, ""), "balance_spread": (1, 3, ""),
}  # fmt: skip


def table(rows: Iterable[Sequence[Report]]) -> str:
    """A Markdown table. A row is one rule's years, each with its own seed: the mean, and ± their deviation."""
    lines = ["| " + " | ".join(HEAD) + " |", "|---" + "|---:" * (len(HEAD) - 1) + "|"]
    for years in rows:
        cells = [_cell([getattr(year, name) for year in years], *_TOLD[name]) for name in _NUMBERS]
        lines.append("| " + " | ".join([years[0].name, *cells]) + " |")
    return "\n".join(lines)


def _cell(values: Sequence[float], factor: int, digits: int, unit: str) -> str:
    told = f"{factor * fmean(values):.{digits}f}"
    return told + (f" ± {factor * stdev(values):.{digits}f}" if len(values) > 1 else "") + unit


def reasons(years: Sequence[Report]) -> str:
    """How libraries answered, and why wishes stayed unfilled, as two lines."""
    lines = []
    for head, name in (("answers", "said"), ("not filled", "unfilled")):
        told: dict[str, float] = defaultdict(float)
        for year in years:
            for code, share in getattr(year, name):
                told[code] += share / len(years)
        ordered = sorted(told.items(), key=lambda pair: -pair[1])
        lines.append(f"{head}: " + ", ".join(f"{code} {100 * share:.1f} %" for code, share in ordered))
    return "\n".join(lines)
