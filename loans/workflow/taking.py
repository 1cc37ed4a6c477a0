"""A step while it is taken: what the engine hands to guards, effects and the rooms around the workflow."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from loans.models import Request, RequestFlag, SupplyAttempt
from loans.workflow.vocabulary import Step
from network_portal.core.actor import Actor


@dataclass
class Taking:
    """One step being taken: the locked request, the live attempt, and what the person filled in."""

    request: Request
    attempt: SupplyAttempt | None
    step: Step
    actor: Actor
    now: datetime
    params: dict[str, Any]
    flags: list[RequestFlag] = field(default_factory=list)  # the open ones

    @property
    def reason(self) -> str:
        return str(self.params.get("reason") or "")

    @property
    def note(self) -> str:
        return str(self.params.get("note") or "").strip()[:500]

    @property
    def record(self) -> dict[str, Any]:
        """What the history keeps of the form: plain values, nothing empty."""
        kept = {key: _plain(value) for key, value in self.params.items()}
        return {key: value for key, value in kept.items() if value not in ("", None, [])}

    @property
    def supplier(self) -> SupplyAttempt:
        """For steps that the table only lets through with a live attempt."""
        if self.attempt is None:
            raise RuntimeError(f"{self.step.action} without a supplier")
        return self.attempt


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
