"""Mesh: one list, the best ranked first. Copies may go to two libraries at once; the first that takes it has it."""

from __future__ import annotations

from loans.routing.model import COPY, PAR, SEQ, Candidate, Facts, Policy, Snapshot, Stage


def stages(ranked: list[Candidate], policy: Policy, facts: Facts, snapshot: Snapshot) -> list[Stage]:
    if not ranked:
        return []
    width = min(policy.parallel, 2, len(ranked)) if facts.service == COPY else 1
    if width > 1:
        return [Stage("parallel", PAR, tuple(ranked), width=width, args={"count": width})]
    return [Stage("ranked", SEQ, tuple(ranked))]
