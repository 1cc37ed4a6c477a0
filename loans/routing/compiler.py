"""From policy, request and snapshot to the plan: who is asked, in which stages, and who is not, with the reason.

Pure: the same three and the same seed give the same plan. Called by services.routing and by the simulation.
"""

from __future__ import annotations

from loans.routing import centre, federation
from loans.routing.eligibility import screen
from loans.routing.model import CENTRE_CLEARING, MESH, Facts, Left, Plan, Policy, Snapshot, Stage
from loans.routing.scoring import rank
from loans.routing.topologies import SHAPES


def compile(policy: Policy, facts: Facts, snapshot: Snapshot, *, seed: str) -> Plan:
    """Every library that holds the title stands in exactly one place of the answer: in a stage, or left with a rule."""
    able, left = screen(snapshot.suppliers, facts)
    ranked = rank(able, policy, facts, snapshot, seed=seed)
    shaped, before, after = centre.special(ranked, policy)
    stages = before + SHAPES.get(policy.topology, SHAPES[MESH])(shaped, policy, facts, snapshot) + after
    placed = {row.library_id for stage in stages for row in stage.candidates}
    left += [
        Left(row.library_id, row.supplier.name, "retained", {"count": policy.retain_holders})
        for row in ranked
        if row.library_id not in placed
    ]
    abroad, out = _abroad(policy, facts, snapshot, seed, retained=len(placed) < len(ranked))
    stages += abroad
    if policy.guided:
        stages = centre.through(stages, policy.coordinator)
    return Plan(policy, facts, tuple(stages), tuple(left + out), seed, notes=notes(policy))


def _abroad(
    policy: Policy, facts: Facts, snapshot: Snapshot, seed: str, *, retained: bool
) -> tuple[list[Stage], list[Left]]:
    """A region that keeps its requests keeps them from other networks as well."""
    if retained:
        return [], []
    return federation.stages(policy, facts, snapshot, seed)


def notes(policy: Policy) -> tuple[str, ...]:
    """What is said of the whole plan: codes of words.NOTES."""
    found = []
    if policy.guided:
        found.append("guided")
    if policy.centre == CENTRE_CLEARING:
        found.append("clearing")
    return tuple(found)
