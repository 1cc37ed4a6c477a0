"""Records that are to go: announced as deleted, or missing from complete lists. Collected here, taken out in batches.

A row of GoneRecord says that a record waits to be taken out. Each run takes over what earlier runs of its source left
waiting, so all of it hangs on the latest run; who is met alive is let off.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from catalog.choices import Gone, RunKind
from catalog.harvesting.database import lock_catalogue
from catalog.harvesting.holdings_join import hosts_concerned, join
from catalog.models import GoneRecord, Run
from catalog.services.editions import editions_rebuild

BATCH = 2000
# Runs that read what the source has; of a complete list they may say what it lacks.
LISTS = frozenset({RunKind.HARVEST, RunKind.PUSH})
# Runs with which an open question goes on; beside others it stays where it is.
HEIRS = LISTS | {RunKind.DELETES}


class GoneList:
    """The records that this run's source announced as deleted. Its methods run within a page's transaction."""

    def __init__(self, run: Run) -> None:
        self.run_id = run.pk
        self.filled = GoneRecord.objects.filter(run_id=run.pk).exists()

    def collect(self, cursor: Any, record_ids: Sequence[int]) -> None:
        if record_ids:
            self.filled = True
            cursor.execute(
                "INSERT INTO catalog_gonerecord (run_id, record_id) SELECT %s, unnest(%s::bigint[]) "
                "ON CONFLICT DO NOTHING",
                [self.run_id, list(record_ids)],
            )

    def release(self, cursor: Any, record_ids: Sequence[int]) -> None:
        """These were met alive."""
        if self.filled and record_ids:
            cursor.execute(
                "DELETE FROM catalog_gonerecord WHERE run_id = %s AND record_id = ANY(%s)",
                [self.run_id, list(record_ids)],
            )


def take_over(run: Run) -> None:
    """What earlier runs of the source left waiting waits with this one now, and is asked about on its page."""
    if run.kind == RunKind.SWITCH:
        answer(run)
    if run.kind not in HEIRS:
        return
    earlier = Run.objects.filter(source_id=run.source_id, pk__lt=run.pk)
    if run.kind == RunKind.DELETES:  # the answer is to one run's question, whatever else waits
        earlier = earlier.filter(pk=run.checkpoint.get("of"))
    runs = list(earlier.values_list("pk", flat=True))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "WITH waiting AS (DELETE FROM catalog_gonerecord WHERE run_id = ANY(%s) RETURNING record_id) "
            "INSERT INTO catalog_gonerecord (run_id, record_id) SELECT DISTINCT %s::bigint, record_id FROM waiting "
            "ON CONFLICT DO NOTHING",
            [runs, run.pk],
        )
        earlier.filter(deletes_held__gt=0).update(deletes_held=0)


def waiting(run: Run) -> int:
    """How many records wait to be taken out."""
    return GoneRecord.objects.filter(run_id=run.pk).count()


def missing(run: Run) -> int:
    """How many of them were not announced: lists merely lacked them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM catalog_gonerecord g JOIN catalog_sourcerecord r ON r.id = g.record_id "
            "WHERE g.run_id = %s AND r.missed > 0",
            [run.pk],
        )
        return int(cursor.fetchone()[0])


def answer(run: Run) -> None:
    """Another full file was chosen knowingly: what earlier runs asked about is decided with it."""
    earlier = Run.objects.filter(source_id=run.source_id, pk__lt=run.pk)
    GoneRecord.objects.filter(run_id__in=earlier.values("pk")).delete()
    earlier.filter(deletes_held__gt=0).update(deletes_held=0)


def take_out_batch(run: Run) -> int:
    """Take out some of those that wait, with the run's counter, in one transaction; 0 at the end."""
    now = timezone.now()
    with transaction.atomic(), connection.cursor() as cursor:
        lock_catalogue(cursor)
        ids = _next(cursor, run)
        cursor.execute(
            "UPDATE catalog_sourcerecord SET deleted_at = %s, last_run_id = %s, missed = 0, "
            "deleted_why = CASE WHEN %s THEN %s WHEN missed > 0 THEN %s ELSE %s END "
            "WHERE id = ANY(%s) AND deleted_at IS NULL RETURNING edition_id, identifier",
            [now, run.pk, run.kind == RunKind.SWITCH, Gone.SWITCHED, Gone.MISSING, Gone.ANNOUNCED, ids],
        )
        rows = cursor.fetchall()
        editions = [row[0] for row in rows]
        cursor.execute("DELETE FROM catalog_matchkey WHERE record_id = ANY(%s)", [ids])
        cursor.execute("DELETE FROM catalog_holding WHERE record_id = ANY(%s)", [ids])
        join(cursor, run.source, hosts_concerned(cursor, run.source, [row[1] for row in rows]), now)
        editions_rebuild(cursor, {edition for edition in editions if edition}, now=now)
        _let_go(cursor, run, ids)
        _count(run, deleted=len(editions))
    return len(ids)


def keep_batch(run: Run) -> int:
    """Let some of those that wait stay, as if they had never been missing; 0 at the end."""
    with transaction.atomic(), connection.cursor() as cursor:
        lock_catalogue(cursor)
        ids = _next(cursor, run)
        cursor.execute("UPDATE catalog_sourcerecord SET missed = 0 WHERE id = ANY(%s) AND missed > 0", [ids])
        _let_go(cursor, run, ids)
        _count(run, unchanged=len(ids))
    return len(ids)


def _next(cursor: Any, run: Run) -> list[int]:
    cursor.execute(
        "SELECT record_id FROM catalog_gonerecord WHERE run_id = %s ORDER BY record_id LIMIT %s",
        [run.pk, BATCH],
    )
    return [row[0] for row in cursor.fetchall()]


def _let_go(cursor: Any, run: Run, record_ids: list[int]) -> None:
    cursor.execute(
        "DELETE FROM catalog_gonerecord WHERE run_id = %s AND record_id = ANY(%s)", [run.pk, record_ids]
    )


def _count(run: Run, **by: int) -> None:
    """The run's row and the object at hand, which is saved whole at the end, say the same."""
    if run.kind == RunKind.DELETES:
        by["read"] = sum(by.values())
    for name, number in by.items():
        setattr(run, name, getattr(run, name) + number)
    Run.objects.filter(pk=run.pk).update(
        heartbeat_at=timezone.now(), **{name: F(name) + number for name, number in by.items()}
    )
