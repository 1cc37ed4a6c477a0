"""What a request would cost its reader: known before it is sent, agreed to once, and never more afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from catalog.choices import ItemStatus
from catalog.models import Edition, Holding
from loans.choices import Level, Service
from loans.copyright.decisions import ask, licence_fee
from loans.models import Request
from loans.money.rates import worth
from loans.routing.plan import lendable
from loans.selectors.money import quotes_for
from members.choices import LibraryStatus
from members.models import Library, PatronCategory


@dataclass(frozen=True)
class Price:
    amount: Decimal
    currency: str


def price_for_reader(request: Request) -> Price | None:
    """The dearest that any library able to supply it would charge the reader; None where none charges readers.

    The dearest, so that whichever library is asked in the end, the reader has agreed to it. Saved or not yet. Where a
    licence is to be paid for a copy, its fee is part of it.
    """
    fee, supply = _licence(request), _supply(request)
    if fee is None or supply is None:
        return fee or supply
    if fee.currency == supply.currency:
        return Price(fee.amount + supply.amount, fee.currency)
    own = request.network.currency if request.network else "IDR"
    return Price(worth(fee.amount, fee.currency) + worth(supply.amount, supply.currency), own)


def _licence(request: Request) -> Price | None:
    if request.service != Service.COPY:
        return None
    fee = licence_fee(ask(request))
    return Price(*fee) if fee else None


def _supply(request: Request) -> Price | None:
    if request.edition_id is None:
        return None
    quotes = quotes_for(request, _suppliers(request))
    charged = [
        Price(quote.amount, quote.currency) for quote in quotes.values() if quote.payer == "patron" and quote.amount
    ]  # fmt: skip
    return max(charged, key=lambda price: worth(price.amount, price.currency), default=None)


def price_of_wish(
    *, edition: Edition | None, service: str, level: str, library: Library, category: PatronCategory | None
) -> Price | None:
    """The same before anything is sent, for the page where the reader agrees."""
    if edition is None:
        return None
    wish = Request(
        edition=edition, service=service, level=level or Level.NORMAL.value, requesting_library=library,
        patron_category=category,
    )  # fmt: skip
    return price_for_reader(wish)


def _suppliers(request: Request) -> set[int]:
    edition_id = request.edition_id or 0
    rows = lendable(edition_id)
    if request.service == Service.COPY:
        rows = Holding.objects.filter(
            edition_id=edition_id, library__status=LibraryStatus.ACTIVE, library__lends=True, item_count__gt=0
        ).exclude(status=ItemStatus.UNAVAILABLE)
    others = rows.exclude(library_id=request.requesting_library_id)
    return set(others.values_list("library_id", flat=True))
