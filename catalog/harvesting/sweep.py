"""Taking out what a complete snapshot no longer holds, in batches, and only when that is believable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from catalog.harvesting.database import lock_catalogue
from catalog.models import Run, Source
from catalog.services.editions import editions_rebuild

BATCH = 2000
MAX_SHARE = 0.10
MAX_COUNT = 1000
MAX_REJECTED = 0.01  # a record that could not be read looks like one that is gone
HELD = gettext_noop(
    "The file lacks more records of the last one than is usual, so none was taken out. "
    "The library's manager decides on the page of this loading."
)
CUT_SHORT = gettext_noop("The file ends in the middle of a record, so no record was taken out.")

_MISSING = """
FROM catalog_sourcerecord r
WHERE r.source_id = %s AND r.deleted_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM catalog_seenrecord s WHERE s.run_id = ANY(%s) AND s.record_id = r.id)
"""


@dataclass(frozen=True)
class Sweep:
    deleted: int = 0
    held: int = 0
    message_code: str = ""
    message: str = ""


def sweep(source: Source, runs: Sequence[Run], *, confirmed: bool = False) -> Sweep:
    """Delete the source's records that none of these complete runs has met; hold them where that seems wrong."""
    ids = [run.pk for run in runs]
    missing, stored = _count(source, ids)
    if not missing:
        forget(ids)
        return Sweep()
    if not confirmed:
        if any(run.rejects.filter(reason_code="truncated").exists() for run in runs):
            return Sweep(held=missing, message_code="cut_short", message=CUT_SHORT)
        read, rejected = sum(r.read for r in runs), sum(r.rejected for r in runs)
        if missing > MAX_COUNT or missing > stored * MAX_SHARE or rejected > read * MAX_REJECTED:
            return Sweep(held=missing, message_code="deletes_held", message=HELD)
    deleted = 0
    while count := _delete_batch(source, ids):
        deleted += count
    forget(ids)
    return Sweep(deleted=deleted)


def forget(run_ids: Sequence[int]) -> None:
    """Drop the marks of what these runs have met."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalog_seenrecord WHERE run_id = ANY(%s)", [list(run_ids)])


def _count(source: Source, run_ids: list[int]) -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {_MISSING}", [source.pk, run_ids])
        missing = cursor.fetchone()[0]
        cursor.execute(
            "SELECT count(*) FROM catalog_sourcerecord WHERE source_id = %s AND deleted_at IS NULL",
            [source.pk],
        )
        return missing, cursor.fetchone()[0]


def _delete_batch(source: Source, run_ids: list[int]) -> int:
    now = timezone.now()
    with transaction.atomic(), connection.cursor() as cursor:
        lock_catalogue(cursor)
        cursor.execute(
            f"SELECT r.id, r.edition_id {_MISSING} ORDER BY r.id LIMIT %s", [source.pk, run_ids, BATCH]
        )
        rows = cursor.fetchall()
        ids = [row[0] for row in rows]
        cursor.execute("UPDATE catalog_sourcerecord SET deleted_at = %s WHERE id = ANY(%s)", [now, ids])
        cursor.execute("DELETE FROM catalog_matchkey WHERE record_id = ANY(%s)", [ids])
        cursor.execute("DELETE FROM catalog_holding WHERE record_id = ANY(%s)", [ids])
        editions_rebuild(cursor, {row[1] for row in rows if row[1]}, now=now)
        return len(ids)
