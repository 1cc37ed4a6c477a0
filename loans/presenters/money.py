"""The ledger and the statements of a library, in its own view: what it gets, what it pays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from loans.choices import ChargeKind, ChargeState, StatementState
from loans.models import Charge, Statement
from loans.services.money import receiver_id, statement_actions
from members.models import Library
from members.presenters_policies import money
from network_portal.core.actor import Actor

TONES = {
    StatementState.SENT: "attention", StatementState.DISPUTED: "stop", StatementState.AGREED: "info",
    StatementState.SETTLED: "ok",
}  # fmt: skip
ACTION_LABELS = {"agree": gettext_lazy("It is right"), "settle": gettext_lazy("The money has come")}


@dataclass(frozen=True)
class ChargeLine:
    charge: Charge
    partner: str
    owed_to_us: bool
    amount: str
    state: str
    may_waive: bool
    may_refund: bool


def charge_line(charge: Charge, library_id: int | None) -> ChargeLine:
    ours = charge.payee_library_id == library_id
    payer = charge.payer_library.name if charge.payer_library else _("The reader")
    open_states = (ChargeState.QUOTED, ChargeState.APPROVED, ChargeState.DUE)
    return ChargeLine(
        charge=charge,
        partner=payer if ours else charge.payee_library.name,
        owed_to_us=ours,
        amount=money(charge.amount, charge.currency),
        # Of a book, "due" is the day it goes back; of money it is something else.
        state=_("To be paid") if charge.state == ChargeState.DUE else charge.get_state_display(),
        may_waive=ours and charge.statement_id is None and charge.state in open_states,
        may_refund=ours
        and charge.payer_library_id is not None
        and charge.kind != ChargeKind.REFUND
        and charge.statement_id is not None,
    )


CHARGE_COLUMNS = ("number", "at", "kind", "state", "payee", "payer", "amount", "currency", "statement")


def charge_rows(charges: Iterable[Charge]) -> Iterable[tuple[object, ...]]:
    """For CSV: amounts as plain numbers with a point, days as YYYY-MM-DD."""
    for charge in charges:
        payer = charge.payer_library.short_code if charge.payer_library else ""
        yield (
            charge.request.number, charge.at.date().isoformat(), charge.kind, charge.state,
            charge.payee_library.short_code, payer, charge.amount, charge.currency,
            charge.statement_id or "",
        )  # fmt: skip


@dataclass(frozen=True)
class StatementLine:
    statement: Statement
    month: str
    partner: str
    sentence: str
    tone: str


def statement_line(statement: Statement, actor: Actor) -> StatementLine:
    us, them = _sides(statement, actor)
    partner = them.name if us else f"{statement.left.name} – {statement.right.name}"
    return StatementLine(
        statement, date_format(statement.month, "F Y"), partner, net_sentence(statement, actor),
        TONES.get(StatementState(statement.state), "plain"),
    )  # fmt: skip


def net_sentence(statement: Statement, actor: Actor) -> str:
    """Who pays whom how much."""
    amount = money(abs(statement.net), statement.currency)
    receiver = receiver_id(statement)
    if receiver is None:
        return _("Nothing is left to pay.")
    us, them = _sides(statement, actor)
    if us is not None:
        names = {"library": them.name, "amount": amount}
        if receiver == us.pk:
            return _("%(library)s pays you %(amount)s.") % names
        return _("You pay %(library)s %(amount)s.") % names
    payer, getter = (
        (statement.right, statement.left) if statement.net > 0 else (statement.left, statement.right)
    )
    return _("%(payer)s pays %(library)s %(amount)s.") % {
        "payer": payer.name, "library": getter.name, "amount": amount,
    }  # fmt: skip


def _sides(statement: Statement, actor: Actor) -> tuple[Library | None, Library]:
    """The actor's own library, if it is one of the two, and the other one."""
    if statement.left_id == actor.library_id:
        return statement.left, statement.right
    if statement.right_id == actor.library_id:
        return statement.right, statement.left
    return None, statement.right


def statement_facts(statement: Statement) -> list[tuple[str, str]]:
    sides = ((statement.left, statement.gross_left), (statement.right, statement.gross_right))
    supplied = [
        (_("Owed to %(library)s") % {"library": side.name}, money(gross, statement.currency))
        for side, gross in sides
    ]
    return [*supplied, (_("Difference"), money(abs(statement.net), statement.currency))]


def statement_buttons(statement: Statement, actor: Actor, *, network: bool) -> list[tuple[str, str]]:
    actions = statement_actions(statement, actor.library_id, network=network)
    return [(name, str(ACTION_LABELS[name])) for name in actions if name != "dispute"]
