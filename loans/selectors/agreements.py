"""Open requests that an agreement would touch, for the page on which it is published."""

from __future__ import annotations

from django.db.models import F, Q
from django.urls import reverse

from loans.choices import OPEN_STATUSES
from loans.models import Request, SupplyAttempt
from members.agreements.touched import Touched, TouchedRequest


def requests_touched(library_ids: list[int], services: list[str], limit: int) -> Touched:
    """Those of one of the libraries that another of them is supplying, or that nobody was asked for yet."""
    live = SupplyAttempt.objects.filter(closed_at=None).exclude(supplier=F("request__requesting_library"))
    within = live.filter(supplier_id__in=library_ids).values("request")
    rows = Request.objects.filter(requesting_library_id__in=library_ids, status__in=OPEN_STATUSES)
    rows = rows.filter(Q(pk__in=within) | ~Q(pk__in=live.values("request")))
    if services:
        rows = rows.filter(service__in=services)
    shown = [
        TouchedRequest(
            number=row.number, title=row.title, between=row.requesting_library.name,
            state=str(row.get_status_display()), url=reverse("loans:request", args=[row.number]),
        )
        for row in rows.select_related("requesting_library").order_by("-pk")[:limit]
    ]  # fmt: skip
    return Touched(rows.count(), shown)
