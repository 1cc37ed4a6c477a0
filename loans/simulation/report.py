"""What a year came to: fill rate, first-supplier share, hours, and how evenly the work was spread."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from statistics import fmean, pstdev

from loans.simulation.world import Library

HEAD = (
    "rule",
    "fill",
    "first supplier",
    "by the second",
    "routes",
    "mean hours",
    "p90 hours",
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

    def row(self) -> tuple[str, ...]:
        return (
            self.name, f"{100 * self.fill_rate:.1f} %", f"{100 * self.first_share:.1f} %",
            f"{100 * self.second_share:.1f} %", f"{self.routes:.2f}",
            f"{self.mean_hours:.1f}", f"{self.p90_hours:.1f}", f"{self.load_spread:.2f}",
            f"{self.balance_spread:.2f}",
        )  # fmt: skip


@dataclass
class Tally:
    hours: list[float] = field(default_factory=list)
    first: int = 0
    second: int = 0
    tries: int = 0
    missed: int = 0

    def filled(self, tries: int, hours: float) -> None:
        self.hours.append(hours)
        self.first += tries == 1
        self.second += tries <= 2
        self.tries += tries

    def unfilled(self, tries: int) -> None:
        self.missed += 1
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
        )


def _variation(values: list[float]) -> float:
    mean = fmean(values) if values else 0.0
    return pstdev(values) / mean if mean else 0.0


def mean_of(reports: Sequence[Report]) -> Report:
    """Of years played with different seeds."""
    numbers = {name: fmean(getattr(one, name) for one in reports) for name in _NUMBERS}
    return replace(reports[0], **numbers)  # type: ignore[arg-type]


_NUMBERS = tuple(column.name for column in fields(Report) if column.name not in ("name", "requests"))


def table(reports: Iterable[Report]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(HEAD) + " |", "|" + "---|" * len(HEAD)]
    lines += ["| " + " | ".join(report.row()) + " |" for report in reports]
    return "\n".join(lines)
