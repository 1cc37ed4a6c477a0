"""Writing charges and monthly statements. Amounts are never changed: a wrong one is waived or refunded."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from loans.choices import ChargeKind, ChargeState, Service, StatementState
from loans.figures.model import Period
from loans.models import Charge, Request, Statement, SupplyAttempt
from loans.money.amounts import ZERO, cents
from loans.money.legs import legs_between
from loans.money.netting import Line, net
from loans.money.rates import rate_of
from loans.selectors.money import quote_of
from members.models import AgreementTerm, Library
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import Conflict, RuleViolation

OF_A_SUPPLY = (ChargeKind.SUPPLY, ChargeKind.COPY)
NOT_SUPPLIED = ("refused", "expired", "withdrawn", "retry_asked")


@transaction.atomic
def charge_add(
    *,
    request: Request,
    payee: Library,
    payer: Library | None,
    kind: ChargeKind,
    amount: Decimal,
    currency: str,
    actor: Actor,
    attempt: SupplyAttempt | None = None,
    agreement: AgreementTerm | None = None,
    state: ChargeState = ChargeState.DUE,
    note: str = "",
) -> Charge:
    """One amount that `payer` (None: the reader) owes `payee`. Raises RuleViolation `above_quote`.

    A supply never costs more than what the reader agreed to; the rate of the day is kept with it. Through an opaque
    hub it is owed leg by leg: the coordinator owes the payee and is owed the same. Returned is the payee's own.
    """
    agreed = request.quoted_amount if request.cost_approved_at else None
    if kind in OF_A_SUPPLY and agreed is not None and currency == request.currency and amount > agreed:
        raise RuleViolation("above_quote", _("The price was agreed on; it cannot grow afterwards."))
    made: list[Charge] = []
    for owed_by, owed_to in legs_between(request, attempt, payer, payee):
        made.append(Charge.objects.create(
            request=request, attempt=attempt, kind=kind, state=state, payee_library=owed_to, payer_library=owed_by,
            amount=cents(amount), currency=currency, rate=_rate(request, currency), note=note[:300],
            agreement=None if made else agreement, leg_of=made[-1] if made else None,
        ))  # fmt: skip
        data = {"kind": kind, "amount": str(made[-1].amount), "currency": currency}
        audit.record("loans.charge.added", actor=actor, target=request, data=data)
    return made[0]


def _rate(request: Request, currency: str) -> Decimal:
    """What one unit is worth in the network's currency today; 1 for its own, or where nobody has said."""
    if request.network is None or request.network.currency == currency:
        return Decimal(1)
    return rate_of(currency)


@transaction.atomic
def supply_charge(*, attempt: SupplyAttempt, actor: Actor) -> Charge | None:
    """Charge a supply once, when it was sent or scanned: the agreed condition, else the quote, never above the agreed.

    None where it is free, or where the supplier named no price.
    """
    request = attempt.request
    kind = ChargeKind.COPY if request.service == Service.COPY else ChargeKind.SUPPLY
    if attempt.charges.filter(kind__in=OF_A_SUPPLY).exclude(state=ChargeState.WAIVED).exists():
        return None
    quote = quote_of(request, attempt.supplier)
    amount, currency = quote.amount, quote.currency
    if attempt.condition_amount is not None:
        amount, currency = attempt.condition_amount, attempt.condition_currency or currency
    if request.cost_approved_at and request.quoted_amount is not None and currency == request.currency:
        amount = min(request.quoted_amount, request.quoted_amount if amount is None else amount)
    if not amount and quote.agreement_id is None:
        return None
    terms = AgreementTerm.objects.filter(pk=quote.agreement_id).first() if quote.agreement_id else None
    return charge_add(
        request=request, attempt=attempt, kind=kind, payee=attempt.supplier,
        payer=None if quote.payer == "patron" else request.requesting_library, amount=amount or ZERO,
        currency=currency, actor=actor, agreement=terms,
    )  # fmt: skip


@transaction.atomic
def charge_waive(*, charge: Charge, actor: Actor) -> Charge:
    """The payee lets it go, before it stands in a statement. Raises Conflict `in_statement` or `not_open`.

    What was passed on is let go too, and paid back where it stands in a statement already.
    """
    row = Charge.objects.select_for_update().get(pk=charge.pk)
    if row.statement_id is not None:
        raise Conflict("in_statement", _("It stands in a statement already. Pay it back instead."))
    if row.state not in (ChargeState.QUOTED, ChargeState.APPROVED, ChargeState.DUE):
        raise Conflict("not_open", _("It is no longer open. Nothing was changed."))
    row.state, row.decided_at, row.decided_by_name = ChargeState.WAIVED, timezone.now(), actor.user_name
    row.save(update_fields=["state", "decided_at", "decided_by_name"])
    audit.record("loans.charge.waived", actor=actor, target=row.request, data={"amount": str(row.amount)})
    for leg in row.passed_on.exclude(state=ChargeState.WAIVED):
        if leg.statement_id is None:
            charge_waive(charge=leg, actor=actor)
        else:
            charge_refund(charge=leg, actor=actor)
    return row


