"""Time and turns: what the dispatcher queues, pausing and resuming runs and sources, hours, tries after a failure.

Called by views/schedule.py and tasks.py. Whatever is asked for twice has the effect of once.
"""

from __future__ import annotations

from datetime import time, timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.choices import LIVE_RUNS, RunKind, RunStatus
from catalog.harvesting.schedule import (
    retry_at,
    runs_lost,
    runs_whose_time_came,
    sources_due,
    sources_overtaken,
)
from catalog.harvesting.turns import end_turn, held_by_source
from catalog.models import Run, Source
from catalog.services.folder import nothing_to_fetch
from catalog.services.runs import run_queue, run_send
from network_portal.core import audit, events
from network_portal.core.actor import Actor
from network_portal.core.errors import Conflict, RuleViolation


def dispatch(*, actor: Actor) -> list[int]:
    """Queue the sources that are due. Returns their runs, and those that lost their worker or waited for now."""
    now = timezone.now()
    woken = [run.pk for run in runs_whose_time_came()]
    lost = [_lost(run) for run in runs_lost()]
    # Whoever waits in a long queue is sent again now and then, not with every turn.
    Run.objects.filter(pk__in=lost + woken).update(heartbeat_at=now)
    Run.objects.filter(pk__in=woken).update(not_before=None)
    for source in sources_overtaken():
        _next_round(source)
    return woken + lost + [run.pk for source in sources_due() if (run := _queue_due(source, actor))]


def _lost(run: Run) -> int:
    """Its turn ended when it was last heard of."""
    if turn := run.turn_at:
        end_turn(run, run.heartbeat_at)
        Run.objects.filter(pk=run.pk, turn_at=turn).update(turn_at=None, worked_seconds=run.worked_seconds)
    return run.pk


def _queue_due(source: Source, actor: Actor) -> Run | None:
    if nothing_to_fetch(source):
        return None
    with transaction.atomic():
        try:
            run = run_queue(source=source, actor=actor, file_name=source.url or source.path)
        except Conflict:
            return None
        _next_round(source)
    return run


def _next_round(source: Source) -> None:
    Source.objects.filter(pk=source.pk).update(
        next_due_at=timezone.now() + timedelta(hours=source.interval_hours or 24)
    )


@transaction.atomic
def run_pause(*, run: Run, actor: Actor) -> Run:
    """Let a run leave after the page at hand, to go on there later. Raises RuleViolation (run_over)."""
    run = Run.objects.select_for_update().get(pk=run.pk)
    if not run.is_live:
        raise RuleViolation("run_over", _("This loading has ended already."))
    if run.status == RunStatus.PAUSED or run.pause_asked:
        return run
    if run.status == RunStatus.QUEUED:
        run.status = RunStatus.PAUSED
    else:
        run.pause_asked = True
    run.save(update_fields=["status", "pause_asked"])
    audit.record("catalog.run.paused", actor=actor, target=run)
    return run


@transaction.atomic
def run_resume(*, run: Run, actor: Actor) -> Run:
    """Put a paused run at the end of the queue. Raises RuleViolation (run_over, source_paused)."""
    run = Run.objects.select_for_update(of=("self",)).select_related("source").get(pk=run.pk)
    if not run.is_live:
        raise RuleViolation("run_over", _("This loading has ended already."))
    if held_by_source(run):
        raise RuleViolation("source_paused", _("The whole source is paused. Resume the source first."))
    if run.status != RunStatus.PAUSED and not run.pause_asked:
        return run
    if run.status == RunStatus.PAUSED:
        run.status = RunStatus.QUEUED
        run.heartbeat_at = timezone.now()
        transaction.on_commit(partial(run_send, run.pk))
    run.pause_asked = False
    run.save(update_fields=["status", "pause_asked", "heartbeat_at"])
    audit.record("catalog.run.resumed", actor=actor, target=run)
    return run


@transaction.atomic
def run_hurry(*, run: Run, actor: Actor) -> Run:
    """Let a run that waits for its source's hours go on now, to its end. Raises RuleViolation."""
    run = Run.objects.select_for_update().get(pk=run.pk)
    if not run.is_live:
        raise RuleViolation("run_over", _("This loading has ended already."))
    if run.any_hour:
        return run
    run.any_hour, run.not_before = True, None
    run.save(update_fields=["any_hour", "not_before"])
    if run.status == RunStatus.QUEUED:
        transaction.on_commit(partial(run_send, run.pk))
    audit.record("catalog.run.hurried", actor=actor, target=run)
    return run


@transaction.atomic
def source_pause(*, source: Source, actor: Actor) -> None:
    """Fetch nothing from the source until it is resumed; what is being fetched pauses after its page."""
    source = Source.objects.select_for_update(of=("self",)).get(pk=source.pk)
    if source.paused_at:
        return
    source.paused_at = timezone.now()
    source.save(update_fields=["paused_at"])
    for run in _fetches(source):
        run_pause(run=run, actor=actor)
    audit.record("catalog.source.paused", actor=actor, target=source)


@transaction.atomic
def source_resume(*, source: Source, actor: Actor) -> None:
    """Fetch from the source again; a run that was paused goes on where it stood."""
    source = Source.objects.select_for_update(of=("self",)).get(pk=source.pk)
    if not source.paused_at:
        return
    source.paused_at = None
    source.save(update_fields=["paused_at"])
    for run in _fetches(source):
        run_resume(run=run, actor=actor)
    audit.record("catalog.source.resumed", actor=actor, target=source)


@transaction.atomic
def source_hours(*, source: Source, opens: time | None, closes: time | None, actor: Actor) -> None:
    """The hours in which it may be fetched, in its library's time; both None: always. What waits is looked at anew."""
    source.night_from, source.night_until = opens, closes
    source.save(update_fields=["night_from", "night_until"])
    # The dispatcher sends it, and the worker puts it off again if the new hours say so.
    waiting = Run.objects.filter(source=source, status=RunStatus.QUEUED, not_before__isnull=False)
    waiting.update(not_before=timezone.now())
    audit.record("catalog.source.changed", actor=actor, target=source)


def _fetches(source: Source) -> list[Run]:
    """What somebody has uploaded is not fetched, and goes on."""
    fetches = Run.objects.filter(source=source, kind=RunKind.HARVEST, stored_path="")
    return list(fetches.filter(status__in=LIVE_RUNS))


def retry_failed(run_id: int) -> None:
    """After a fetch that failed, try again sooner than the schedule says: after 1 hour, then 4, then as ever."""
    run = Run.objects.select_related("source").get(pk=run_id)
    if run.status != RunStatus.FAILED or run.kind != RunKind.HARVEST or run.stored_path:
        return
    source, at = run.source, retry_at(run.source, timezone.now())
    if at and source.next_due_at and at < source.next_due_at:
        Source.objects.filter(pk=source.pk).update(next_due_at=at)


events.subscribe("catalog.run.finished", retry_failed)
