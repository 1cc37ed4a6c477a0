"""What a step does beside moving the status: dates, reasons, the item's numbers. The rules stand in guards.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from loans.choices import (
    AttemptStatus,
    ChargeKind,
    ChargeState,
    FlagKind,
    RequestStatus,
    Service,
)
from loans.models import Charge, Request
from loans.workflow import hooks
from loans.workflow.deadlines import due_for_patron
from loans.workflow.taking import Taking

# What a form of a description may change; the rest of the citation stays.
DESCRIBED = ("title", "author", "year", "publisher", "isbn")
PART = ("container", "volume", "issue", "pages", "chapter")


def apply(taking: Taking) -> None:
    """Set what the step changes beside the status."""
    if taking.step.effect:
        hooks.EFFECTS[taking.step.effect](taking)


def _next_round(taking: Taking) -> None:
    taking.request.round += 1


def _release_round(taking: Taking) -> None:
    taking.request.released_round = taking.request.round


def _answered(taking: Taking) -> None:
    if taking.attempt:
        taking.attempt.answered_at = taking.now
        taking.attempt.committed_at = None if taking.step.attempt_to else taking.now


def _claimed(taking: Taking) -> None:
    """The first that takes it has it; the others are told that it is gone."""
    _answered(taking)
    others = taking.request.attempts.filter(status__in=(AttemptStatus.OFFERED, AttemptStatus.VOLUNTEERED))
    others.exclude(pk=taking.supplier.pk).update(status=AttemptStatus.OUTBID, closed_at=taking.now)


def _offers_over(taking: Taking) -> None:
    offered = taking.request.attempts.filter(status__in=(AttemptStatus.OFFERED, AttemptStatus.VOLUNTEERED))
    offered.update(status=AttemptStatus.EXPIRED, closed_at=taking.now)


def _declined(taking: Taking) -> None:
    if taking.attempt:
        taking.attempt.answered_at = taking.now
        taking.attempt.reason_unfilled, taking.attempt.note = taking.reason, taking.note


def _retry_reason(taking: Taking) -> None:
    taking.supplier.answered_at = taking.now
    taking.supplier.retry_reason, taking.supplier.note = taking.reason, taking.note


def _conditions(taking: Taking) -> None:
    attempt = taking.supplier
    attempt.answered_at, attempt.note = taking.now, taking.note
    attempt.conditions = list(taking.params.get("conditions") or [])
    attempt.condition_amount = taking.params.get("amount")
    attempt.condition_currency = currency_of(taking.request) if attempt.condition_amount is not None else ""


def _quote(taking: Taking) -> None:
    """Another price is another question: what was agreed to before no longer counts."""
    taking.request.quoted_amount = taking.params["amount"]
    taking.request.currency = currency_of(taking.request)
    taking.request.cost_approved_at = None


def _cost_agreed(taking: Taking) -> None:
    taking.request.cost_approved_at = taking.now
    if taking.attempt is not None:
        taking.request.quoted_amount = taking.attempt.condition_amount
        taking.request.currency = taking.attempt.condition_currency


def currency_of(request: Request) -> str:
    return request.currency or (request.network.currency if request.network else "IDR")


def _change(taking: Taking) -> None:
    """The description as it was filled in; what was left empty stays as it was."""
    request, values = taking.request, taking.params
    told = {name: str(values[name]).strip() for name in DESCRIBED if str(values.get(name) or "").strip()}
    request.title = told.get("title", request.title)[:1000]
    if "isbn" in told:
        request.identifiers = {**request.identifiers, "isbn": told["isbn"]}
        told["isbn"] = [told["isbn"]]  # type: ignore[assignment]
    request.citation = {**request.citation, **told}
    part = {name: str(values[name]).strip() for name in PART if str(values.get(name) or "").strip()}
    request.part = {**request.part, **part}


def _resubmit(taking: Taking) -> None:
    _change(taking)
    _next_round(taking)


def _convert(taking: Taking) -> None:
    """The same wish by the other service, under the same number."""
    request = taking.request
    request.converted_from = request.service
    request.service = Service.LOAN if request.service == Service.COPY else Service.COPY
    # The other service has another price; whoever looks at the request again finds it out.
    request.quoted_amount = request.cost_approved_at = None


def _shipped(taking: Taking) -> None:
    if taking.attempt:
        taking.attempt.shipped_at = taking.now
        taking.attempt.due_on = taking.attempt.due_original = taking.params["due_on"]
        taking.attempt.barcode = str(taking.params.get("barcode") or "").strip()[:60]
        taking.attempt.tracking = str(taking.params.get("tracking") or "").strip()[:100]
        taking.attempt.note = taking.note


def _received(taking: Taking) -> None:
    if taking.attempt:
        taking.attempt.received_at = taking.now
    _claims_over(taking)


def _lent(taking: Taking) -> None:
    if taking.attempt:
        taking.request.due_on = due_for_patron(taking.attempt, taking.request.requesting_library)


def _due(taking: Taking) -> None:
    """Another day for the supplier, and for a reader who has the book the day before the way back."""
    taking.supplier.due_on = taking.params["due_on"]
    if taking.request.status == RequestStatus.LENT:
        taking.request.due_on = due_for_patron(taking.supplier, taking.request.requesting_library)


def _renewed(taking: Taking) -> None:
    _due(taking)
    taking.supplier.renewed_count += 1
    taking.request.renewals += 1


def _recalled(taking: Taking) -> None:
    """A recall never makes a loan longer."""
    _due(taking)
    taking.supplier.recalled_on = taking.now.date()


def _recall_off(taking: Taking) -> None:
    taking.supplier.recalled_on = None


def _lost(taking: Taking) -> None:
    taking.supplier.lost_at = taking.now


def _found(taking: Taking) -> None:
    taking.supplier.lost_at = None
    _claims_over(taking)


def _claims_over(taking: Taking) -> None:
    """Nobody pays for a book that has turned up; one that is damaged is still to be settled."""
    opened = {flag.kind for flag in taking.flags}
    if FlagKind.LOST not in opened or FlagKind.DAMAGED in opened:
        return
    over = list(claims_of(taking.request).values_list("pk", flat=True))
    if over:
        taking.params["claims_over"] = over  # for the history, and for whoever takes this back
        Charge.objects.filter(pk__in=over).update(
            state=ChargeState.WAIVED, decided_at=taking.now, decided_by_name=taking.actor.user_name[:200]
        )


def _sent_back(taking: Taking) -> None:
    if taking.attempt:
        taking.attempt.returned_at = taking.now
        taking.attempt.return_tracking = str(taking.params.get("tracking") or "").strip()[:100]


def claims_of(request: Request) -> Any:
    """Replacement costs asked for and not settled yet."""
    return Charge.objects.filter(request=request, kind=ChargeKind.REPLACEMENT, state=ChargeState.QUOTED)


def _written_off(taking: Taking) -> None:
    taking.request.outcome_reason = "lost"


def _close(taking: Taking) -> None:
    taking.request.outcome_reason, taking.request.outcome_note = taking.reason, taking.note


def _close_by_hand(taking: Taking) -> None:
    taking.request.outcome_reason, taking.request.outcome_note = "other", taking.note


EFFECTS: dict[str, Callable[[Taking], None]] = {
    "next_round": _next_round, "release_round": _release_round, "answered": _answered, "claimed": _claimed,
    "offers_over": _offers_over, "declined": _declined, "retry_reason": _retry_reason, "conditions": _conditions,
    "quote": _quote, "cost_agreed": _cost_agreed, "change": _change, "resubmit": _resubmit, "convert": _convert,
    "shipped": _shipped, "received": _received, "lent": _lent, "due": _due, "renewed": _renewed,
    "recalled": _recalled, "recall_off": _recall_off, "lost": _lost, "found": _found, "sent_back": _sent_back,
    "written_off": _written_off, "close": _close, "close_by_hand": _close_by_hand,
}  # fmt: skip

__all__ = ["EFFECTS", "Taking", "apply", "claims_of", "currency_of"]
