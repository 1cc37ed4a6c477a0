"""What a plan promises: who is asked how often, the chance that somebody says yes, hours and kilometres. Pure.

Chances and hours are those the order itself weighs (scoring.fill_of, hours_of): the past of each library. Every library
is taken to answer for itself. A coordinator's own time is not in the hours: nobody knows it before.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import fmean, pstdev

from loans.routing.model import CLAIM, PAR, Candidate, Plan, Snapshot, Stage
from loans.routing.scoring import fill_of, hours_of


@dataclass
class Promise:
    """Of one request: `fill` the chance of a yes, `hours` of work until it is filled or nobody is left, and by library
    how often it is asked and how often it supplies, each from 0 to 1."""

    fill: float = 0.0
    hours: float = 0.0
    asked: dict[int, float] = field(default_factory=dict)
    supplied: dict[int, float] = field(default_factory=dict)
    km: float = 0.0  # of what is supplied, weighted by its chance
    km_known: float = 0.0


def promise_of(plan: Plan, snapshot: Snapshot) -> Promise:
    """Stage by stage. Stages that only a person may open do not count."""
    told, left = Promise(), 1.0
    for stage in plan.stages:
        if stage.by_hand:
            continue
        spent = 0.0
        width = len(stage.candidates) if stage.mode == CLAIM else stage.width if stage.mode == PAR else 1
        for first in range(0, len(stage.candidates), max(1, width)):
            group = stage.candidates[first : first + max(1, width)]
            hours = _hours(stage, group, snapshot)
            if stage.mode != CLAIM and stage.hold_hours is not None and spent and spent >= stage.hold_hours:
                break
            left_before = left
            left = _ask(told, group, left, snapshot)
            told.hours += left_before * hours
            spent += hours
    told.fill = 1.0 - left
    return told


def _hours(stage: Stage, group: tuple[Candidate, ...], snapshot: Snapshot) -> float:
    """Of several at once the quickest decides; offers are collected until their time is over."""
    if stage.mode == CLAIM and stage.offers:
        return float(stage.hold_hours or 0)
    return min(hours_of(row.supplier, snapshot) for row in group)


def _ask(told: Promise, group: tuple[Candidate, ...], left: float, snapshot: Snapshot) -> float:
    """Ask these together with the chance `left`; the chance that nobody has said yes after them."""
    chances = [fill_of(row.supplier, snapshot) for row in group]
    nobody = 1.0
    for chance in chances:
        nobody *= 1.0 - chance
    total = sum(chances) or 1.0
    for row, chance in zip(group, chances, strict=True):
        pk, share = row.library_id, left * (1.0 - nobody) * chance / total
        told.asked[pk] = told.asked.get(pk, 0.0) + left
        told.supplied[pk] = told.supplied.get(pk, 0.0) + share
        if row.supplier.km is not None:
            told.km += share * row.supplier.km
            told.km_known += share
    return left * nobody


@dataclass
class Sum:
    """Promises of many requests added up. It lives as JSON between the parts of a preview."""

    requests: int = 0
    found: int = 0  # with anybody to ask
    fill: float = 0.0
    hours: float = 0.0
    km: float = 0.0
    km_known: float = 0.0
    asked: dict[str, float] = field(default_factory=dict)
    supplied: dict[str, float] = field(default_factory=dict)

    def add(self, promise: Promise) -> None:
        self.requests += 1
        if not promise.asked:
            return
        self.found += 1
        self.fill += promise.fill
        self.hours += promise.hours
        self.km += promise.km
        self.km_known += promise.km_known
        for mine, theirs in ((self.asked, promise.asked), (self.supplied, promise.supplied)):
            for pk, value in theirs.items():
                mine[str(pk)] = mine.get(str(pk), 0.0) + value


def spread(supplied: dict[str, float], capacity: dict[int, int]) -> float | None:
    """Coefficient of variation of what each member supplies against the daily capacity it declared; 0 is even."""
    loads = [supplied.get(str(pk), 0.0) / max(1, daily) for pk, daily in capacity.items()]
    mean = fmean(loads) if loads else 0.0
    return pstdev(loads) / mean if mean else None
