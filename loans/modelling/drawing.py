"""The picture as a template draws it: dots, lines and numbers, with title and what it shows. Used by views."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loans.modelling.graph import Graph, graph_of, role_words, roles_of
from loans.modelling.layout import PLAN_WIDTH, Layout, has_map, map_layout, on_the_map, plan_layout
from loans.modelling.model import Model
from members.choices import Topology

RADIUS = 14.0
NAMES = {"start": (20, 6), "end": (-20, 6), "above": (0, -23), "below": (0, 35)}  # from the middle of the dot
ANCHORS = {"above": "middle", "below": "middle"}
MOST_ARROWS = 9


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    number: int
    code: str
    name: str
    shape: str  # dot, square (hub, mediator) or diamond (special centre)
    lead: bool  # the coordinator: a second outline
    rests: bool  # does not take part
    asks: bool
    side: str  # text-anchor
    text_x: float
    text_y: float
    step: str = ""  # "2": the second to be asked


@dataclass(frozen=True)
class Stroke:
    d: str
    kind: str


@dataclass(frozen=True)
class Step:
    """One library that a request would visit: `number` in order, by way of others."""

    number: int
    library_id: int
    via: tuple[int, ...] = ()
    after: int | None = None  # the one that hands it on, in a ring


@dataclass(frozen=True)
class Picture:
    key: str
    width: float
    height: float
    title: str
    about: str
    dots: list[Dot]
    strokes: list[Stroke]
    land: list[str]
    is_map: bool
    large: bool  # wider than a phone: it may be moved sideways
    thinned: bool
    middle: float = RADIUS


def picture_of(
    model: Model,
    *,
    key: str = "model",
    kind: str = "",
    label: str = "",
    asks: int | None = None,
    steps: Sequence[Step] = (),
) -> Picture:
    """`kind`: map or plan; neither is the one that shows more. `label`: which of two pictures on one page it is."""
    graph = graph_of(model)
    mapped = has_map(model, graph) if kind not in ("map", "plan") else kind == "map" and can_map(model)
    layout = map_layout(model, graph) if mapped else plan_layout(model, graph)
    shape = Topology(model.settings["topology"])
    title = _("%(shape)s of %(network)s") % {"shape": shape.label, "network": model.network.name}
    title = f"{label}: {title}" if label else title
    return Picture(
        key, layout.width, layout.height, title, about(model, graph, steps),
        _dots(model, graph, layout, asks, steps), [*_strokes(graph, layout), *_arrows(layout, asks, steps)],
        layout.land, mapped, mapped or layout.width > 1.25 * PLAN_WIDTH, graph.thinned,
    )  # fmt: skip


def can_map(model: Model) -> bool:
    """Every library of the picture has its place on the map."""
    nodes = graph_of(model).nodes
    return bool(nodes) and all(on_the_map(model.libraries[pk]) for pk in nodes)


def about(model: Model, graph: Graph, steps: Sequence[Step]) -> str:
    """What a picture shows, for whoever does not see it. The list beside it tells the rest."""
    count = len(graph.nodes)
    told = [ngettext("%(count)s library.", "%(count)s libraries.", count) % {"count": count}]
    told.append(str(Topology(model.settings["topology"]).meaning))
    words = role_words()
    told += [
        f"{', '.join(words[code] for code in codes)}: {model.name(pk)}."
        for pk, codes in roles_of(model).items()
    ]
    if steps:
        names = ", ".join(f"{step.number}. {model.name(step.library_id)}" for step in steps)
        told.append(_("A request would visit: %(names)s.") % {"names": names})
    return " ".join(told)


def _dots(model: Model, graph: Graph, layout: Layout, asks: int | None, steps: Sequence[Step]) -> list[Dot]:
    roles = roles_of(model)
    asked = {step.library_id: str(step.number) for step in reversed(steps)}
    found = []
    for number, pk in enumerate(graph.nodes, start=1):
        if pk not in layout.at:
            continue
        x, y = layout.at[pk]
        codes, library = roles.get(pk, []), model.libraries[pk]
        square = "hub" in codes or "mediator" in codes
        side = layout.side.get(pk, "start")
        found.append(
            Dot(
                round(x, 1), round(y, 1), number, library.short_code if layout.lettered and side else "", library.name,
                "square" if square else "diamond" if "centre" in codes else "dot",
                lead="coordinator" in codes, rests=not model.takes_part(pk) and pk in model.members,
                asks=pk == asks, side=ANCHORS.get(side, side), text_x=round(x + NAMES.get(side, (0, 0))[0], 1),
                text_y=round(y + NAMES.get(side, (0, 0))[1], 1), step=asked.get(pk, ""),
            )
        )  # fmt: skip
    return found


def _strokes(graph: Graph, layout: Layout) -> list[Stroke]:
    found = []
    if layout.spine:
        x1, y1, x2, y2 = layout.spine
        found.append(Stroke(f"M{x1:g} {y1:g}L{x2:g} {y2:g}", "spine"))
    for line in graph.lines:
        start = layout.at.get(line.one)
        if start is None:
            continue
        if line.other is None:
            found.append(Stroke(_to_spine(start, layout), line.kind))
        elif line.other in layout.at:
            found.append(Stroke(_between(start, layout.at[line.other], line.kind), line.kind))
    return found


def _to_spine(start: tuple[float, float], layout: Layout) -> str:
    x1, y1, x2, _y2 = layout.spine or (0, 0, 0, 0)
    return f"M{start[0]:g} {start[1]:g}H{x1:g}" if x1 == x2 else f"M{start[0]:g} {start[1]:g}V{y1:g}"


def _between(start: tuple[float, float], end: tuple[float, float], kind: str) -> str:
    """Short of both dots, so that an arrow's head is seen."""
    (x1, y1), (x2, y2) = start, end
    far = hypot(x2 - x1, y2 - y1) or 1
    gap = min(RADIUS + 4, far / 3) / far
    points = (x1 + (x2 - x1) * gap, y1 + (y2 - y1) * gap, x2 - (x2 - x1) * gap, y2 - (y2 - y1) * gap)
    if kind != "path":
        return "M{:.1f} {:.1f}L{:.1f} {:.1f}".format(*points)
    bend = 0.12  # the way of a request leaves the straight line that is drawn already
    mid = ((x1 + x2) / 2 - (y2 - y1) * bend, (y1 + y2) / 2 + (x2 - x1) * bend)
    return f"M{points[0]:.1f} {points[1]:.1f}Q{mid[0]:.1f} {mid[1]:.1f} {points[2]:.1f} {points[3]:.1f}"


def _arrows(layout: Layout, asks: int | None, steps: Sequence[Step]) -> list[Stroke]:
    """The way of a request, hop by hop; each hop is drawn once."""
    hops: dict[tuple[int, int], None] = {}
    for step in steps[:MOST_ARROWS]:
        stops = [step.after or asks, *step.via, step.library_id]
        told = [stop for stop in stops if stop in layout.at]
        hops |= {(a, b): None for a, b in pairwise(told) if a != b and a and b}
    return [Stroke(_between(layout.at[a], layout.at[b], "path"), "path") for a, b in hops]
