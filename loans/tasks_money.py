"""The calendar of money: the statements of the month that is over."""

from __future__ import annotations

from celery import shared_task

from loans.services.money import last_month, statements_make


@shared_task(name="loans.tasks_money.make_statements", acks_late=True, time_limit=1800)
def make_statements() -> int:
    """Once a month. Idempotent: a pair that has its statement keeps it."""
    return statements_make(last_month())
