"""Celery tasks of the queue "index", which one worker process serves."""

from __future__ import annotations

from dataclasses import asdict

import structlog
from celery import shared_task
from kombu.exceptions import OperationalError

from catalog.search import indexer
from catalog.search.answers import SearchUnavailable
from network_portal.core import events
from network_portal.core.actor import Actor

log = structlog.get_logger(__name__)


@shared_task(acks_late=True, ignore_result=True, time_limit=3600)
def index_dirty(patient: bool = True) -> None:
    """Every few seconds by beat, and at once, without patience, by `nudge`."""
    try:
        done = indexer.index_dirty(patient=patient)
    except (indexer.IndexBusy, SearchUnavailable) as reason:
        log.info("index_waits", reason=repr(reason))
        return
    if done.taken or done.rebuilt:
        log.info("index_written", **asdict(done))


@shared_task(acks_late=True, ignore_result=True, time_limit=6 * 3600)
def rebuild_index() -> None:
    try:
        indexer.rebuild(actor=Actor.system())
    except indexer.IndexBusy:
        log.info("index_waits", reason="busy")


def nudge(**_news: object) -> None:
    """Let the index worker look at the outbox now; if nobody hears it, beat will within seconds."""
    try:
        index_dirty.apply_async((False,), expires=60, retry=False)
    except OperationalError as error:
        log.warning("index_nudge_lost", error=str(error))


events.subscribe("catalog.run.finished", nudge)
events.subscribe("catalog.batch.stored", nudge)
events.subscribe("catalog.items.stored", nudge)