@transaction.atomic
def charge_refund(*, charge: Charge, actor: Actor, amount: Decimal | None = None) -> Charge:
    """The payee pays back, all or part: a charge the other way round. Raises RuleViolation `refund_too_high`.

    A coordinator that passed the amount on pays as much back to who paid it.
    """
    row = Charge.objects.select_for_update().get(pk=charge.pk)
    if row.payer_library is None or row.state not in (ChargeState.DUE, ChargeState.SETTLED):
        raise RuleViolation("not_refundable", _("There is nothing to pay back to a library."))
    left = _not_paid_back(row)
    amount = left if amount is None else amount
    if not ZERO < amount <= left or row.kind == ChargeKind.REFUND:
        raise RuleViolation("refund_too_high", _("So much was not charged, or it was paid back already."))
    refund = charge_add(
        request=row.request, attempt=row.attempt, kind=ChargeKind.REFUND, payee=row.payer_library,
        payer=row.payee_library, amount=amount, currency=row.currency, actor=actor, note=_refund_note(row),
    )  # fmt: skip
    for leg in row.passed_on.filter(state__in=(ChargeState.DUE, ChargeState.SETTLED)):
        if again := min(amount, _not_paid_back(leg)):
            charge_refund(charge=leg, actor=actor, amount=again)
    return refund


def _refund_note(charge: Charge) -> str:
    return f"#{charge.pk}"


def _not_paid_back(charge: Charge) -> Decimal:
    paid_back = Charge.objects.filter(
        request_id=charge.request_id, kind=ChargeKind.REFUND, note=_refund_note(charge)
    )
    return charge.amount - (paid_back.aggregate(sum=Sum("amount"))["sum"] or ZERO)


# --- statements


def last_month(today: date | None = None) -> date:
    """The first day of the month before this one."""
    return ((today or timezone.localdate()).replace(day=1) - timedelta(days=1)).replace(day=1)


@transaction.atomic
def statements_make(month: date) -> int:
    """The statements of a month: one per pair and currency, of all that is due by its end. How many were made.

    Made again, nothing changes: a pair that has its statement keeps it, and what came late stands in the next.
    Raises RuleViolation `month_not_over`.
    """
    month = month.replace(day=1)
    following = (month + timedelta(days=32)).replace(day=1)
    if following > timezone.localdate():
        raise RuleViolation("month_not_over", _("The month is not over yet."))
    period = Period(month, following - timedelta(days=1))
    due = (
        Charge.objects.select_for_update(of=("self",))
        .filter(state=ChargeState.DUE, statement=None, payer_library__isnull=False, at__lt=period.end)
        .exclude(attempt__status__in=NOT_SUPPLIED, kind__in=OF_A_SUPPLY)
        .order_by("id")
    )
    charges = [charge for charge in due if charge.payer_library_id != charge.payee_library_id]
    there = set(Statement.objects.filter(month=month).values_list("left_id", "right_id", "currency"))
    open_charges = [charge for charge in charges if _pair(charge) not in there]
    lines = [
        Line(charge.payee_library_id, charge.payer_library_id or 0, charge.amount, charge.currency)
        for charge in open_charges
    ]
    made = {}
    for pair in net(lines):
        made[pair.left, pair.right, pair.currency] = Statement.objects.create(
            left_id=pair.left, right_id=pair.right, month=month, currency=pair.currency,
            gross_left=pair.gross_left, gross_right=pair.gross_right, net=pair.net, state=StatementState.SENT,
        )  # fmt: skip
    for charge in open_charges:
        charge.statement = made[_pair(charge)]
    Charge.objects.bulk_update(open_charges, ["statement"], batch_size=1000)
    if made:
        data = {"month": month.isoformat(), "count": len(made)}
        audit.record("loans.statements.made", actor=Actor.system(), data=data)
    return len(made)


def _pair(charge: Charge) -> tuple[int, int, str]:
    left, right = sorted((charge.payee_library_id, charge.payer_library_id or 0))
    return left, right, charge.currency


# What may follow: action → (from which states, to which state).
STATEMENT_STEPS: dict[str, tuple[tuple[StatementState, ...], StatementState]] = {
    "agree": ((StatementState.SENT, StatementState.DISPUTED), StatementState.AGREED),
    "dispute": ((StatementState.SENT, StatementState.AGREED), StatementState.DISPUTED),
    "settle": ((StatementState.SENT, StatementState.AGREED), StatementState.SETTLED),
}


def receiver_id(statement: Statement) -> int | None:
    """The library that gets the difference; None where nothing is left to pay."""
    if statement.net == 0:
        return None
    return statement.left_id if statement.net > 0 else statement.right_id


def statement_actions(statement: Statement, library_id: int | None, *, network: bool) -> list[str]:
    """What a library may do with a statement: the one that pays agrees, the one that gets the money says it came."""
    if not network and library_id not in (statement.left_id, statement.right_id):
        return []
    receiver = receiver_id(statement)
    allowed = {
        "dispute": True,
        "agree": network or library_id != receiver,
        "settle": network or receiver in (None, library_id),
    }
    steps = STATEMENT_STEPS.items()
    return [name for name, (sources, _to) in steps if statement.state in sources and allowed[name]]


@transaction.atomic
def statement_step(
    *, statement: Statement, action: str, actor: Actor, network: bool, note: str = ""
) -> Statement:
    """Agree to, dispute or settle a statement. Raises Conflict `statement_moved`, RuleViolation `note_missing`."""
    row = Statement.objects.select_for_update().get(pk=statement.pk)
    if action not in statement_actions(row, actor.library_id, network=network):
        raise Conflict(
            "statement_moved", _("The statement was changed meanwhile. Look again; nothing was changed.")
        )
    if action == "dispute" and not note.strip():
        raise RuleViolation("note_missing", _("Please write the reason in a few words."))
    row.state = STATEMENT_STEPS[action][1]
    row.save(update_fields=["state"])
    if action == "settle":
        row.charges.filter(Q(state=ChargeState.DUE)).update(state=ChargeState.SETTLED)
    audit.record(f"loans.statement.{action}", actor=actor, target=row, data={"note": note.strip()[:300]})
    return row
