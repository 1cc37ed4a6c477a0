"""An invented network: libraries with places, sizes, habits, and titles with their holders. All from one seed.

Refusal follows DOCLINE's published figures (fill above 91 %, 83-84 % at the first library): a copy told as available
is not found in some of the cases, and libraries differ in how often and how slowly they answer.
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
class World:
    libraries: tuple[Library, ...]
    km: tuple[tuple[int, ...], ...]

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


def make(libraries: int, seed: int) -> World:
    """The same number and seed give the same network."""
    dice = random.Random(f"network {seed}")  # noqa: S311 - a game, no secret
    made = [_library(number, dice) for number in range(1, libraries + 1)]
    points = [(row.latitude, row.longitude) for row in made]
    return World(tuple(made), tuple(tuple(_km(a, b) for b in points) for a in points))


def _library(pk: int, dice: random.Random) -> Library:
    region = dice.choices(range(len(PLACES)), [place[2] for place in PLACES])[0]
    size = dice.paretovariate(1.3)
    return Library(
        pk=pk,
        latitude=PLACES[region][0] + dice.gauss(0, 0.25),
        longitude=PLACES[region][1] + dice.gauss(0, 0.25),
        size=min(size, 30.0),
        honesty=min(0.97, max(0.4, dice.gauss(0.88, 0.08))),
        hours=min(60.0, max(2.0, dice.lognormvariate(2.4, 0.6))),
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
    count = min(len(world.libraries), 2 + int(dice.paretovariate(0.9)) + dice.randrange(3))
    chosen = {dice.choices(world.libraries, cum_weights=weights)[0].pk for _ in range(min(count, 25))}
    return [(world.libraries[pk - 1], _told(dice)) for pk in sorted(chosen)]


def _told(dice: random.Random) -> str:
    at = dice.random()
    return "available" if at < 0.72 else "unknown" if at < 0.85 else "on_loan"
