"""What one request costs, on its page: the price agreed or asked, and the charges that this library may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from loans.choices import AttemptStatus, ChargeState, RequestStatus
from loans.models import Charge, Request, SupplyAttempt
from loans.money.quote import Basis, Quote
from loans.selectors.money import charges_of_request, quote_of
from loans.services.addressing import Ends, ends_seen
from members.permissions import Capability
from members.presenters_policies import money
from network_portal.core.actor import Actor

TONES = {
    ChargeState.QUOTED: "attention", ChargeState.APPROVED: "info", ChargeState.DUE: "info",
    ChargeState.SETTLED: "ok", ChargeState.WAIVED: "plain", ChargeState.DECLINED: "plain",
}  # fmt: skip
# As long as nothing is sent, what it would cost is told; afterwards the charges speak.
BEFORE = (AttemptStatus.ASKED, AttemptStatus.CONSIDERING, AttemptStatus.WILL_SUPPLY, AttemptStatus.CONDITIONAL,
          AttemptStatus.SCANNING)  # fmt: skip


@dataclass(frozen=True)
class PanelLine:
    amount: str
    what: str  # "Lending: Perpustakaan A pays Perpustakaan B"
    state: str
    tone: str
    at: datetime
    note: str
    statement_url: str


@dataclass(frozen=True)
class Panel:
    price: str
    lines: list[PanelLine]
    ledger_url: str


def money_panel(request: Request, attempt: SupplyAttempt | None, actor: Actor) -> Panel | None:
    """None where there is nothing to tell: nothing asked yet, and nothing charged."""
    books = actor.can(Capability.MONEY_MANAGE) or actor.can(Capability.NETWORK_MANAGE)
    ends = ends_seen(request, attempt, actor.library_id)
    charges = charges_of_request(request, actor)
    lines = [
        charge_told(charge, ends_seen(request, charge.attempt, actor.library_id), books=books)
        for charge in charges
    ]
    # Who was asked in vain learns neither what another library asks nor what the reader agreed to.
    concerned = {request.requesting_library_id, attempt.supplier_id if attempt is not None else None}
    told = actor.library_id in concerned or actor.can(Capability.NETWORK_REQUESTS)
    name = ends.name_of(attempt.supplier) if attempt else ""
    price = _price(request, attempt, name) if told else ""
    if not lines and not price:
        return None
    return Panel(price, lines, reverse("loans:money") if books else "")


def charge_told(charge: Charge, ends: Ends | None = None, *, books: bool = False) -> PanelLine:
    """`ends`: borrower and lender as whoever reads it may know them; without, by their own names."""
    payee = charge.payee_library
    payer = charge.payer_library.name if charge.payer_library else str(_("The reader"))
    if ends is not None and charge.payer_library is not None:
        payer = ends.name_of(charge.payer_library)
    told = _("%(kind)s: %(payer)s pays %(library)s") % {
        "kind": charge.get_kind_display(), "payer": payer, "library": ends.name_of(payee) if ends else payee.name,
    }  # fmt: skip
    free = charge.agreement.name if charge.agreement is not None and not charge.amount else ""
    note = _("Free by agreement: %(name)s") % {"name": free} if free else charge.note
    shown = books and charge.statement_id is not None
    return PanelLine(
        money(charge.amount, charge.currency), told,
        str(_("To be paid")) if charge.state == ChargeState.DUE else charge.get_state_display(),
        TONES.get(ChargeState(charge.state), "plain"), charge.at, note,
        reverse("loans:money_statement", args=[charge.statement_id]) if shown else "",
    )  # fmt: skip


def _price(request: Request, attempt: SupplyAttempt | None, name: str) -> str:
    """What the reader agreed to, else what the library that has it now asks, by its terms."""
    if request.cost_approved_at is not None and request.quoted_amount is not None:
        return _("The reader agreed to at most %(amount)s.") % {
            "amount": money(request.quoted_amount, request.currency)
        }
    if request.status == RequestStatus.COST_APPROVAL and request.quoted_amount is not None:
        return _("The reader was asked whether they agree to %(amount)s.") % {
            "amount": money(request.quoted_amount, request.currency)
        }
    if attempt is None or attempt.status not in BEFORE:
        return ""
    if attempt.condition_amount is not None:
        return _("%(library)s asks %(amount)s.") % {
            "library": name, "amount": money(attempt.condition_amount, attempt.condition_currency),
        }  # fmt: skip
    return price_sentence(quote_of(request, attempt.supplier), name)


def price_sentence(quote: Quote, library: str) -> str:
    if quote.free_by:
        return _("Free by agreement: %(name)s") % {"name": quote.free_by}
    if quote.amount is None:
        return _("%(library)s names its price when it answers.") % {"library": library}
    if not quote.amount:
        return _("%(library)s asks nothing for it.") % {"library": library}
    told = {"library": library, "amount": money(quote.amount, quote.currency)}
    if quote.basis is Basis.AGREEMENT:
        return _("%(library)s asks %(amount)s, by agreement.") % told
    if quote.payer == "patron":
        return _("%(library)s asks %(amount)s, which the reader pays.") % told
    return _("%(library)s asks %(amount)s.") % told
