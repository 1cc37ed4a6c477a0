"""Reading runs for their pages: held deletions with examples, rejected records as they stand today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q, QuerySet

from catalog.choices import RunKind, RunStatus
from catalog.harvesting import gone
from catalog.harvesting.rejects import tryable
from catalog.models import RejectedRecord, Run, SourceRecord

EXAMPLES = 10


@dataclass(frozen=True)
class Example:
    identifier: str
    title: str
    edition_id: int | None
    missing: bool  # False: the source announced it


@dataclass(frozen=True)
class Held:
    """Deletions that wait for a word: how many, of how many, announced or merely missing, and what they are like."""

    total: int
    announced: int
    missing: int
    live: int
    examples: list[Example]

    @property
    def percent(self) -> int:
        """Rounded up, so that it never says 0."""
        return -(-self.total * 100 // self.live) if self.live else 100


@dataclass(frozen=True)
class Rejects:
    """How the rejected records of a run stand today."""

    listed: int
    mended: int
    tryable: int  # still open, with an original to try


def held_of(run: Run) -> Held:
    total, missing = gone.waiting(run), gone.missing(run)
    live = SourceRecord.objects.filter(source=run.source_id, deleted_at=None).count()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.identifier, coalesce(r.draft->>'title', ''), r.edition_id, r.missed > 0 "
            "FROM catalog_gonerecord g JOIN catalog_sourcerecord r ON r.id = g.record_id "
            "WHERE g.run_id = %s ORDER BY r.id LIMIT %s",
            [run.pk, EXAMPLES],
        )
        examples = [Example(*row) for row in cursor.fetchall()]
    return Held(total, total - missing, missing, live, examples)


def rejects_listed(run: Run) -> QuerySet[RejectedRecord]:
    """The run's rejected records; of a run that tried such records again, those it tried."""
    if run.kind != RunKind.RETRY:
        return RejectedRecord.objects.filter(run=run).order_by("position")
    tried = Q(
        run__source=run.source_id,
        run_id__lt=run.pk,
        raw__isnull=False,
        pk__lte=run.checkpoint.get("after", 0),
    )
    if of := run.checkpoint.get("of"):
        tried &= Q(run=of)
    still_open, mended_here = Q(resolved_at=None), Q(resolved_at__gte=run.started_at or run.queued_at)
    return RejectedRecord.objects.filter(tried & (still_open | mended_here)).order_by("pk")


def rejects_state(run: Run) -> Rejects:
    listed = rejects_listed(run)
    return Rejects(
        listed.count(), listed.exclude(resolved_at=None).count(), tryable(run.source, run.pk).count()
    )


def complete_lists_of(source_ids: Iterable[int]) -> dict[int, datetime]:
    """When each of these sources last gave its whole list: whatever it did not lack was seen then."""
    runs = Run.objects.filter(
        source__in=list(source_ids), source__is_snapshot=True, kind__in=gone.LISTS,
        status__in=(RunStatus.DONE, RunStatus.PARTIAL),
    ).filter(Q(checkpoint__whole=True) | Q(checkpoint__whole__isnull=True))  # fmt: skip
    latest = runs.order_by("source_id", "-id").distinct("source_id")
    return {source: at for source, at in latest.values_list("source_id", "finished_at") if at}
