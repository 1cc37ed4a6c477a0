"""The directory of libraries: where they are, drawn by the server, and how each is reached.

The outline of the islands is drawn by hand for orientation, some twenty points for a large island: no survey.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import time
from urllib.parse import urlsplit

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import time_format

from members.models import Library, WorkingHours
from members.placing import Placed, placed

WEST, EAST, NORTH, SOUTH, SCALE = 94.0, 142.0, 7.0, -12.0, 20.0
WIDTH, HEIGHT = int((EAST - WEST) * SCALE), int((NORTH - SOUTH) * SCALE)
Box = tuple[float, float, float, float]  # left, top, right, bottom
# Longitude and latitude, by turns.
ISLANDS: tuple[tuple[float, ...], ...] = (
    (95.2, 5.6, 97.5, 5.2, 98.7, 3.8, 100.4, 2.4, 101.4, 1.9, 103.1, 0.5, 103.6, -0.9, 104.6, -1.9, 106.0, -3.0,
     105.8, -5.8, 104.6, -5.9, 102.3, -4.0, 100.9, -2.0, 100.3, -0.8, 98.8, 1.7, 97.0, 3.4, 95.4, 4.8),
    (105.2, -6.8, 106.1, -5.9, 107.0, -5.95, 108.3, -6.2, 108.7, -6.8, 110.4, -6.95, 110.9, -6.4, 111.5, -6.7, 112.7,
     -6.9, 112.9, -7.6, 114.4, -7.8, 114.5, -8.7, 112.7, -8.4, 110.5, -8.1, 108.6, -7.7, 106.5, -7.4),
    (109.0, 1.5, 109.6, 2.0, 110.5, 0.9, 112.0, 1.4, 113.8, 1.3, 115.0, 2.6, 115.7, 4.3, 117.6, 4.2, 117.9, 2.3, 119.0,
     1.0, 117.5, 0.6, 116.6, -1.5, 116.2, -3.4, 114.6, -4.1, 113.0, -3.2, 111.8, -3.4, 110.1, -2.9, 110.0, -1.3,
     109.1, -0.3),
    (119.5, -5.5, 119.6, -3.5, 118.8, -2.7, 119.8, 0.2, 120.9, 1.3, 123.5, 0.9, 125.1, 1.6, 124.3, 0.4, 120.9, 0.4,
     120.1, -0.9, 121.5, -0.9, 123.3, -0.7, 121.8, -1.9, 122.9, -4.1, 121.6, -4.1, 120.9, -2.7, 120.3, -3.0, 120.4,
     -5.5),
    (130.9, -0.8, 132.2, -0.4, 134.1, -0.8, 134.9, -3.2, 135.9, -2.9, 137.8, -1.5, 141.0, -2.6, 141.0, -9.1, 138.9,
     -8.3, 138.2, -5.7, 135.5, -4.4, 133.2, -4.0, 132.8, -2.8, 133.9, -2.2, 132.0, -1.9),
    (114.5, -8.15, 115.2, -8.05, 115.7, -8.4, 115.2, -8.8, 114.6, -8.4),
    (115.9, -8.7, 116.4, -8.25, 116.7, -8.5, 116.4, -8.95),
    (116.8, -8.5, 117.8, -8.2, 119.1, -8.3, 119.0, -8.8, 117.2, -9.05),
    (119.9, -8.4, 121.5, -8.55, 122.9, -8.2, 122.8, -8.6, 121.0, -8.95, 119.9, -8.8),
    (119.0, -9.5, 120.0, -9.4, 120.8, -10.0, 120.2, -10.3),
    (123.5, -10.3, 124.0, -9.3, 125.2, -8.6, 127.2, -8.4, 125.8, -9.1, 124.4, -10.1),
    (128.0, -3.2, 129.5, -2.8, 130.8, -3.3, 130.6, -3.8, 129.0, -3.4),
    (126.1, -3.2, 127.1, -3.1, 127.0, -3.7, 126.2, -3.7),
    (127.5, 1.0, 127.7, 2.1, 128.0, 1.3, 128.7, 1.5, 128.2, 0.4, 128.3, -0.8, 127.8, -0.2),
    (105.2, -1.7, 106.0, -1.6, 106.7, -3.0, 106.0, -2.9), (107.6, -2.6, 108.3, -2.7, 108.1, -3.2, 107.7, -3.2),
    (97.1, 1.4, 97.5, 1.4, 97.9, 0.6, 97.5, 0.6), (98.6, -1.2, 99.0, -1.0, 99.2, -1.7, 98.9, -1.8),
)  # fmt: skip


@dataclass(frozen=True)
class Dot:
    """A city: `anchor` names its first library on the list below."""

    city: str
    x: float
    y: float
    radius: float
    libraries: int
    anchor: str
    name_at: str  # start or end: to its right or left; "" where no name fits


@dataclass(frozen=True)
class Map:
    dots: list[Dot]
    islands: list[str]
    meridians: list[float]
    parallels: list[float]
    about: tuple[str, ...] = ()  # cities that stand amid their province, since no place of theirs is known
    nowhere: tuple[Library, ...] = ()  # on the list only
    width: int = WIDTH
    height: int = HEIGHT


@dataclass(frozen=True)
class Entry:
    library: Library
    catalogue: str  # where its own catalogue begins; "" where nothing is known
    hours: list[tuple[str, str]]


def map_of(libraries: Sequence[Library]) -> Map:
    """Cities with members; who has no place of its own stands in its city, amid its province, or on the list alone."""
    places = placed(libraries, _is_inside)
    return Map(
        _dots(libraries, places),
        [
            " ".join(f"{_x(lon):g},{_y(lat):g}" for lon, lat in zip(p[::2], p[1::2], strict=True))
            for p in ISLANDS
        ],
        [_x(lon) for lon in range(100, 142, 10)],
        [_y(lat) for lat in range(5, -12, -5)],
        tuple(sorted(places.about)),
        places.nowhere,
    )


def _dots(libraries: Sequence[Library], found: Placed) -> list[Dot]:
    """The cities with most members are named first; a name that would cover a dot or another name is left out."""
    cities: dict[str, list[Library]] = defaultdict(list)
    for library in libraries:
        if library.city in found.cities:
            cities[library.city].append(library)
    places = {city: (_x(lon), _y(lat)) for city, (lat, lon) in found.cities.items()}
    taken: list[Box] = [(x - 8, y - 8, x + 8, y + 8) for x, y in places.values()]
    dots = []
    for city, here in sorted(cities.items(), key=lambda item: (-len(item[1]), item[0])):
        x, y = places[city]
        side = next((side for side in ("start", "end") if _is_free(_box(city, x, y, side), taken)), "")
        if side:
            taken.append(_box(city, x, y, side))
        radius = round(5 + min(len(here), 12) ** 0.5 * 2, 1)
        dots.append(Dot(city, x, y, radius, len(here), here[0].short_code, side))
    return sorted(dots, key=lambda dot: dot.city)


def _box(city: str, x: float, y: float, side: str) -> Box:
    """Where the name would stand: beside its dot, letters of some eight units."""
    width = 8.5 * len(city)
    return (
        (x + 10, y - 9, x + 10 + width, y + 9) if side == "start" else (x - 10 - width, y - 9, x - 10, y + 9)
    )


def _is_free(box: Box, taken: Iterable[Box]) -> bool:
    left, top, right, bottom = box
    if left < 0 or right > WIDTH:
        return False
    return all(right < a or left > c or bottom < b or top > d for a, b, c, d in taken)


def _is_inside(library: Library) -> bool:
    return WEST <= (library.longitude or 0) <= EAST and SOUTH <= (library.latitude or 0) <= NORTH


def _x(longitude: float) -> float:
    return round((longitude - WEST) * SCALE, 1)


def _y(latitude: float) -> float:
    return round((NORTH - latitude) * SCALE, 1)


def entries_of(libraries: Iterable[Library], hours: Iterable[WorkingHours]) -> list[tuple[str, list[Entry]]]:
    """By city, cities and libraries in their order."""
    by_library: dict[int, list[WorkingHours]] = defaultdict(list)
    for one in hours:
        by_library[one.library_id].append(one)
    found: dict[str, list[Entry]] = defaultdict(list)
    for library in libraries:
        found[library.city].append(Entry(library, catalogue_of(library), hours_of(by_library[library.pk])))
    return sorted(found.items())


def catalogue_of(library: Library) -> str:
    """The front page of its own catalogue, from the pattern that leads to a record there."""
    parts = urlsplit(library.opac_link_pattern)
    return (
        f"{parts.scheme}://{parts.netloc}/"
        if parts.scheme in ("http", "https") and "{" not in parts.netloc
        else ""
    )


def hours_of(hours: Iterable[WorkingHours]) -> list[tuple[str, str]]:
    """Days of the same hours together: ("Mon–Fri", "08.00–16.00")."""
    by_day: dict[int, list[tuple[time, time]]] = defaultdict(list)
    for one in sorted(hours, key=lambda one: (one.weekday, one.opens)):
        by_day[one.weekday].append((one.opens, one.closes))
    spans: list[tuple[int, int, list[tuple[time, time]]]] = []
    for day in sorted(by_day):
        if spans and spans[-1][1] == day - 1 and spans[-1][2] == by_day[day]:
            spans[-1] = (spans[-1][0], day, by_day[day])
        else:
            spans.append((day, day, by_day[day]))
    return [(_days(first, last), _times(times)) for first, last, times in spans]


def _days(first: int, last: int) -> str:
    return str(WEEKDAYS_ABBR[first]) if first == last else f"{WEEKDAYS_ABBR[first]}–{WEEKDAYS_ABBR[last]}"


def _times(times: Iterable[tuple[time, time]]) -> str:
    return ", ".join(f"{time_format(opens, 'H.i')}–{time_format(closes, 'H.i')}" for opens, closes in times)
