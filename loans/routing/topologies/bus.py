"""Bus: every library that may supply sees the request at once. The first to take it has it, or, in the fairer form,
whoever is willing says so for some hours and the best ranked of them gets it."""

from __future__ import annotations

from loans.routing.model import CLAIM, OFFERS, Candidate, Facts, Policy, Snapshot, Stage


def stages(ranked: list[Candidate], policy: Policy, facts: Facts, snapshot: Snapshot) -> list[Stage]:
    if not ranked:
        return []
    offers = policy.claim_mode == OFFERS
    return [
        Stage(
            "offers" if offers else "broadcast",
            CLAIM,
            tuple(ranked),
            hold_hours=policy.offer_hours,
            width=len(ranked),
            offers=offers,
            args={"count": len(ranked), "hours": policy.offer_hours},
        )
    ]
