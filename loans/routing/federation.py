"""Beyond the own network: the neighbours that requests may be forwarded to, after everyone at home has said no.

Between two guided networks only the coordinators speak: the stage names the other coordinator alone, and a person at
the coordinator's desk sends the request over. An unguided neighbour's libraries are asked like one's own.
"""

from __future__ import annotations

from loans.routing.eligibility import screen
from loans.routing.model import SEQ, Candidate, Facts, Left, Neighbour, Policy, Snapshot, Stage, Supplier
from loans.routing.scoring import AVAILABILITY, rank


def stages(policy: Policy, facts: Facts, snapshot: Snapshot, seed: str) -> tuple[list[Stage], list[Left]]:
    made: list[Stage] = []
    left: list[Left] = []
    seen = {supplier.library_id for supplier in snapshot.suppliers} | {facts.requester}
    for near in sorted(snapshot.neighbours, key=lambda network: network.network_id):
        able, out = screen([s for s in near.suppliers if s.library_id not in seen], facts)
        left += out
        seen |= {supplier.library_id for supplier in near.suppliers}
        if not able:
            continue
        ranked = rank(able, policy, facts, snapshot, seed=seed)
        made += [_through_coordinator(near, ranked, policy, snapshot, facts, seed)] if near.guided else [
            Stage("neighbour", SEQ, tuple(ranked), args={"network": near.name, "count": len(ranked)})
        ]  # fmt: skip
    return made, left


def _through_coordinator(
    near: Neighbour, ranked: list[Candidate], policy: Policy, snapshot: Snapshot, facts: Facts, seed: str
) -> Stage:
    """The other network as one candidate, its coordinator, who speaks for all the holders behind it."""
    best = max((row.supplier for row in ranked), key=lambda s: AVAILABILITY.get(s.availability, 0))
    speaker = Supplier(
        library_id=near.coordinator or 0,
        name=snapshot.names.get(near.coordinator or 0, near.name),
        availability=best.availability,
        network_id=near.network_id,
        stands_for=len(ranked),
    )
    return Stage(
        "neighbour_guided",
        SEQ,
        tuple(rank([speaker], policy, facts, snapshot, seed=seed)),
        by_hand=policy.guided,
        args={"network": near.name, "count": len(ranked)},
    )
