"""The rules that are compared: our ranking beside lot and distance, and each topology with the same libraries."""

from __future__ import annotations

from collections.abc import Callable

from loans.routing.model import BUS, CENTRE_FIRST, MESH, OFFERS, RING_SHAPE, STAR, TREE, Policy
from loans.simulation.play import NEAREST, RANDOM, Game
from loans.simulation.world import World


def _largest(world: World) -> int:
    return max(world.libraries, key=lambda library: library.size).pk


RANKINGS: tuple[Callable[[World], Game], ...] = (
    lambda world: Game("ranked", Policy(topology=MESH)),
    lambda world: Game("random", Policy(topology=MESH), RANDOM),
    lambda world: Game("nearest first", Policy(topology=MESH), NEAREST),
)

SHAPES: tuple[Callable[[World], Game], ...] = (
    lambda world: Game("mesh", Policy(topology=MESH)),
    lambda world: Game("bus, first claim", Policy(topology=BUS)),
    lambda world: Game("bus, offers", Policy(topology=BUS, claim_mode=OFFERS)),
    lambda world: Game("ring", Policy(topology=RING_SHAPE)),
    lambda world: Game("star", Policy(topology=STAR, hub=_largest(world))),
    lambda world: Game(
        "star, centre first",
        Policy(topology=STAR, hub=_largest(world), centre=CENTRE_FIRST, centre_library=_largest(world)),
    ),
    lambda world: Game("tree", Policy(topology=TREE, climb_hours=48)),
)
