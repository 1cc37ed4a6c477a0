"""What a supplier asks for a loan or a copy. Pure: facts and terms in, a price out; selectors.money loads the terms.

The order: an agreement the two libraries share, then the supplier's own fee rules, then its policy, else nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum

from loans.money.amounts import ZERO, cents
from loans.netsettings import QUOTE_DAYS

# Of two agreements with one priority the more particular counts.
_SCOPE_ORDER = {"pair": 0, "group": 1, "network": 2}


class Basis(str, Enum):
    """Where a price comes from."""

    AGREEMENT = "agreement"
    FEE_RULE = "fee_rule"
    POLICY = "policy"
    ON_REQUEST = "on_request"  # the supplier names it when it answers
    FREE = "free"


@dataclass(frozen=True)
class Facts:
    """What is asked, by whom, of whom, and when."""

    service: str
    requester_id: int
    supplier_id: int
    at: datetime
    level: str = "normal"
    format: str = ""
    category_id: int | None = None
    network_ids: frozenset[int] = frozenset()  # those of which both libraries are members
    pages: int = 0  # of a copy, as far as known

    @property
    def day(self) -> date:
        return self.at.date()


@dataclass(frozen=True)
class Terms:
    """The price part of the supplier's policy for the service."""

    basis: str = "free"
    amount: Decimal = ZERO
    per_page: Decimal = ZERO
    currency: str = "IDR"


@dataclass(frozen=True)
class Agreement:
    pk: int
    name: str
    scope: str
    valid_from: date
    valid_until: date | None = None
    network_id: int | None = None
    parties: frozenset[int] = field(default_factory=frozenset)
    services: frozenset[str] = frozenset()  # empty: both
    free: bool = True
    amount: Decimal = ZERO
    currency: str = "IDR"
    priority: int = 0
    max_per_year: int | None = None
    used: int = 0  # supplies under it between the two libraries this year
    no_reciprocity: bool = False  # what is given under it is given without looking at what comes back


@dataclass(frozen=True)
class Fee:
    service: str
    level: str = "normal"
    payer: str = "library"
    format: str = ""
    category_id: int | None = None
    first_pages: int = 0
    amount: Decimal = ZERO
    per_page: Decimal = ZERO
    currency: str = "IDR"
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True)
class Quote:
    """`amount` is None while only the supplier can name it. `free_by` is the agreement that makes it free."""

    amount: Decimal | None
    currency: str
    free_by: str
    basis: Basis
    expires: datetime
    agreement_id: int | None = None
    payer: str = "library"

    @property
    def is_free(self) -> bool:
        return self.amount == 0


def quote(facts: Facts, policy: Terms | None, agreements: Iterable[Agreement], fees: Iterable[Fee]) -> Quote:
    """The price of one supply. An agreement beats the fee rules, and they beat the policy."""
    expires = facts.at + timedelta(days=QUOTE_DAYS.now())
    agreement = _best_agreement(facts, agreements)
    if agreement is not None:
        return Quote(
            amount=ZERO if agreement.free else cents(agreement.amount),
            currency=agreement.currency,
            free_by=agreement.name if agreement.free else "",
            basis=Basis.AGREEMENT,
            expires=expires,
            agreement_id=agreement.pk,
        )
    fee = _best_fee(facts, fees)
    if fee is not None:
        paid_pages = max(0, facts.pages - fee.first_pages)
        amount = cents(fee.amount + fee.per_page * paid_pages)
        return Quote(amount, fee.currency, "", Basis.FEE_RULE, expires, payer=fee.payer)
    return _by_policy(policy or Terms(), facts, expires)


def _by_policy(policy: Terms, facts: Facts, expires: datetime) -> Quote:
    if policy.basis == "quote":
        return Quote(None, policy.currency, "", Basis.ON_REQUEST, expires)
    if policy.basis == "fixed":
        amount = cents(policy.amount + policy.per_page * facts.pages)
        return Quote(amount, policy.currency, "", Basis.POLICY, expires)
    return Quote(ZERO, policy.currency, "", Basis.FREE, expires)


def _best_agreement(facts: Facts, agreements: Iterable[Agreement]) -> Agreement | None:
    fitting = [agreement for agreement in agreements if _covers(agreement, facts)]
    return min(fitting, key=lambda a: (-a.priority, _SCOPE_ORDER.get(a.scope, 9), a.pk), default=None)


def _covers(agreement: Agreement, facts: Facts) -> bool:
    in_time = agreement.valid_from <= facts.day and (
        agreement.valid_until is None or facts.day <= agreement.valid_until
    )
    if not in_time or (agreement.services and facts.service not in agreement.services):
        return False
    if agreement.max_per_year is not None and agreement.used >= agreement.max_per_year:
        return False
    both = {facts.requester_id, facts.supplier_id} <= agreement.parties
    if agreement.scope == "network":
        # Where it is a document, it counts among the members that have accepted it.
        return agreement.network_id in facts.network_ids and (both or not agreement.parties)
    return both


def _best_fee(facts: Facts, fees: Iterable[Fee]) -> Fee | None:
    """The most particular: the level asked for before the normal one, then category, format, the newest."""
    fitting = [fee for fee in fees if _fits(fee, facts)]
    return max(
        fitting,
        key=lambda f: (
            f.level == facts.level,
            f.category_id is not None,
            bool(f.format),
            f.valid_from or date.min,
        ),
        default=None,
    )


def _fits(fee: Fee, facts: Facts) -> bool:
    return (
        fee.service == facts.service
        and fee.level in (facts.level, "normal")
        and fee.format in ("", facts.format)
        and fee.category_id in (None, facts.category_id)
        and (fee.valid_from is None or fee.valid_from <= facts.day)
        and (fee.valid_until is None or facts.day <= fee.valid_until)
    )
