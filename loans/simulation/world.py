"""An invented network: libraries with places, sizes, habits, and titles with their holders. All from one seed.

Two sets of habits. `DOCLINE` refuses as often as DOCLINE's libraries did: played by lot, which is DOCLINE's own rule
within a cell, it comes to that network's published figures (see docs/routing.md). `BOOKS` is harder: copies are out on
loan, some libraries tell nothing of theirs, and a question by lot is answered with no far more often.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from math import asin, cos, radians, sin, sqrt

# Where Indonesian libraries are, roughly: (latitude, longitude, share of the libraries).
PLACES = (
    (-6.2, 106.8, 30), (-6.9, 107.6, 14), (-7.0, 110.4, 14), (-7.8, 110.4, 10), (-7.3, 112.7, 14),
    (3.6, 98.7, 6), (-5.1, 119.4, 5), (-8.6, 115.2, 3), (-0.9, 100.4, 2), (-1.3, 116.8, 2),
)  # fmt: skip


@dataclass
class Library:
    """One library of the game; what happens in it is counted here."""

    pk: int
    latitude: float
    longitude: float
    size: float  # its share of holdings and of wishes
    honesty: float  # how often a copy told as available is really lent
    hours: float  # median working hours to an answer
    capacity: int  # requests answered a day
    silence: float  # how often it does not answer at all
    region: int = 0
    supplied: float = 0.0
    received: float = 0.0
    open_until: list[float] = field(default_factory=list)  # when each open supply will be done, in hours
    answers: int = 0
    fills: int = 0
    hours_sum: float = 0.0


@dataclass(frozen=True)
class Habits:
    """What differs between kinds of lending. Shares are of 1."""

    name: str
    honesty: tuple[
        float, float
    ]  # how often a copy told as available is really sent: mean and deviation of libraries
    told: tuple[tuple[str, float], ...]  # what libraries tell of their copies, and how often
    hopeless: float = 0.0  # wishes that nobody can fill: cancelled, cited wrongly, too dear
    single: float = 0.0  # wishes that only one library can fill
    hours: float = 2.4  # logarithm of the median working hours to an answer


BOOKS = Habits("books", (0.88, 0.08), (("available", 0.72), ("unknown", 0.13), ("on_loan", 0.15)))
# Articles from bound volumes: never on loan, and nobody tells what is at hand.
DOCLINE = Habits("docline", (0.835, 0.08), (("available", 1.0),), hopeless=0.043, single=0.17, hours=1.8)
HABITS = {habits.name: habits for habits in (BOOKS, DOCLINE)}


@dataclass(frozen=True)
class World:
    libraries: tuple[Library, ...]
    km: tuple[tuple[int, ...], ...]
    habits: Habits = BOOKS

    @property
    def parents(self) -> dict[int, int | None]:
        """A tree of three levels: the root, one centre per place, its libraries."""
        centres: dict[int, int] = {}
        for library in self.libraries:
            centres.setdefault(library.region, library.pk)
        root = centres[min(centres)]
        return {
            library.pk: None if library.pk == root else (
                root if centres[library.region] == library.pk else centres[library.region]
            )
            for library in self.libraries
        }  # fmt: skip


def make(libraries: int, seed: int, habits: Habits = BOOKS) -> World:
    """The same number, seed and habits give the same network."""
    dice = random.Random(f"network {seed}")  # noqa: S311 - a game, no secret
    made = [_library(number, dice, habits) for number in range(1, libraries + 1)]
    points = [(row.latitude, row.longitude) for row in made]
    return World(tuple(made), tuple(tuple(_km(a, b) for b in points) for a in points), habits)


def _library(pk: int, dice: random.Random, habits: Habits) -> Library:
    region = dice.choices(range(len(PLACES)), [place[2] for place in PLACES])[0]
    size = dice.paretovariate(1.3)
    return Library(
        pk=pk,
        latitude=PLACES[region][0] + dice.gauss(0, 0.25),
        longitude=PLACES[region][1] + dice.gauss(0, 0.25),
        size=min(size, 30.0),
        honesty=min(0.97, max(0.4, dice.gauss(*habits.honesty))),
        hours=min(60.0, max(2.0, dice.lognormvariate(habits.hours, 0.6))),
        capacity=max(2, round(3 * min(size, 30.0))),
        silence=min(0.3, abs(dice.gauss(0.02, 0.03))),
        region=region,
    )


def _km(here: tuple[float, float], there: tuple[float, float]) -> int:
    lat1, lon1, lat2, lon2 = map(radians, (*here, *there))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return round(12742 * asin(min(1.0, sqrt(half))))


def holders(world: World, dice: random.Random, weights: list[float]) -> list[tuple[Library, str]]:
    """Who holds the wanted title, with what each last told of its copy: 2 to about 25 libraries, larger ones more."""
    count = (
        1
        if dice.random() < world.habits.single
        else min(len(world.libraries), 2 + int(dice.paretovariate(0.9)) + dice.randrange(3))
    )
    chosen = {dice.choices(world.libraries, cum_weights=weights)[0].pk for _ in range(min(count, 25))}
    words, shares = zip(*world.habits.told, strict=True)
    return [(world.libraries[pk - 1], dice.choices(words, shares)[0]) for pk in sorted(chosen)]
