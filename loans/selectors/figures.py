"""Numbers about lending that the home page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import cache
from django.db.models import Avg, Count, F, Q
from django.utils import timezone

from loans.models import SupplyAttempt

WINDOW = timedelta(days=90)
FIGURES_SECONDS = 300


@dataclass(frozen=True)
class LoanFigures:
    loans_this_month: int  # items sent by a library since the first of the month
    average_days: (
        float | None
    )  # from asking to the book at the reader's library, last 90 days; None without any


def loans_of_libraries(ids: Sequence[int]) -> int:
    """Items that these libraries sent since the first of the month."""
    month = timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return SupplyAttempt.objects.filter(supplier_id__in=ids, shipped_at__gte=month).count()


def loan_figures() -> LoanFigures:
    """Two numbers for the first page; at most five minutes old, since all that was sent lately is looked through."""
    figures: LoanFigures | None = cache.get("loans.figures")
    if figures is None:
        figures = _figures_now()
        cache.set("loans.figures", figures, FIGURES_SECONDS)
    return figures


def _figures_now() -> LoanFigures:
    now = timezone.localtime()
    month = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    row = SupplyAttempt.objects.filter(shipped_at__gte=min(month, now - WINDOW)).aggregate(
        sent=Count("pk", filter=Q(shipped_at__gte=month)),
        took=Avg(F("received_at") - F("request__created_at"), filter=Q(received_at__gte=now - WINDOW)),
    )
    took: timedelta | None = row["took"]
    return LoanFigures(
        loans_this_month=row["sent"],
        average_days=round(took.total_seconds() / 86_400, 1) if took is not None else None,
    )
