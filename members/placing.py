"""Where libraries stand on the map when their address is on none: in their city, else amid their province's members."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import fmean

from members.models import Library

Point = tuple[float, float]  # latitude, longitude in degrees


@dataclass(frozen=True)
class Placed:
    """`cities`: where each city's dot stands; `about`: cities put amid their province; `nowhere`: not on the map."""

    cities: dict[str, Point]
    about: frozenset[str]
    nowhere: tuple[Library, ...]


def placed(libraries: Iterable[Library], is_inside: Callable[[Library], bool]) -> Placed:
    """A coordinate outside the map counts as none: most often latitude and longitude were exchanged."""
    libraries = list(libraries)
    cities: dict[str, Point] = {}
    provinces: dict[str, list[Point]] = defaultdict(list)
    for library in libraries:
        if library.latitude is not None and library.longitude is not None and is_inside(library):
            point = (library.latitude, library.longitude)
            cities.setdefault(library.city, point)
            provinces[_same(library.province)].append(point)
    known = {_same(city): point for city, point in cities.items()}
    about: set[str] = set()
    nowhere: list[Library] = []
    for library in libraries:
        near = provinces.get(_same(library.province)) if library.province.strip() else None
        if library.city in cities:
            continue
        if _same(library.city) in known:
            cities[library.city] = known[_same(library.city)]
        elif near:
            cities[library.city] = (fmean(p[0] for p in near), fmean(p[1] for p in near))
            about.add(library.city)
        else:
            nowhere.append(library)
    return Placed(cities, frozenset(about), tuple(nowhere))


def _same(name: str) -> str:
    return " ".join(name.lower().split())
