"""Tree: a request climbs. First the libraries below the requester's own regional centre, then below the next, to the
root; up it goes when a region has said no or its time is over. A region with enough holders keeps its requests
(German Leihverkehr: no forwarding out of a region with three holders)."""

from __future__ import annotations

from collections.abc import Mapping

from loans.routing.model import SEQ, Candidate, Facts, Policy, Snapshot, Stage


def stages(ranked: list[Candidate], policy: Policy, facts: Facts, snapshot: Snapshot) -> list[Stage]:
    made: list[Stage] = []
    rest = list(ranked)
    tried = [s.library_id for s in snapshot.suppliers if s.tried]
    chains = {c.library_id: ancestors(c.library_id, snapshot.parents) for c in ranked}
    chains |= {library_id: ancestors(library_id, snapshot.parents) for library_id in tried}
    climb = ancestors(facts.requester, snapshot.parents)
    for level, centre in enumerate(climb):
        inside = [row for row in rest if centre in chains[row.library_id]]
        if inside:
            made.append(_region(inside, centre, level, policy, snapshot))
            rest = [row for row in rest if centre not in chains[row.library_id]]
        holders = sum(1 for chain in chains.values() if centre in chain)
        if policy.retain_holders and holders >= policy.retain_holders:
            return made
    if rest:  # libraries of another tree, or placed nowhere yet: after all regions
        made.append(Stage("elsewhere", SEQ, tuple(rest)))
    return made


def _region(inside: list[Candidate], centre: int, level: int, policy: Policy, snapshot: Snapshot) -> Stage:
    # The coordinator of an inner node approves the climb; the first region needs nobody's leave.
    via = (centre,) if policy.guided and level else ()
    return Stage(
        "region",
        SEQ,
        tuple(inside),
        via=via,
        hold_hours=policy.climb_hours,
        args={"centre": snapshot.names.get(centre, ""), "level": level + 1, "hours": policy.climb_hours},
    )


def ancestors(library_id: int, parents: Mapping[int, int | None]) -> list[int]:
    """The library itself and the centres above it, upwards. A circle in the data ends the climb."""
    chain: list[int] = []
    at: int | None = library_id
    while at is not None and at not in chain:
        chain.append(at)
        at = parents.get(at)
    return chain
