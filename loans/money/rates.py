"""What currencies are worth: the newest rate that the coordinator wrote down; 1 where nobody has said."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils import timezone

from members.models import ExchangeRate


def rate_of(currency: str, day: date | None = None) -> Decimal:
    """What one unit is worth in the network's currency on a day."""
    rates = ExchangeRate.objects.filter(currency=currency, valid_from__lte=day or timezone.localdate())
    newest = rates.order_by("-valid_from").first()
    return newest.per_unit if newest else Decimal(1)


def worth(amount: Decimal, currency: str) -> Decimal:
    return amount * rate_of(currency)
