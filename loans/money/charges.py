"""The engine's door to money: called after each step, in its transaction. Charges what was sent or scanned, once."""

from __future__ import annotations

from typing import Protocol

from loans.models import SupplyAttempt
from loans.services.money import supply_charge
from network_portal.core.actor import Actor

# The steps with which a supplier has done its part.
SUPPLIED_BY = frozenset({"ship", "upload_done"})


class StepTaken(Protocol):
    """What is needed here of loans.workflow's Taking."""

    @property
    def action(self) -> str: ...


class Taken(Protocol):
    step: StepTaken
    attempt: SupplyAttempt | None
    actor: Actor


def charge_after(taking: Taken) -> None:
    """For hooks.AFTER: a step that supplies is charged; a step taken twice, or again after undo, is charged once."""
    if taking.step.action in SUPPLIED_BY and taking.attempt is not None:
        supply_charge(attempt=taking.attempt, actor=taking.actor)
