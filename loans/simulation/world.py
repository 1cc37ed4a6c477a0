"""An invented network: libraries with places and sizes, and titles with their holders. All from one seed.

What the libraries do in truth (`habits.py`) is drawn here and kept apart from what a portal would know of them.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from math import asin, cos, radians, sin, sqrt

from loans.routing.history import Record
from loans.simulation.habits import BOOKS, Habits, Truth, truth_of

# Where Indonesian libraries are, roughly: (latitude, longitude, share of the libraries).
PLACES = (
    (-6.2, 106.8, 30), (-6.9, 107.6, 14), (-7.0, 110.4, 14), (-7.8, 110.4, 10), (-7.3, 112.7, 14),
    (3.6, 98.7, 6), (-5.1, 119.4, 5), (-8.6, 115.2, 3), (-0.9, 100.4, 2), (-1.3, 116.8, 2),
)  # fmt: skip


@dataclass
class Library:
    """One library as a portal knows it; what happens in it is counted here."""

    pk: int
    latitude: float
    longitude: float
    size: float  # its share of holdings and of wishes
    capacity: int  # requests answered a day, as it declares
    region: int = 0
    supplied: float = 0.0
    received: float = 0.0
    open_until: list[float] = field(default_factory=list)  # when each open supply will be done, in hours
    answers: int = 0
    hours_sum: float = 0.0
    record: Record = field(default_factory=Record)
    by_format: defaultdict[str, Record] = field(default_factory=lambda: defaultdict(Record))

    def forget(self) -> None:
        """As on the first day."""
        self.supplied = self.received = self.hours_sum = 0.0
        self.answers = 0
        self.open_until = []
        self.record, self.by_format = Record(), defaultdict(Record)


@dataclass(frozen=True)
class Held:
    """A library that holds the wanted title, with what it told of its copy, and how many days ago."""

    library: Library
    told: str
    days: int


@dataclass(frozen=True)
class World:
    libraries: tuple[Library, ...]
    km: tuple[tuple[int, ...], ...]
    habits: Habits
    truths: tuple[Truth, ...]  # hidden from the ranking

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
    made = [_library(number, dice) for number in range(1, libraries + 1)]
    points = [(row.latitude, row.longitude) for row in made]
    km = tuple(tuple(_km(a, b) for b in points) for a in points)
    secret = random.Random(f"habits {seed}")  # noqa: S311
    return World(tuple(made), km, habits, tuple(truth_of(habits, secret) for _library_ in made))


def _library(pk: int, dice: random.Random) -> Library:
    region = dice.choices(range(len(PLACES)), [place[2] for place in PLACES])[0]
    size = min(dice.paretovariate(1.3), 30.0)
    return Library(
        pk=pk,
        latitude=PLACES[region][0] + dice.gauss(0, 0.25),
        longitude=PLACES[region][1] + dice.gauss(0, 0.25),
        size=size,
        capacity=max(2, round(3 * size)),
        region=region,
    )


def _km(here: tuple[float, float], there: tuple[float, float]) -> int:
    lat1, lon1, lat2, lon2 = map(radians, (*here, *there))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return round(12742 * asin(min(1.0, sqrt(half))))


def material_of(world: World, dice: random.Random) -> str:
    """What a wish is for."""
    kinds, shares = zip(*world.habits.materials, strict=True)
    return str(dice.choices(kinds, shares)[0])


def holders(world: World, dice: random.Random, weights: list[float]) -> list[Held]:
    """Who holds the wanted title: one only, or 2 to about 25 libraries, larger ones more often."""
    count = (
        1
        if dice.random() < world.habits.single
        else min(len(world.libraries), 2 + int(dice.paretovariate(0.9)) + dice.randrange(3))
    )
    chosen = {dice.choices(world.libraries, cum_weights=weights)[0].pk for _ in range(min(count, 25))}
    words, shares = zip(*world.habits.told, strict=True)
    return [
        Held(
            world.libraries[pk - 1],
            dice.choices(words, shares)[0],
            round(dice.expovariate(1.0) * world.truths[pk - 1].cycle_days),
        )
        for pk in sorted(chosen)
    ]
