"""Which sources are due, and which runs wait for a worker or lost theirs. Asked every half minute by the dispatcher."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import Coalesce, RowNumber
from django.utils import timezone

from catalog.choices import LIVE_RUNS, RunKind, RunStatus
from catalog.harvesting.kinds import SCHEDULED
from catalog.harvesting.nights import is_open
from catalog.models import Run, Source
from members.choices import LibraryStatus

# A page takes a second or two; fetching and unpacking a large file a few minutes. A worker that is still alive
# holds the run's lock, so to suspect one wrongly costs a task that looks and leaves.
HEARTBEAT_LOST = timedelta(minutes=5)
MAX_RESUMES = 20
AT_ONCE = 50  # sources that one turn of the dispatcher queues
# After a failed fetch: soon, then later, then as often as ever.
RETRY_AFTER = (timedelta(hours=1), timedelta(hours=4))


def sources_waiting() -> QuerySet[Source]:
    """Sources whose time has come: active, not paused, on a schedule; none of a library that has left."""
    return Source.objects.filter(
        enabled=True, paused_at=None, kind__in=SCHEDULED, next_due_at__lte=timezone.now(),
        interval_hours__isnull=False,
    ).exclude(library__status=LibraryStatus.LEFT)  # fmt: skip


def sources_due() -> list[Source]:
    """Those of them that are not being read and whose hours have come; of each library one, then the second of each."""
    live = Run.objects.filter(status__in=LIVE_RUNS).values("source_id")
    turn = Window(RowNumber(), partition_by=F("library_id"), order_by=[F("next_due_at"), F("id")])
    due = sources_waiting().exclude(pk__in=live).annotate(turn=turn).select_related("library")
    now = timezone.now()
    found = (source for source in due.order_by("turn", "next_due_at", "id") if is_open(source, now))
    return [source for source, _ in zip(found, range(AT_ONCE), strict=False)]


def sources_overtaken() -> QuerySet[Source]:
    """Sources that are due while their last run still goes on: they sit this round out."""
    return sources_waiting().filter(runs__status__in=LIVE_RUNS).distinct()


def runs_lost() -> list[Run]:
    """Waiting and running runs of which nothing was heard for a while. A paused one is silent by right."""
    now = timezone.now()
    return list(
        Run.objects.filter(Q(status=RunStatus.RUNNING) | Q(status=RunStatus.QUEUED, not_before=None))
        .annotate(heard=Coalesce(F("heartbeat_at"), F("queued_at")))
        .filter(heard__lt=now - HEARTBEAT_LOST)
        .order_by("id")[:50]
    )


def runs_whose_time_came() -> list[Run]:
    """Runs that waited for an hour, and it has come."""
    due = Run.objects.filter(status=RunStatus.QUEUED, not_before__lte=timezone.now())
    return list(due.order_by("not_before", "id")[:AT_ONCE])


def others_wait(run: Run) -> bool:
    """Whether another run could use this one's worker."""
    ready = Q(not_before=None) | Q(not_before__lte=timezone.now())
    return Run.objects.filter(ready, status=RunStatus.QUEUED).exclude(pk=run.pk).exists()


def failures_in_a_row(source: Source) -> int:
    """How often fetching failed since it last went well; more than the pauses in RETRY_AFTER are not counted."""
    fetched = Run.objects.filter(source=source, kind=RunKind.HARVEST, stored_path="")
    last = fetched.exclude(status__in=LIVE_RUNS).order_by("-id").values_list("status", flat=True)
    failed = 0
    for status in last[: len(RETRY_AFTER) + 1]:
        if status != RunStatus.FAILED:
            break
        failed += 1
    return failed


def retry_at(source: Source, now: datetime) -> datetime | None:
    """When a source whose fetch has just failed is tried again; None: as its schedule says."""
    failed = failures_in_a_row(source)
    return now + RETRY_AFTER[failed - 1] if 0 < failed <= len(RETRY_AFTER) else None
