"""The order among those who may be asked: groups first, then a weighted score, then the lot. Pure; used by compiler.

Every factor is a number from 0 to 1, higher meaning "ask this one sooner"; explain.py puts it in words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from loans.routing.model import Candidate, Facts, Policy, Snapshot, Supplier

# What is on the shelf comes first; what the library did not tell may be; what is out may come back. For use on the
# spot (copies only): as good as on the shelf.
AVAILABILITY: Mapping[str, int] = {"available": 3, "reference": 3, "unknown": 2, "on_loan": 1}
# A library without coordinates counts as if it stood on another island.
UNKNOWN_KM = 1_000
HALF_KM = 500.0  # at this distance the factor is one half
HALF_DAYS = 180.0  # and at this age of what was told
UNKNOWN_DAYS = 365
# A surplus counts against all that went to and fro; so many units are taken for granted, until there is some history.
PAIR_SHARE = 0.25  # of the factor; the rest is the balance with the whole network
PRIOR_UNITS = 10.0
SHARPNESS = 6.0
# How many answers of the network's average stand in for a library's own, until it has some.
PRIOR_ANSWERS = 5


def reciprocity(supplier: Supplier) -> float:
    """Who received more than it gave comes sooner; a quarter between the two, the rest in the whole network."""
    if supplier.no_reciprocity:
        return 0.5
    return PAIR_SHARE * _owing(supplier.pair_surplus, supplier.pair_volume) + (1 - PAIR_SHARE) * _owing(
        supplier.net_surplus, supplier.net_volume
    )


def _owing(surplus: float, volume: float) -> float:
    """Near 1 for deep debt, one half at balance, towards 0 for who has given much: x / (1 + |x|) of the share."""
    scaled = SHARPNESS * surplus / (volume + PRIOR_UNITS)
    return 0.5 - 0.5 * scaled / (1.0 + abs(scaled))


def load(supplier: Supplier) -> float:
    """Open supplies against the daily capacity the library declared; one half when a day's work is waiting."""
    return 1.0 / (1.0 + supplier.open_supplies / max(1, supplier.daily_capacity))


def hours_of(supplier: Supplier, snapshot: Snapshot) -> float:
    """Median working hours to an answer, shrunk towards the network's while there are few answers."""
    if supplier.median_hours is None or not supplier.answered:
        return snapshot.median_hours
    own, prior = supplier.answered, PRIOR_ANSWERS
    return (own * supplier.median_hours + prior * snapshot.median_hours) / (own + prior)


def fill_of(supplier: Supplier, snapshot: Snapshot) -> float:
    """The share of requests for this format the library could fill, leaning on its share of all, and that one on the
    network's, while there are few answers."""
    whole = _lean(supplier.fill_rate, supplier.fill_answers, snapshot.fill_rate)
    return _lean(supplier.format_fill, supplier.format_answers, whole)


def _lean(own: float | None, answers: float, prior: float) -> float:
    return prior if own is None else (answers * own + PRIOR_ANSWERS * prior) / (answers + PRIOR_ANSWERS)


def freshness(supplier: Supplier) -> float:
    """How lately the library told of its copy: near 1 for today, one half after half a year."""
    days = UNKNOWN_DAYS if supplier.told_days is None else supplier.told_days
    return HALF_DAYS / (HALF_DAYS + max(0, days))


def speed(supplier: Supplier, snapshot: Snapshot) -> float:
    return snapshot.median_hours / (snapshot.median_hours + hours_of(supplier, snapshot))


def distance(supplier: Supplier) -> float:
    km = UNKNOWN_KM if supplier.km is None else supplier.km
    return HALF_KM / (HALF_KM + km)


def group_of(supplier: Supplier, facts: Facts) -> tuple[int, ...]:
    """What no score can outweigh: own cell, availability, price known to fit, the closer agreement."""
    within = supplier.cost is not None if facts.cost_limit is not None else True
    return (
        1 if supplier.same_cell else 0,
        AVAILABILITY.get(supplier.availability, 0),
        1 if within else 0,
        supplier.agreement_rank,
    )


def points_of(supplier: Supplier, snapshot: Snapshot) -> dict[str, float]:
    return {
        "reciprocity": reciprocity(supplier),
        "load": load(supplier),
        "speed": speed(supplier, snapshot),
        "fill": fill_of(supplier, snapshot),
        "freshness": freshness(supplier),
        "distance": distance(supplier),
    }


def weights_of(policy: Policy) -> dict[str, float]:
    """The network's weights, made to sum to 1; unknown names and weights below 0 count for nothing."""
    known = {name: max(0.0, float(policy.weights.get(name, 0.0))) for name in FACTORS}
    total = sum(known.values())
    return {name: value / total if total else 1.0 / len(known) for name, value in known.items()}


FACTORS = ("reciprocity", "load", "speed", "fill", "freshness", "distance")


def rank(
    suppliers: Iterable[Supplier], policy: Policy, facts: Facts, snapshot: Snapshot, *, seed: str
) -> list[Candidate]:
    """Best first. Equal ones are ordered by lot from the seed, so that no library is always the first of a tie."""
    weights = weights_of(policy)
    rows = []
    for supplier in suppliers:
        points = points_of(supplier, snapshot)
        total = round(100 * sum([weights[name] * value for name, value in points.items()]), 3)
        rows.append(Candidate(supplier, group_of(supplier, facts), points, total))
    rows.sort(key=lambda row: lot(seed, row.supplier.library_id))
    rows.sort(key=lambda row: (row.group, row.score), reverse=True)
    return rows


def lot(seed: str, library_id: int) -> bytes:
    return hashlib.blake2b(f"{seed}:{library_id}".encode(), digest_size=8).digest()
