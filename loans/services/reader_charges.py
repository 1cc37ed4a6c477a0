"""What a library asks of its own readers: the fee of a licence that it pays for them, handling, a lost book.

The portal keeps the account; the reader pays at the desk, where it is marked as paid.
"""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from loans.choices import ChargeKind, ChargeState
from loans.copyright.decisions import latest_decision
from loans.models import Charge, Request, SupplyAttempt
from loans.services.money import charge_add
from loans.workflow.effects import currency_of
from members.permissions import Capability, require
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import Conflict, RuleViolation

MOST = Decimal(100_000_000)


@transaction.atomic
def licence_charge(*, attempt: SupplyAttempt, actor: Actor) -> Charge | None:
    """The licence's fee, once, when the copy was made: owed by the reader who agreed to the price, to their library.

    None where nothing is to be paid, or the reader was asked nothing: then the library bears it.
    """
    request = attempt.request
    if request.cost_approved_at is None or attempt.charges.filter(kind=ChargeKind.LICENCE).exclude(
        state=ChargeState.WAIVED
    ):
        return None
    decision = latest_decision(request)
    if decision is None or not decision.fee_amount:
        return None
    return charge_add(
        request=request, attempt=attempt, kind=ChargeKind.LICENCE, payer=None, payee=request.requesting_library,
        amount=decision.fee_amount, currency=decision.currency, actor=actor,
    )  # fmt: skip


@transaction.atomic
def reader_charge(*, request: Request, amount: Decimal, note: str, actor: Actor) -> Charge:
    """The library asks its own reader for an amount, with what it is for.

    Raises PermissionDenied, RuleViolation: not_your_reader, amount_missing, note_missing.
    """
    require(actor, Capability.REQUEST_MANAGE)
    if request.requesting_library_id != actor.library_id or not request.reader:
        raise RuleViolation(
            "not_your_reader", _("Only the reader\u2019s own library asks the reader for money.")
        )
    if not Decimal(0) < amount <= MOST:
        raise RuleViolation("amount_missing", _("Please give the amount."))
    if not note.strip():
        raise RuleViolation("note_missing", _("Please write what it is for."))
    return charge_add(
        request=request, attempt=None, kind=ChargeKind.HANDLING, payer=None, payee=request.requesting_library,
        amount=amount, currency=currency_of(request), actor=actor, note=note.strip(),
    )  # fmt: skip


@transaction.atomic
def reader_paid(*, charge: Charge, actor: Actor) -> Charge:
    """The reader has paid at the desk of the library that gets it. Raises PermissionDenied, Conflict `not_open`."""
    require(actor, Capability.REQUEST_MANAGE)
    row = Charge.objects.select_for_update().get(pk=charge.pk)
    if row.state != ChargeState.DUE or row.payer_library_id is not None:
        raise Conflict("not_open", _("It is no longer open. Nothing was changed."))
    row.state, row.decided_at, row.decided_by_name = (
        ChargeState.SETTLED,
        timezone.now(),
        actor.user_name[:200],
    )
    row.save(update_fields=["state", "decided_at", "decided_by_name"])
    data = {"amount": str(row.amount), "currency": row.currency, "state": row.state}
    audit.record("loans.charge.settled", actor=actor, target=row.request, data=data)
    return row
