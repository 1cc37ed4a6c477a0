"""Ring with a mediator: the libraries stand in a fixed order, and a token goes from hand to hand. Only who holds it may
answer; no answer, and it goes to the successor. It starts behind the requester, or at the ring's cursor, and takes at
most n-1 hops, so it ends. The mediator keeps the token (token.py) and leaves the order for express requests."""

from __future__ import annotations

from loans.routing.model import EXPRESS, RING, SEQ, Candidate, Facts, Policy, Snapshot, Stage


def stages(ranked: list[Candidate], policy: Policy, facts: Facts, snapshot: Snapshot) -> list[Stage]:
    if not ranked:
        return []
    if facts.level == EXPRESS:
        return [Stage("ring_broken", SEQ, tuple(ranked))]
    place = {member: number for number, member in enumerate(order_from(facts.requester, snapshot))}
    last = len(place)
    in_order = sorted(ranked, key=lambda row: place.get(row.library_id, last))
    return [Stage("ring", RING, tuple(in_order), args={"hops": max(1, len(snapshot.ring) - 1)})]


def order_from(requester: int, snapshot: Snapshot) -> list[int]:
    """The other members of the ring in the order in which the token meets them."""
    members = list(snapshot.ring)
    if snapshot.cursor in members:
        start = members.index(snapshot.cursor)
    elif requester in members:
        start = members.index(requester) + 1
    else:
        start = 0
    turned = members[start:] + members[:start]
    return [member for member in turned if member != requester]
