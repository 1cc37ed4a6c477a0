"""The clock of the copies: what must be gone by now."""

from __future__ import annotations

from celery import shared_task

from loans.services.delivery import purge_due
from loans.services.evidence import evidence_delete_due


@shared_task(name="loans.tasks_copies.purge_copies", acks_late=True, time_limit=1800)
def purge_copies() -> int:
    """Hourly. Idempotent: what is gone stays gone, and a run that died is made up for by the next."""
    return purge_due()


@shared_task(name="loans.tasks_copies.delete_evidence", acks_late=True, time_limit=3600)
def delete_evidence() -> int:
    """Every night. Batch by batch; interrupted, the next night goes on."""
    return evidence_delete_due()
