"""How sure it is that two records are one edition: in points that can be shown, with one of three outcomes.

The weights are fitted on labelled pairs (fit.py) and kept in weights.json with the data's name and date; 10 points
are odds of e to 1. Called for each candidate pair that no veto forbids.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from catalog.matching import compare as measure
from catalog.matching.cautions import caution

WEIGHTS = Path(__file__).with_name("weights.json")
MERGE, REVIEW, SEPARATE = "merge", "review", "separate"
Features = dict[str, Any]


@dataclass(frozen=True)
class Weights:
    """`start`: points of a pair of which nothing is known but that it was worth a look."""

    version: str
    start: float
    points: dict[str, float]
    merge_at: float
    review_at: float

    ahead: tuple[float, ...] = ()  # what the stages after each one may still add (compare.STAGES)


@lru_cache(maxsize=8)
def weights(path: Path = WEIGHTS) -> Weights:
    told = json.loads(path.read_text(encoding="utf-8"))
    points = {name: value for part in ("fitted", "set_by_hand") for name, value in told[part].items()}
    if unknown := points.keys() - set(measure.NAMES):
        raise ValueError(f"{path.name} has weights of {', '.join(sorted(unknown))}, which nothing measures")
    gains = [sum(max(points.get(name, 0.0), 0.0) for name in names) for _, names in measure.STAGES]
    ahead = tuple(sum(gains[i + 1 :]) for i in range(len(gains)))
    return Weights(told["version"], told["start"], points, told["merge_at"], told["review_at"], ahead)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`found`: what the comparisons measured (compare.py). `caution`: why a person has to look."""

    score: int
    outcome: str
    found: dict[str, float]
    by: Weights
    caution: str = ""

    @property
    def merges(self) -> bool:
        return self.outcome == MERGE

    @property
    def points(self) -> dict[str, int]:
        """By comparison, which answers "why one record?"; what makes no point is left out."""
        shown = {name: round(value * self.by.points.get(name, 0.0)) for name, value in self.found.items()}
        return {name: points for name, points in shown.items() if points}


def compare(a: Features, b: Features, spread: float = 1.0, by: Weights | None = None) -> Verdict:
    """The cheap comparisons first: where nothing that is left could outweigh what is against it, no more are made.

    `spread`: what a shared ISBN is worth, 1 where it stands on one title (see `isbn_worth`).
    """
    known = by or weights()
    found: dict[str, float] = {}
    measure.numbers(a, b, found, spread)
    score = known.start + _sum(found, known.points)
    for (stage, _), ahead in zip(measure.STAGES, known.ahead, strict=True):
        more: dict[str, float] = {}
        stage(a, b, more)
        score += _sum(more, known.points)
        found.update(more)
        if score + ahead < known.review_at:
            return Verdict(round(score), SEPARATE, found, known)
    careful = caution(a, b, found, score)
    merges = score >= known.merge_at and not careful
    return Verdict(round(score), MERGE if merges else REVIEW, found, known, careful)


def _sum(found: dict[str, float], points: dict[str, float]) -> float:
    whole = 0.0
    for name, value in found.items():
        if value and (weight := points.get(name)):
            whole += value * weight
    return whole


def isbn_worth(titles: int) -> float:
    """What a shared ISBN is worth that stands on so many different titles: 1, 1/2, 1/4 …

    A number on several titles is a set's, a placeholder or a mistake (discovery-and-matching, 2.8 and 2.9.4).
    """
    return 0.5 ** max(titles - 1, 0) if titles < 12 else 0.0
