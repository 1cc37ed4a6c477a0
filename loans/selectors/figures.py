"""Numbers about lending that the home page shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Avg, Count, F, Q
from django.utils import timezone

from loans.models import SupplyAttempt

WINDOW = timedelta(days=90)


@dataclass(frozen=True)
class LoanFigures:
    loans_this_month: int  # items sent by a library since the first of the month
    average_days: (
        float | None
    )  # from asking to the book at the reader's library, last 90 days; None without any


def loan_figures() -> LoanFigures:
    """Two numbers in one query."""
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
