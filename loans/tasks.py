"""The clock of the loans: what is late moves on or is told, overdue books are asked back, readers are forgotten."""

from __future__ import annotations

from celery import shared_task

from loans.services import recalendar
from loans.services.digests import digests_send
from loans.services.overdue import overdue_remind
from loans.services.privacy import anonymise_due
from loans.services.timers import expire_unanswered, route_stranded, tell_late


@shared_task(name="loans.tasks.expire_attempts", acks_late=True, time_limit=600)
def expire_attempts() -> int:
    """Every minute. Idempotent: what is not due any more is left alone."""
    recalendar.reckon_waiting()
    done = expire_unanswered() + route_stranded() + tell_late()
    digests_send()
    return done


@shared_task(name="loans.tasks.reckon_deadlines", acks_late=True, time_limit=1800)
def reckon_deadlines(run_id: int) -> int:
    """After a change of hours or closed days. A second delivery of the message finds the job begun."""
    return recalendar.reckon_job(run_id).moved


@shared_task(name="loans.tasks.remind_overdue", acks_late=True, time_limit=600)
def remind_overdue() -> int:
    """Every hour. Each rung of the ladder is told once."""
    return overdue_remind()


@shared_task(name="loans.tasks.anonymise", acks_late=True, time_limit=3600)
def anonymise() -> int:
    """Every night. Batch by batch, until nobody is left whose time is over; interrupted, it goes on the next night."""
    done = 0
    while batch := anonymise_due():
        done += batch
    return done
