"""Star: every edge ends at the hub. The hub passes a request on to the best ranked library and its answer back; in an
opaque star neither side sees the other. Whether the hub supplies from its own shelves first or last is the special
centre's business (compiler)."""

from __future__ import annotations

from loans.routing.model import SEQ, Candidate, Facts, Policy, Snapshot, Stage


def stages(ranked: list[Candidate], policy: Policy, facts: Facts, snapshot: Snapshot) -> list[Stage]:
    if not ranked:
        return []
    via = () if policy.hub is None else (policy.hub,)
    kind = "relay_opaque" if policy.opaque else "relay"
    name = snapshot.names.get(policy.hub, "") if policy.hub is not None else ""
    return [Stage(kind, SEQ, tuple(ranked), via=via, args={"hub": name})]
