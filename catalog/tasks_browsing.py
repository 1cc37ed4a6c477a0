"""Background work of browsing and counting: headings after changes, what was searched, what is forgotten at night."""

from __future__ import annotations

import structlog
from celery import shared_task

from catalog.browsing import keeping
from catalog.usage import fold

log = structlog.get_logger(__name__)


@shared_task(acks_late=True, ignore_result=True, time_limit=600)
def count_uses() -> None:
    if lines := fold.fold_uses():
        log.info("uses_counted", lines=lines)


@shared_task(acks_late=True, ignore_result=True, time_limit=600)
def forget_rare() -> None:
    fold.fold_uses()
    fold.forget_rare()


@shared_task(acks_late=True, ignore_result=True, time_limit=3600)
def keep_headings() -> None:
    """Every half minute by beat; one worker at a time, the others leave at once."""
    if editions := keeping.keep_headings():
        log.info("headings_kept", editions=editions)
