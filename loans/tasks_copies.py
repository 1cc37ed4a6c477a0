"""The clock of the copies: what must be gone by now."""

from __future__ import annotations

from celery import shared_task

from loans.services.delivery import purge_due


@shared_task(name="loans.tasks_copies.purge_copies", acks_late=True, time_limit=1800)
def purge_copies() -> int:
    """Hourly. Idempotent: what is gone stays gone, and a run that died is made up for by the next."""
    return purge_due()
