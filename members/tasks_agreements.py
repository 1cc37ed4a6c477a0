"""The calendar of agreements: warned of before they end, and ended on their day."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from members.agreements.answers import notices_due
from members.agreements.letters import ends_soon
from members.agreements.services import versions_expire
from members.selectors.agreements import versions_published
from network_portal.core.actor import Actor


@shared_task(name="members.tasks_agreements.look_after", acks_late=True, time_limit=600)
def look_after() -> int:
    """Daily. Idempotent: each warning goes out once, and what has ended is not ended again."""
    today, actor = timezone.localdate(), Actor.system()
    versions_expire(today=today, actor=actor)
    notices_due(today=today, actor=actor)
    return sum(ends_soon(row, today, actor) for row in versions_published())
