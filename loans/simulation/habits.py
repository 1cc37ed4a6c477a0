"""What libraries of the game do in truth: why they say no, how often, and how old what they tell is.

`world.py` draws each library's `Truth` from one of these sets; only `answers.py` reads it. The ranking never does: it
sees what a portal sees, that is what was told, when, and how the library answered before. Sources of the numbers and
what is only assumed: docs/routing.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

YEAR_DAYS = 365.0


@dataclass(frozen=True)
class Uneven:
    """A chance that differs from library to library: its mean, and how alike they are (of a beta distribution: the
    higher, the more alike). `alike` 0: all the same."""

    mean: float
    alike: float

    def draw(self, dice: Random, mean: float | None = None) -> float:
        middle = self.mean if mean is None else mean
        if not self.alike or middle <= 0.0:
            return middle
        middle = min(0.98, middle)
        return dice.betavariate(middle * self.alike, (1.0 - middle) * self.alike)


@dataclass(frozen=True)
class Habits:
    """One kind of lending. Chances and shares are of 1."""

    name: str
    materials: tuple[tuple[str, float], ...]  # what is asked for: formats of the catalogue and their shares
    told: tuple[tuple[str, float], ...]  # what libraries tell of their copies
    truly: Mapping[str, float]  # how often a copy of which that was just told can be had
    base: float  # and how often any copy can: what a telling comes to that is very old
    stale_days: float  # after so long half of what telling added is gone
    cycle: tuple[
        float, float
    ]  # how often a library tells its holdings anew: median days, spread of the logarithm
    shelf: Uneven  # not found, at the bindery, too fragile: per library ...
    shelf_material: float  # ... and within it from material to material (`alike`)
    rules: Uneven  # its rules or a licence forbid it: per library and material
    silence: Uneven  # it does not answer in time
    busy: float  # chance of "no time" for each day's work that waits beyond the first
    hopeless: float = 0.0  # wishes that nobody can fill: too dear, cited wrongly, not allowed
    single: float = 0.0  # wishes that only one library can fill
    wane_hours: float = (
        1_000.0  # a reader gives up at any hour with the same chance; on average after so many
    )
    hours: tuple[float, float] = (2.4, 0.6)  # working hours to an answer: logarithm of the median, its spread


@dataclass(frozen=True)
class Truth:
    """One library's habits, hidden from the ranking."""

    hours: float
    silence: float
    cycle_days: float
    shelf: Mapping[str, float]
    rules: Mapping[str, float]


def truth_of(habits: Habits, dice: Random) -> Truth:
    median, spread = habits.cycle
    kinds = [code for code, _share in habits.materials]
    tidy = habits.shelf.draw(dice)
    around = Uneven(tidy, habits.shelf_material)
    return Truth(
        hours=min(60.0, max(2.0, dice.lognormvariate(*habits.hours))),
        silence=habits.silence.draw(dice),
        cycle_days=median * dice.lognormvariate(0.0, spread) if spread else median,
        shelf={kind: around.draw(dice) for kind in kinds},
        rules={kind: habits.rules.draw(dice) for kind in kinds},
    )


def at_hand(habits: Habits, told: str, days: float) -> float:
    """How likely a copy told so, so many days ago, is where it was: fades towards what is true of any copy."""
    fresh = habits.truly.get(told, 0.0)
    return habits.base + (fresh - habits.base) * float(0.5 ** (days / habits.stale_days))


# Articles and books of health libraries: nobody tells what is on loan, all tell what they own, and seldom anew.
DOCLINE = Habits(
    "docline",
    materials=(("serial", 0.70), ("article", 0.15), ("book", 0.10), ("video", 0.05)),
    told=(("available", 1.0),),
    truly={"available": 1.0},
    base=0.0,
    stale_days=30 * YEAR_DAYS,
    cycle=(2 * YEAR_DAYS, 0.8),
    shelf=Uneven(0.055, 30),
    shelf_material=30,
    rules=Uneven(0.063, 4),
    silence=Uneven(0.03, 30),
    busy=0.03,
    hopeless=0.0223,
    single=0.165,
    wane_hours=400.0,
    hours=(1.8, 0.6),
)
# The same wishes, refused by every library with one and the same chance: nothing to be learnt.
EVEN = Habits(
    "even",
    materials=DOCLINE.materials,
    told=DOCLINE.told,
    truly={"available": 0.81},
    base=0.81,
    stale_days=30 * YEAR_DAYS,
    cycle=(2 * YEAR_DAYS, 0.8),
    shelf=Uneven(0.0, 0),
    shelf_material=0,
    rules=Uneven(0.0, 0),
    silence=Uneven(0.0, 0),
    busy=0.0,
    hopeless=DOCLINE.hopeless,
    single=DOCLINE.single,
    wane_hours=DOCLINE.wane_hours,
    hours=DOCLINE.hours,
)
# Books lent between libraries: copies are out on loan, some libraries tell nothing of theirs.
BOOKS = Habits(
    "books",
    materials=(("book", 0.75), ("thesis", 0.10), ("serial", 0.08), ("video", 0.05), ("score", 0.02)),
    told=(("available", 0.72), ("unknown", 0.13), ("on_loan", 0.15)),
    truly={"available": 1.0, "unknown": 0.75, "on_loan": 0.10},
    base=0.75,
    stale_days=45.0,
    cycle=(14.0, 1.2),
    shelf=Uneven(0.05, 20),
    shelf_material=20,
    rules=Uneven(0.05, 2),
    silence=Uneven(0.02, 20),
    busy=0.03,
)
HABITS = {habits.name: habits for habits in (BOOKS, DOCLINE, EVEN)}
