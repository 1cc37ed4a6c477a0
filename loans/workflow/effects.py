"""What a step does beside moving the status: dates, reasons, the item's numbers; and the rules that may forbid it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from loans.models import Request, SupplyAttempt
from loans.workflow.deadlines import due_for_patron
from loans.workflow.vocabulary import Form, Step
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation

# After so many rounds without success a librarian has to close the request, so that every request ends.
MAX_ROUNDS = 5


@dataclass
class Taking:
    """One step being taken: the locked request, the live attempt, and what the person filled in."""

    request: Request
    attempt: SupplyAttempt | None
    step: Step
    actor: Actor
    now: datetime
    params: dict[str, Any]

    @property
    def reason(self) -> str:
        return str(self.params.get("reason") or "")

    @property
    def note(self) -> str:
        return str(self.params.get("note") or "").strip()[:500]

    @property
    def record(self) -> dict[str, Any]:
        """What the history keeps of the form: plain values, nothing empty."""
        kept = {
            key: value.isoformat() if isinstance(value, date) else value for key, value in self.params.items()
        }
        return {key: value for key, value in kept.items() if value not in ("", None)}


def guard(taking: Taking) -> None:
    """Raise RuleViolation when the form is incomplete or a rule forbids the step."""
    step = taking.step
    if step.form is Form.REASON and step.reasons is not None:
        if taking.reason not in step.reasons.values:
            raise RuleViolation("reason_missing", _("Please choose a reason."))
        if taking.reason == "other" and not taking.note:
            raise RuleViolation("note_missing", _("Please write the reason in a few words."))
    if step.form is Form.SHIP:
        due_on = taking.params.get("due_on")
        if not isinstance(due_on, date) or due_on <= timezone.localdate():
            raise RuleViolation("due_date_missing", _("Please give a due date that lies ahead."))
    if step.action == "retry" and taking.request.round >= MAX_ROUNDS:
        raise RuleViolation(
            "too_many_rounds",
            _("All libraries were asked %(count)s times already. Please close the request.")
            % {"count": MAX_ROUNDS},
        )


def apply(taking: Taking) -> None:
    """Set what the step changes beside the status."""
    if effect := EFFECTS.get(taking.step.action):
        effect(taking)


def _round(taking: Taking) -> None:
    taking.request.round += 1


def _answered(taking: Taking) -> None:
    if taking.attempt:
        taking.attempt.answered_at = taking.now


def _declined(taking: Taking) -> None:
    if taking.attempt:
        taking.attempt.answered_at = taking.now
        taking.attempt.reason_unfilled, taking.attempt.note = taking.reason, taking.note


def _shipped(taking: Taking) -> None:
    if taking.attempt:
        taking.attempt.shipped_at = taking.now
        taking.attempt.due_on = taking.params["due_on"]
        taking.attempt.barcode = str(taking.params.get("barcode") or "").strip()[:60]
        taking.attempt.tracking = str(taking.params.get("tracking") or "").strip()[:100]
        taking.attempt.note = taking.note


def _received(taking: Taking) -> None:
    if taking.attempt:
        taking.attempt.received_at = taking.now


def _lent(taking: Taking) -> None:
    if taking.attempt:
        taking.request.due_on = due_for_patron(taking.attempt, taking.request.requesting_library)


def _sent_back(taking: Taking) -> None:
    if taking.attempt:
        taking.attempt.returned_at = taking.now
        taking.attempt.return_tracking = str(taking.params.get("tracking") or "").strip()[:100]


def _closed_with_reason(taking: Taking) -> None:
    taking.request.outcome_reason, taking.request.outcome_note = taking.reason, taking.note


EFFECTS: dict[str, Callable[[Taking], None]] = {
    "approve": _round,
    "retry": _round,
    "accept": _answered,
    "decline": _declined,
    "ship": _shipped,
    "receive": _received,
    "lend": _lent,
    "send_back": _sent_back,
    "refuse": _closed_with_reason,
    "withdraw": _closed_with_reason,
    "close_unfilled": _closed_with_reason,
}
