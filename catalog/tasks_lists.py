"""Background work of reading lists."""

from __future__ import annotations

import structlog
from celery import shared_task

from catalog.services.lists import guest_lists_clear

log = structlog.get_logger(__name__)


@shared_task(ignore_result=True, acks_late=True, time_limit=600)
def clear_guest_lists() -> None:
    """Nightly: what guests have not touched for a year."""
    if gone := guest_lists_clear():
        log.info("guest_lists_cleared", lists=gone)
