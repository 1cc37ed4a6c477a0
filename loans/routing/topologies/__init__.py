"""One module per shape of a network. Each turns the ranked libraries into stages; SHAPES says which does."""

from __future__ import annotations

from collections.abc import Callable

from loans.routing.model import BUS, MESH, RING_SHAPE, STAR, TREE, Candidate, Facts, Policy, Snapshot, Stage
from loans.routing.topologies import bus, mesh, ring, star, tree

# (ranked, policy, facts, snapshot) → the stages, in order. A candidate left in no stage is told as retained.
Shape = Callable[[list[Candidate], Policy, Facts, Snapshot], list[Stage]]

SHAPES: dict[str, Shape] = {
    BUS: bus.stages,
    RING_SHAPE: ring.stages,
    STAR: star.stages,
    TREE: tree.stages,
    MESH: mesh.stages,
}

__all__ = ["SHAPES", "Shape"]
