"""Background work of covers: a few at a time, the most wanted first, and tidying up at night."""

from __future__ import annotations

import structlog
from celery import shared_task
from redis.exceptions import RedisError

from catalog.covers import provider, wanted
from catalog.services import covers

log = structlog.get_logger(__name__)
TURNS_A_MINUTE = 4  # of the beat schedule


@shared_task(ignore_result=True, acks_late=False, time_limit=180)
def fetch_wanted() -> None:
    """Every quarter of a minute. What is lost with a worker is wanted again when somebody looks."""
    if not provider.is_on():
        return
    try:
        ids = wanted.take(max(1, provider.current().per_minute // TURNS_A_MINUTE))
    except RedisError as error:
        log.warning("covers_not_taken", error=str(error))
        return
    for edition_id in ids:
        covers.cover_fetch(edition_id=edition_id)


@shared_task(ignore_result=True, time_limit=3600)
def sweep() -> None:
    """Every night."""
    if gone := covers.covers_sweep():
        log.info("covers_swept", files=gone)
