"""Core's background work: sending the outbox."""

from __future__ import annotations

from celery import shared_task

from network_portal.core.mail import mail_send_due


@shared_task(name="core.send_mail", time_limit=600, acks_late=True)
def send_mail() -> None:
    mail_send_due()
