"""Which sources are due, and which runs lost their worker. Asked every half minute by tasks.dispatch_sources."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from catalog.choices import LIVE_RUNS, RunStatus
from catalog.harvesting.kinds import SCHEDULED
from catalog.models import Run, Source

# A page takes a second or two; fetching and unpacking a large file a few minutes. A worker that is still alive
# holds the run's lock, so to suspect one wrongly costs a task that looks and leaves.
HEARTBEAT_LOST = timedelta(minutes=5)
MAX_RESUMES = 20


def sources_due() -> list[Source]:
    """Active sources whose time has come and that are not being read already."""
    live = Run.objects.filter(status__in=LIVE_RUNS).values("source_id")
    return list(
        Source.objects.filter(
            enabled=True, kind__in=SCHEDULED, next_due_at__lte=timezone.now(), interval_hours__isnull=False
        )
        .exclude(pk__in=live)
        .order_by("next_due_at")[:50]
    )


def runs_lost() -> list[Run]:
    """Live runs of which nothing was heard for a while."""
    silent = timezone.now() - HEARTBEAT_LOST
    return list(
        Run.objects.filter(Q(status=RunStatus.RUNNING) | Q(status=RunStatus.QUEUED))
        .annotate(heard=Coalesce(F("heartbeat_at"), F("queued_at")))
        .filter(heard__lt=silent)
        .order_by("id")[:50]
    )
