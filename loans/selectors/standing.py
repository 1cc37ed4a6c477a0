"""What a library still has under way, both ways: for the page on which it is suspended or leaves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from django.db.models import Q
from django.urls import reverse

from loans.choices import OPEN_STATUSES
from loans.models import Request, SupplyAttempt
from members.standing.open_business import OpenItem


def open_business(library_id: int) -> list[OpenItem]:
    """Open requests of the library, and those that it is supplying or still has something out for."""
    live = SupplyAttempt.objects.filter(closed_at=None).select_related("supplier")
    mine = Q(requesting_library_id=library_id) | Q(
        pk__in=live.filter(supplier_id=library_id).values("request")
    )
    rows = Request.objects.filter(mine, status__in=OPEN_STATUSES).select_related("requesting_library")
    suppliers = {one.request_id: one for one in live.filter(request__in=rows.values("pk"))}
    return [_item(row, suppliers.get(row.pk), library_id) for row in rows.order_by("pk")]


def open_counts(library_ids: Collection[int]) -> Counter[int]:
    """How many requests are under way for each of these libraries, on either side. Two queries."""
    open_ = Request.objects.filter(status__in=OPEN_STATUSES)
    asks = open_.filter(requesting_library__in=library_ids).values_list("requesting_library_id", "pk")
    live = SupplyAttempt.objects.filter(
        closed_at=None, supplier__in=library_ids, request__in=open_.values("pk")
    )
    supplies = live.values_list("supplier_id", "request_id")
    return Counter(library_id for library_id, _request in {*asks, *supplies})


def _item(row: Request, attempt: SupplyAttempt | None, library_id: int) -> OpenItem:
    asks = row.requesting_library_id == library_id
    partner = (attempt.supplier if attempt else None) if asks else row.requesting_library
    return OpenItem(
        number=row.number, title=row.title, side="asks" if asks else "supplies",
        partner_id=partner.pk if partner else None, partner=partner.name if partner else "",
        state=str(row.get_status_display()), due=attempt.due_on if attempt else None,
        url=reverse("loans:request", args=[row.number]),
    )  # fmt: skip
