"""Counting figures beforehand: every hour what people look at, and at once what somebody asks for."""

from __future__ import annotations

from datetime import date

from celery import shared_task
from django.db import connection, transaction

from loans.figures.kept import keep, refresh
from loans.figures.model import Period, Scope


@shared_task(name="loans.tasks_figures.refresh_figures", acks_late=True, time_limit=3600)
def refresh_figures() -> int:
    """Every hour. Idempotent."""
    return refresh()


@shared_task(name="loans.tasks_figures.count_figures", acks_late=True, time_limit=1800)
def count_figures(library_id: int | None, first: str, last: str) -> None:
    """Somebody waits for these. Ten clicks count once."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            name = f"figures:{library_id}:{first}:{last}"
            cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [name])
            alone = cursor.fetchone()[0]
        if alone:
            keep(Scope(library_id), Period(date.fromisoformat(first), date.fromisoformat(last)))
