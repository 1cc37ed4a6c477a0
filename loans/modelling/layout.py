"""Where each library stands in the picture: a plan after the network's shape, or the map of cities. Pure.

Units of the plan are such that letters of 17 are legible where the whole picture is as wide as a phone.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from math import cos, pi, sin

from loans.modelling.graph import Graph, down
from loans.modelling.model import Model
from members.choices import Topology
from members.models import Library
from members.presenters_directory import EAST, ISLANDS, NORTH, SCALE, SOUTH, WEST

PLAN_WIDTH, MAP_WIDTH = 480.0, 960.0
ROW = 40.0
LETTER = 11.0  # the width of one
LETTERED = 14  # so many have their short codes round a circle; more have numbers alone
STEEP = 0.12  # names near the top and the bottom of a circle stand above and below
DOT = 30  # width of a library's dot with the room around it
MOST_TOLD = 0.5  # share of members that may stand in one city, before the map hides more than it shows
Point = tuple[float, float]
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True)
class Layout:
    width: float
    height: float
    at: dict[int, Point]
    lettered: bool = True
    spine: tuple[float, float, float, float] | None = None  # the bus
    land: list[str] = field(default_factory=list)
    side: dict[int, str] = field(
        default_factory=dict
    )  # of the name, where it isn't "start"; "": no room for it


def plan_layout(model: Model, graph: Graph) -> Layout:
    """Legible for any number of libraries: the bus and the tree grow downwards, a circle outwards."""
    shape = model.settings["topology"]
    if shape == Topology.BUS:
        return _along_a_bus(graph)
    if shape == Topology.TREE:
        return _as_a_tree(model, graph)
    middle = model.settings["hub"] if shape == Topology.STAR else None
    longest = max((len(model.libraries[pk].short_code) for pk in graph.nodes), default=0)
    return _in_a_circle(graph, middle if middle in graph.nodes else None, longest)


def _along_a_bus(graph: Graph) -> Layout:
    """Left and right of a line, by turns."""
    rows = (len(graph.nodes) + 1) // 2
    height = ROW * (rows + 1)
    at, side = {}, {}
    for number, pk in enumerate(graph.nodes):
        right = number % 2
        at[pk] = (PLAN_WIDTH / 2 + (60 if right else -60), ROW * (number // 2 + 1))
        side[pk] = "start" if right else "end"
    x = PLAN_WIDTH / 2
    return Layout(PLAN_WIDTH, height, at, spine=(x, 12, x, height - 12), side=side)


def _as_a_tree(model: Model, graph: Graph) -> Layout:
    depths = dict(down(model))
    step = min(48.0, 240.0 / max(1, max(depths.values(), default=0)))
    at = {pk: (32 + step * depths.get(pk, 0), ROW * (number + 0.75)) for number, pk in enumerate(graph.nodes)}
    return Layout(PLAN_WIDTH, ROW * (len(graph.nodes) + 0.5), at)


def _in_a_circle(graph: Graph, middle: int | None, longest: int) -> Layout:
    round_it = [pk for pk in graph.nodes if pk != middle]
    lettered = len(round_it) <= LETTERED
    radius = max(112.0, len(round_it) * 34 / (2 * pi))
    width = max(PLAN_WIDTH, 2 * radius + 80, 2 * (radius + 24 + LETTER * longest) if lettered else 0)
    height = 2 * radius + 84
    at, side = {}, {}
    for number, pk in enumerate(round_it):
        turn = 2 * pi * number / max(1, len(round_it)) - pi / 2
        at[pk] = (round(width / 2 + radius * cos(turn), 1), round(height / 2 + radius * sin(turn), 1))
        steep = abs(cos(turn)) < STEEP
        side[pk] = ("above" if sin(turn) < 0 else "below") if steep else "end" if cos(turn) < 0 else "start"
    if middle is not None:
        at[middle] = (width / 2, height / 2)
        side[middle] = "below"
    return Layout(width, height, at, lettered, side=side)


def on_the_map(library: Library) -> bool:
    return (
        library.latitude is not None
        and library.longitude is not None
        and WEST <= library.longitude <= EAST
        and SOUTH <= library.latitude <= NORTH
    )


def has_map(model: Model, graph: Graph) -> bool:
    """Is there more to see on a map than on the plan? Not where places are missing, or most stand in one city."""
    if len(graph.nodes) < 2 or not all(on_the_map(model.libraries[pk]) for pk in graph.nodes):
        return False
    cities: dict[tuple[float, float], int] = defaultdict(int)
    for pk in graph.nodes:
        library = model.libraries[pk]
        cities[round(library.longitude or 0, 1), round(library.latitude or 0, 1)] += 1
    return max(cities.values()) <= max(1, MOST_TOLD * len(graph.nodes))


def map_layout(model: Model, graph: Graph) -> Layout:
    """The part of the map where they stand, as wide as the page; libraries of one city stand round it."""
    raw = {pk: _project(model.libraries[pk]) for pk in graph.nodes if on_the_map(model.libraries[pk])}
    xs, ys = [x for x, _y in raw.values()], [y for _x, y in raw.values()]
    wide = max(max(xs) - min(xs), 1.7 * (max(ys) - min(ys)), 60.0) * 1.34
    scale = MAP_WIDTH / wide
    tall = max((max(ys) - min(ys)) * 1.34 + 24, 0.42 * wide)
    left, top = (max(xs) + min(xs) - wide) / 2, (max(ys) + min(ys) - tall) / 2
    at = _apart({pk: ((x - left) * scale, (y - top) * scale) for pk, (x, y) in raw.items()})
    side = _named(at, {pk: len(model.libraries[pk].short_code) for pk in at})
    height = round(tall * scale, 1)
    bus = model.settings["topology"] == Topology.BUS
    spine = (20.0, height + 30, MAP_WIDTH - 20, height + 30) if bus else None
    land = [_outline(points, left, top, scale) for points in ISLANDS]
    return Layout(MAP_WIDTH, height + (50 if bus else 0), at, spine=spine, land=land, side=side)


def _project(library: Library) -> Point:
    return ((library.longitude or 0) - WEST) * SCALE, (NORTH - (library.latitude or 0)) * SCALE


def _outline(points: tuple[float, ...], left: float, top: float, scale: float) -> str:
    pairs = zip(points[::2], points[1::2], strict=True)
    return " ".join(
        f"{((lon - WEST) * SCALE - left) * scale:.1f},{((NORTH - lat) * SCALE - top) * scale:.1f}"
        for lon, lat in pairs
    )


def _apart(at: dict[int, Point]) -> dict[int, Point]:
    """No two closer than a dot is wide: each is moved outwards in a spiral until it stands free.

    Whoever may be too close stands in the same square of a grid as wide as a dot, or in one beside it.
    """
    placed: dict[int, Point] = {}
    squares: dict[tuple[int, int], list[Point]] = defaultdict(list)
    for pk, (x, y) in at.items():
        for turn in range(200):
            far = 4.5 * turn**0.5 * 3
            spot = (round(x + far * cos(2.4 * turn), 1), round(y + far * sin(2.4 * turn), 1))
            column, row = int(spot[0] // DOT), int(spot[1] // DOT)
            near = (p for i in (-1, 0, 1) for j in (-1, 0, 1) for p in squares.get((column + i, row + j), ()))
            if all(abs(spot[0] - a) > DOT or abs(spot[1] - b) > DOT for a, b in near):
                break
        placed[pk] = spot
        squares[column, row].append(spot)
    return placed


def _named(at: dict[int, Point], letters: dict[int, int]) -> dict[int, str]:
    """On which side of its dot each name stands; nowhere, where it would cover a dot or another name."""
    taken: list[Box] = [(x - 18, y - 18, x + 18, y + 18) for x, y in at.values()]
    found = {}
    for pk, (x, y) in at.items():
        wide = LETTER * letters[pk]
        boxes: dict[str, Box] = {
            "start": (x + 19, y - 11, x + 20 + wide, y + 11),
            "end": (x - 20 - wide, y - 11, x - 19, y + 11),
            "above": (x - wide / 2, y - 40, x + wide / 2, y - 19),
            "below": (x - wide / 2, y + 19, x + wide / 2, y + 40),
        }
        free = (side for side, box in boxes.items() if _is_free(box, taken))
        found[pk] = next(free, "")
        if found[pk]:
            taken.append(boxes[found[pk]])
    return found


def _is_free(box: Box, taken: list[Box]) -> bool:
    left, top, right, bottom = box
    if left < 0 or right > MAP_WIDTH:
        return False
    return all(right <= a or left >= c or bottom <= b or top >= d for a, b, c, d in taken)
