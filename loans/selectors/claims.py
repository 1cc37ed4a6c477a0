"""Replacement costs for lost and damaged books, for many requests at once. Read by loans.presenters.expected."""

from __future__ import annotations

from collections.abc import Iterable

from loans.choices import ChargeKind
from loans.models import Charge


def claims_by_request(request_ids: Iterable[int]) -> dict[int, str]:
    """The state (ChargeState) of each request's latest replacement cost; requests without one are absent."""
    rows = Charge.objects.filter(request__in=list(request_ids), kind=ChargeKind.REPLACEMENT)
    return dict(rows.order_by("pk").values_list("request_id", "state"))
