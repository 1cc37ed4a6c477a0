"""Stage of the bench for routing: plan and rank 1,000 libraries, and a simulated year beside lot and nearest first."""

from __future__ import annotations

import random
from datetime import datetime, timezone
from decimal import Decimal
from statistics import median
from time import perf_counter

from loans.routing.compiler import compile
from loans.routing.model import Facts, Policy, Snapshot, Supplier
from tests.perf.report import Report

LIBRARIES, ROUNDS = 1_000, 40
# A short year of as many wishes per library as in docs/routing.md, where the whole one stands.
YEAR_LIBRARIES, YEAR_REQUESTS = 30, 20_000
YEAR_SEED = 31


def bench_routing(report: Report) -> None:
    report.add(
        "plan_1000_candidates_ms",
        plan_milliseconds(),
        "plan and rank 1,000 candidate libraries, median",
        ceiling=100,
    )
    bench_year(report)


def plan_milliseconds(rounds: int = ROUNDS) -> float:
    """Median over the five shapes, each with its own seed."""
    now = crowd(LIBRARIES)
    times = []
    for number in range(rounds):
        policy = Policy(topology=("mesh", "bus", "ring", "star", "tree")[number % 5], hub=1)
        start = perf_counter()
        plan = compile(policy, Facts(str(number), LIBRARIES + 1), now, seed=str(number))
        times.append(1000 * (perf_counter() - start))
        assert plan.candidates
    return median(times)


def crowd(size: int) -> Snapshot:
    """Holders as a popular title has them: of all sizes, habits and distances."""
    dice = random.Random(size)
    rows = tuple(
        Supplier(
            library_id=number, name=f"Library {number}", availability=dice.choice(("available", "unknown", "on_loan")),
            km=dice.randrange(4000), open_supplies=dice.randrange(30), cost=Decimal(0),
            pair_surplus=dice.gauss(0, 5), net_surplus=dice.gauss(0, 50), median_hours=dice.uniform(2, 60),
            answered=dice.randrange(200), fill_rate=dice.random(), fill_answers=dice.uniform(0, 100),
            format_fill=dice.random(), format_answers=dice.uniform(0, 40), told_days=dice.randrange(900),
        )
        for number in range(1, size + 1)
    )  # fmt: skip
    parents: dict[int, int | None] = {number: number // 10 or None for number in range(1, size + 2)}
    ring = tuple(range(1, size + 2))
    return Snapshot(datetime.now(timezone.utc), rows, ring=ring, parents=parents)


def bench_year(report: Report) -> None:
    from loans.simulation.games import RANKINGS
    from loans.simulation.habits import DOCLINE
    from loans.simulation.play import play
    from loans.simulation.world import make

    world = make(YEAR_LIBRARIES, YEAR_SEED, DOCLINE)
    for game in RANKINGS:
        told = play(world, game(world), requests=YEAR_REQUESTS, seed=YEAR_SEED)
        key = f"year_{told.name.replace(' ', '_')}"
        report.add(f"{key}_fill", told.fill_rate, "share of wishes filled in a short simulated year")
        report.add(f"{key}_first", told.first_share, "of those, at the first library")
        report.add(f"{key}_hours", told.mean_hours, "mean working hours to a yes")
        report.add(f"{key}_load_spread", told.load_spread, "variation of supplies per capacity; 0 is even")
