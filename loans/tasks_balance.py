"""Counting the months of the balance (the latest each hour, all at night), limits that were crossed, yearly reports."""

from __future__ import annotations

from celery import shared_task

from loans.balance.counting import EVER, latest_months, months_count
from loans.balance.limit_letters import limits_tell
from loans.balance.report import reports_make


@shared_task(name="loans.tasks_balance.count_balance", acks_late=True, time_limit=1800)
def count_balance(full: bool = False) -> int:
    """Idempotent: counts whole months anew."""
    return months_count(since=EVER if full else latest_months())


@shared_task(name="loans.tasks_balance.make_reports", acks_late=True, time_limit=3600)
def make_reports(job_id: int, year: int) -> int:
    """The report of every library for a year."""
    return reports_make(year=year, job_id=job_id)


@shared_task(name="loans.tasks_balance.tell_limits", acks_late=True, time_limit=600)
def tell_limits() -> int:
    """Idempotent: each crossing of a limit is told once."""
    return limits_tell()
