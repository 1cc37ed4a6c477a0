"""The engine's door to money: called after each step, in its transaction. Charges what was sent or scanned, once."""

from __future__ import annotations

from typing import Protocol

from django.utils.translation import gettext as _

from loans.choices import ChargeKind, ChargeState
from loans.models import Charge, Request, RequestEvent, SupplyAttempt
from loans.money.rates import worth
from loans.services.money import OF_A_SUPPLY, charge_waive, supply_charge
from loans.services.reader_charges import licence_charge
from members.presenters_policies import money
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation

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
        licence_charge(attempt=taking.attempt, actor=taking.actor)


def dearer_than_agreed(taking: Taken) -> None:
    """For hooks.BEFORE: the desk alone cannot agree to more than the reader did. Raises RuleViolation `ask_reader`."""
    attempt = taking.attempt
    if taking.step.action != "agree" or attempt is None or attempt.condition_amount is None:
        return
    request = attempt.request
    agreed, asked = request.quoted_amount, attempt.condition_amount
    if request.cost_approved_at is None or agreed is None:
        return
    same = (attempt.condition_currency or request.currency) == request.currency
    if (asked if same else worth(asked, attempt.condition_currency)) > agreed:
        told = {"agreed": money(agreed, request.currency), "asked": money(asked, attempt.condition_currency)}
        raise RuleViolation(
            "ask_reader",
            _(
                "The reader agreed to at most %(agreed)s; this costs %(asked)s. Please ask the reader about the price."
            )
            % told,
        )


def uncharge(request: Request, event: RequestEvent, actor: Actor) -> None:
    """For hooks.UNDONE: what was not sent after all is not owed, and what was not found after all is asked for again.

    What stands in a statement already stays there; it is paid back by hand.
    """
    if event.action in SUPPLIED_BY and event.attempt is not None:
        made = event.attempt.charges.filter(
            kind__in=(*OF_A_SUPPLY, ChargeKind.LICENCE), statement=None, at__gte=event.at, leg_of=None
        )
        for charge in made.filter(state__in=(ChargeState.APPROVED, ChargeState.DUE)):
            charge_waive(charge=charge, actor=actor)
    over = Charge.objects.filter(request=request, pk__in=event.data.get("claims_over", []))
    over.filter(state=ChargeState.WAIVED).update(
        state=ChargeState.QUOTED, decided_at=None, decided_by_name=""
    )
