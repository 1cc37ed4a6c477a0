"""Counting the months: all of them at night, the latest two each hour, and at once in a small network."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from loans.balance import sql
from loans.figures.kept import is_large
from loans.models import ExchangeMonth, LibraryMonth
from network_portal.core.sending import task_send

FRESH = timedelta(minutes=5)
EVER = date(2000, 1, 1)
COUNT = "loans.tasks_balance.count_balance"
_LOCK = "loans.balance"
_COUNTED = "balance:counted"


@transaction.atomic
def months_count(*, since: date = EVER) -> int:
    """Every month from `since` on (whole months) anew; who reads meanwhile sees the old ones. How many rows."""
    first = since.replace(day=1)
    start = timezone.make_aware(datetime.combine(first, time.min))
    values: dict[str, Any] = {"start": start, "zone": settings.TIME_ZONE, "now": timezone.now()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [_LOCK])
        ExchangeMonth.objects.filter(month__gte=first).delete()
        LibraryMonth.objects.filter(month__gte=first).delete()
        cursor.execute(sql.EXCHANGE, values)
        rows: int = cursor.rowcount
        cursor.execute(sql.MONTHS, values)
    return rows


def latest_months() -> date:
    """The first day of last month: what is older changes only by a late answer, and is counted each night."""
    return (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)


def counted_at() -> datetime | None:
    found: datetime | None = LibraryMonth.objects.aggregate(at=Max("made_at"))["at"]
    return found


def freshen(*, now: bool = False) -> None:
    """In a small network what is read is at most five minutes old; in a large one a task counts it.

    `now`: somebody asked for it to be counted anew.
    """
    if is_large():
        if now or counted_at() is None:
            transaction.on_commit(partial(task_send, COUNT, True, retry=True))
        return
    if now or cache.get(_COUNTED) is None:
        months_count()
        cache.set(_COUNTED, True, FRESH.total_seconds())
