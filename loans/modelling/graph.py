"""Who stands in the picture, with which task, and between whom a line is drawn. Pure; drawing.py gives it places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from django.utils.translation import gettext as _

from loans.modelling.model import Model
from members.choices import Centre, Topology
from members.distance import distance_km

# More lines than that hide each other: then each library is joined with its nearest alone, and the picture says so.
MOST_LINES = 160
NEAREST = 2


@dataclass(frozen=True)
class Line:
    """`one` → `other`; the bus has no other end. `kind`: link, ring (has a direction) or guide (dashed)."""

    one: int
    other: int | None
    kind: str = "link"


@dataclass(frozen=True)
class Graph:
    nodes: tuple[int, ...]
    lines: tuple[Line, ...]
    thinned: bool = False  # not every line is drawn


def roles_of(model: Model) -> dict[int, list[str]]:
    """Library → codes of its tasks under these rules: hub, mediator, coordinator, deputy, centre, last."""
    rules = model.settings
    shape = rules["topology"]
    told = [
        ("hub", rules["hub"], shape == Topology.STAR),
        ("mediator", rules["hub"], shape == Topology.RING),
        ("coordinator", rules["coordinator_library"], rules["guided"]),
        ("deputy", rules["deputy_library"], rules["guided"]),
        ("centre", rules["centre_library"], rules["centre"] != Centre.NONE),
        ("last", rules["last_resort"], True),
    ]
    found: dict[int, list[str]] = {}
    for code, library_id, works in told:
        if works and library_id in model.libraries:
            found.setdefault(library_id, []).append(code)
    return found


def role_words() -> dict[str, str]:
    return {
        "hub": _("Hub"), "mediator": _("Mediator"), "coordinator": _("Coordinator"), "deputy": _("Deputy"),
        "centre": _("Special centre"), "last": _("Library of last resort"),
    }  # fmt: skip


def graph_of(model: Model) -> Graph:
    """The members in the order in which the shape places them, then libraries beside it that have a task."""
    members = ordered(model)
    beside = tuple(pk for pk in roles_of(model) if pk not in set(members))
    lines, thinned = _lines(model, members)
    return Graph((*members, *beside), (*lines, *_guides(model, members, lines)), thinned)


def ordered(model: Model) -> list[int]:
    members = model.members
    if model.settings["topology"] == Topology.RING:
        round_it = model.ring
        return [*round_it, *(pk for pk in members if pk not in set(round_it))]
    if model.settings["topology"] == Topology.MESH:
        return sorted(members, key=lambda pk: (model.places[str(pk)]["cell"], model.name(pk)))
    if model.settings["topology"] == Topology.TREE:
        return [pk for pk, _depth in down(model)]
    return members


def down(model: Model) -> Iterator[tuple[int, int]]:
    """(library, how deep), each followed by those below it; whoever stands in a circle comes at the end, at the top."""
    parents = model.parents
    below: dict[int | None, list[int]] = {}
    for pk in model.members:
        below.setdefault(parents.get(pk), []).append(pk)
    stack = [(pk, 0) for pk in reversed(below.get(None, []))]
    seen = set()
    while stack:
        pk, depth = stack.pop()
        seen.add(pk)
        yield pk, depth
        stack += [(child, depth + 1) for child in reversed(below.get(pk, []))]
    yield from ((pk, 0) for pk in model.members if pk not in seen)


def _lines(model: Model, members: list[int]) -> tuple[list[Line], bool]:
    shape = model.settings["topology"]
    active = [pk for pk in members if model.takes_part(pk)]
    if shape == Topology.BUS:
        return [Line(pk, None) for pk in active], False
    if shape == Topology.RING:
        ring = model.ring
        return [Line(a, b, "ring") for a, b in zip(ring, ring[1:] + ring[:1], strict=True) if a != b], False
    if shape == Topology.STAR:
        hub = model.settings["hub"]
        return [Line(pk, hub) for pk in active if hub in model.libraries and pk != hub], False
    if shape == Topology.TREE:
        return [Line(pk, above) for pk, above in model.parents.items() if above is not None], False
    if len(active) * (len(active) - 1) // 2 > MOST_LINES:
        return _nearest(model, active), True
    return [Line(a, b) for a, b in combinations(active, 2)], False


def _nearest(model: Model, active: list[int]) -> list[Line]:
    def km(a: int, b: int) -> int:
        one, other = model.libraries[a], model.libraries[b]
        far = distance_km((one.latitude, one.longitude), (other.latitude, other.longitude))
        return 99_999 if far is None else far

    pairs: set[tuple[int, int]] = set()
    for pk in active:
        near = sorted((other for other in active if other != pk), key=lambda other: (km(pk, other), other))
        pairs |= {(min(pk, other), max(pk, other)) for other in near[:NEAREST]}
    return [Line(a, b) for a, b in sorted(pairs)]


def _guides(model: Model, members: list[int], lines: list[Line]) -> list[Line]:
    """In a guided network everything passes the coordinator: dashed, where no line joins the two already."""
    lead = model.settings["coordinator_library"]
    if not model.settings["guided"] or lead not in model.libraries:
        return []
    joined = {frozenset((line.one, line.other)) for line in lines}
    return [
        Line(pk, lead, "guide")
        for pk in members
        if pk != lead and model.takes_part(pk) and frozenset((pk, lead)) not in joined
    ]
