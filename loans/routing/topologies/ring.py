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
    inside = [row for row in ranked if row.library_id in place]
    in_order = tuple(sorted(inside, key=lambda row: place[row.library_id]))
    beside = tuple(row for row in ranked if row.library_id not in place)
    made = [Stage("ring", RING, in_order, args={"hops": max(1, len(place))})] if in_order else []
    return [*made, Stage("off_ring", SEQ, beside)] if beside else made


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
