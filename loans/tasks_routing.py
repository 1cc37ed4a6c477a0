"""The calendar of routing: offers whose time is over, how fast libraries answer, who owes whom."""

from __future__ import annotations

from celery import shared_task

from loans.routing import stats
from loans.services import offers_closing, rings


@shared_task(name="loans.tasks_routing.close_offers", acks_late=True, time_limit=300)
def close_offers() -> int:
    """Each minute."""
    return offers_closing.close_offers()


@shared_task(name="loans.tasks_routing.tend_rings", acks_late=True, time_limit=300)
def tend_rings() -> int:
    """Each minute: tokens whose lease ran out go on."""
    return rings.tend_rings()


@shared_task(name="loans.tasks_routing.refresh_stats", acks_late=True, time_limit=900)
def refresh_stats() -> int:
    """Each hour: speed and success of the last 90 days."""
    return stats.refresh_stats()


@shared_task(name="loans.tasks_routing.rebuild_balances", acks_late=True, time_limit=1800)
def rebuild_balances() -> int:
    """Each night: balances from the attempts themselves."""
    return stats.rebuild_balances()
