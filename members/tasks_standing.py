"""The calendar of memberships: suspensions that end, libraries that have left."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from members.agreements.answers import notices_due
from members.standing.due import standing_look_after
from network_portal.core.actor import Actor


@shared_task(name="members.tasks_standing.look_after", acks_late=True, time_limit=600)
def look_after() -> int:
    """Every hour: a library takes part again in the first hour of its day, and has left soon after its last loan.

    And who gave notice is no longer bound from the first hour after the last day.
    """
    today, actor = timezone.localdate(), Actor.system()
    notices_due(today=today, actor=actor)
    return standing_look_after(today=today, actor=actor)
