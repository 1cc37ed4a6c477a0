"""The coordinator writes down what currencies are worth; charges keep the rate of their day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction

from members.models import ExchangeRate
from members.permissions import Capability, require
from network_portal.core import audit
from network_portal.core.actor import Actor


@transaction.atomic
def rate_set(*, currency: str, per_unit: Decimal, valid_from: date, actor: Actor) -> ExchangeRate:
    """From that day on; a rate of the same day is replaced, charges keep theirs. Raises PermissionDenied."""
    require(actor, Capability.NETWORK_MANAGE)
    row, _new = ExchangeRate.objects.update_or_create(
        currency=currency.upper(), valid_from=valid_from, defaults={"per_unit": per_unit}
    )
    data = {"currency": row.currency, "per_unit": str(per_unit), "valid_from": valid_from.isoformat()}
    audit.record("loans.rate.set", actor=actor, target=row, data=data)
    return row
