"""The calendar of money: the statements of the month that is over."""

from __future__ import annotations

from celery import shared_task

from loans.models import Statement
from loans.services.money import last_month, statements_make
from loans.services.statement_mails import statement_tell


@shared_task(name="loans.tasks_money.make_statements", acks_late=True, time_limit=1800)
def make_statements() -> int:
    """Once a month. Idempotent: a pair that has its statement keeps it, and each library is told once."""
    month = last_month()
    made = statements_make(month)
    for statement in Statement.objects.filter(month=month).select_related("left", "right"):
        statement_tell(statement)
    return made
