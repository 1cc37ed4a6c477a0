"""What happens next with a plan: pure, so that the simulation and the property tests run the very rule of the portal.

`following` looks at the plan and at what was tried and answers with one of the five moves; services.routing turns
database rows into a `Progress` and the engine carries the move out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from loans.routing.model import CLAIM, PAR, SEQ, Candidate, Plan, Stage


@dataclass(frozen=True)
class Ask:
    """One library, and it alone."""

    stage: int
    position: int  # from 1, through all stages
    candidate: Candidate
    mode: str
    via: tuple[int, ...] = ()


@dataclass(frozen=True)
class Offer:
    """Several at once: the first that takes it has it, or the best of those willing after `hours`."""

    stage: int
    positions: tuple[int, ...]
    candidates: tuple[Candidate, ...]
    hours: int | None
    offers: bool
    via: tuple[int, ...] = ()


@dataclass(frozen=True)
class Award:
    """The window of offers is over: this library, best ranked of the willing, gets the request."""

    library_id: int


@dataclass(frozen=True)
class HandToCoordinator:
    network_id: int | None
    library_id: int


@dataclass(frozen=True)
class EndOfRota:
    """Nobody is left: a person at the requesting library looks. `why` is a code of explain.ENDS."""

    why: str


Move = Ask | Offer | Award | HandToCoordinator | EndOfRota


@dataclass(frozen=True)
class Progress:
    """How far the round is. `able`: who may still be asked now; None when that is not looked at again."""

    tried: frozenset[int] = frozenset()
    able: frozenset[int] | None = None
    volunteers: frozenset[int] = frozenset()
    hours_in_stage: Mapping[int, float] = field(default_factory=dict)
    released: bool = False  # the coordinator of a guided network has let this round go
    by_hand: bool = False  # a coordinator moves: stages that only a person may open count as well
    named: frozenset[int] = frozenset()  # of the tried: whom a coordinator chose


def following(plan: Plan, progress: Progress) -> Move:
    """The next move. Nobody is asked twice in a round; each call leaves fewer untried libraries, so rounds end."""
    policy = plan.policy
    if policy.guided and policy.coordinator is not None and not progress.released:
        return HandToCoordinator(policy.network_id, policy.coordinator)
    if progress.volunteers:
        best = next((c for c in plan.candidates if c.library_id in progress.volunteers), None)
        if best is not None:
            return Award(best.library_id)
    offset = 0
    for number, stage in enumerate(plan.stages):
        move = None if stage.by_hand and not progress.by_hand else _in_stage(stage, number, offset, progress)
        if move is not None:
            return move
        offset += len(stage.candidates)
    return EndOfRota("all_tried" if progress.tried else "nobody")


def beyond(plan: Plan, progress: Progress) -> bool:
    """Is there a stage left that only a person at the coordinator's desk may open?"""
    by_hand = (stage for stage in plan.stages if stage.by_hand)
    return any(_open(row, progress) for stage in by_hand for row in stage.candidates)


def _in_stage(stage: Stage, number: int, offset: int, progress: Progress) -> Move | None:
    if _over(stage, number, progress):
        return None
    rest = [(offset + place, row) for place, row in enumerate(stage.candidates, 1) if _open(row, progress)]
    if not rest:
        return None
    if stage.mode not in (CLAIM, PAR) or (stage.mode == PAR and len(rest) == 1):
        position, row = rest[0]
        return Ask(number, position, row, SEQ if stage.mode == PAR else stage.mode, stage.via)
    some = rest[: stage.width]
    return Offer(
        number,
        tuple(position for position, _row in some),
        tuple(row for _position, row in some),
        stage.hold_hours,
        stage.offers,
        stage.via,
    )


def _over(stage: Stage, number: int, progress: Progress) -> bool:
    """A region's time is over once somebody was asked there for so long; a broadcast is made once only."""
    if stage.hold_hours is None:
        return False
    if stage.mode == CLAIM:
        return any(row.library_id in progress.tried - progress.named for row in stage.candidates)
    return progress.hours_in_stage.get(number, 0.0) >= stage.hold_hours


def _open(row: Candidate, progress: Progress) -> bool:
    if row.library_id in progress.tried:
        return False
    return progress.able is None or row.library_id in progress.able


def one_at_a_time(plan: Plan) -> Plan:
    """The same libraries in the same order, none of them asked together with another."""
    stages = tuple(
        replace(stage, mode=SEQ, hold_hours=None) if stage.mode in (CLAIM, PAR) else stage
        for stage in plan.stages
    )
    return replace(plan, stages=stages)


def most_attempts(plan: Plan) -> int:
    """The bound that the rounds of a plan keep: each library at most once."""
    return len({candidate.library_id for candidate in plan.candidates})
