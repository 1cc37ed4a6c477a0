"""The engine's doors to replacement costs: a supplier asks for what a lost or damaged book is worth, and settles it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loans.choices import ChargeKind, ChargeState
from loans.services.money import charge_add
from loans.workflow.effects import claims_of, currency_of
from network_portal.core import audit

if TYPE_CHECKING:
    from loans.workflow.taking import Taking


def effect_claim_cost(taking: Taking) -> None:
    """A charge that is only named: it is owed once the two sides have settled it."""
    charge_add(
        request=taking.request, attempt=taking.supplier, kind=ChargeKind.REPLACEMENT, state=ChargeState.QUOTED,
        payer=taking.request.requesting_library, payee=taking.supplier.supplier, amount=taking.params["amount"],
        currency=currency_of(taking.request), actor=taking.actor, note=taking.note,
    )  # fmt: skip


def effect_settle_cost(taking: Taking) -> None:
    """Owed from now on, and part of the next statement; or let go."""
    state = ChargeState.DUE if taking.reason == "due" else ChargeState.WAIVED
    for charge in claims_of(taking.request).select_for_update():
        charge.state, charge.decided_at = state, taking.now
        charge.decided_by_name = taking.actor.user_name[:200]
        charge.save(update_fields=["state", "decided_at", "decided_by_name"])
        data = {"amount": str(charge.amount), "currency": charge.currency, "state": charge.state}
        audit.record("loans.charge.settled", actor=taking.actor, target=taking.request, data=data)
