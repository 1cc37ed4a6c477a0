"""Background work of saved searches."""

from __future__ import annotations

from celery import shared_task

from catalog.services import alerts


@shared_task(ignore_result=True, acks_late=True, time_limit=1800)
def send_alerts() -> None:
    """Every few minutes; what is due is looked up in an index of its own."""
    alerts.alerts_send()
