"""How a library of the game answers: yes, or no with the reason, and after how many hours. Reads the hidden truth."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from hashlib import blake2b

from loans.routing.model import Candidate
from loans.simulation.habits import at_hand
from loans.simulation.world import Library, World

SILENCE_HOURS = 24.0  # the deadline of an unanswered question
YES, STALE, SHELF, RULES, BUSY, SILENT = "yes", "not_held", "not_on_shelf", "rules", "busy", "silent"
REASONS = (STALE, SHELF, RULES, BUSY, SILENT)


@dataclass(frozen=True)
class Answer:
    said: str
    hours: float

    @property
    def yes(self) -> bool:
        return self.said == YES


def answer_of(world: World, library: Library, row: Candidate, material: str, key: str) -> Answer:
    """What the library says to this wish. Chance belongs to wish and library, so that it is the same in whatever
    order they are asked; only how much lies on its desk depends on what the order brought it."""
    habits, truth = world.habits, world.truths[library.pk - 1]
    pace, *dice = _chances(f"{key}:{library.pk}")
    waiting = len(library.open_until) / library.capacity
    hours = truth.hours * max(1.0, waiting) * (0.4 + 1.2 * pace)
    there = at_hand(habits, row.supplier.availability, row.supplier.told_days or 0.0)
    chances = (
        (SILENT, truth.silence),
        (STALE, 1.0 - there),
        (SHELF, truth.shelf[material]),
        (RULES, truth.rules[material]),
        (BUSY, min(0.5, habits.busy * max(0.0, waiting - 1.0))),
    )
    said = next((code for (code, chance), die in zip(chances, dice, strict=True) if die < chance), YES)
    if said == SILENT or hours > 4 * SILENCE_HOURS:
        return Answer(SILENT, SILENCE_HOURS)
    return Answer(said, hours)


def _chances(key: str) -> list[float]:
    """Six numbers from 0 to 1."""
    return [raw / 2**32 for raw in struct.unpack("<6I", blake2b(key.encode(), digest_size=24).digest())]
