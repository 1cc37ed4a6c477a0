"""Records that could not be taken: written with their page, mended when the source sends them again. Set-based.

Called by write.py within a page's transaction, by retry.py, and at the end of a run.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from catalog.harvesting import copytext as c
from catalog.harvesting.database import copy_lines
from catalog.harvesting.kinds import KINDS
from catalog.harvesting.pages import Reject
from catalog.models import RejectedRecord, Run, Source

# Rejected records that a run lists; of a file that is mostly noise the rest is only counted.
REJECTS_KEPT = 10_000
RAW_KEPT = 4_000_000  # bytes of one, to be tried again
AWAITED = 50_000  # rejected records of a source whose return is noticed
# Readable, but not a description of a publication: no sign of a bad file.
SORTED_OUT = frozenset({"authority", "holdings_unlinked"})
COLUMNS = (
    "run_id",
    "position",
    '"offset"',
    "identifier",
    "reason_code",
    "reason",
    "snippet",
    "raw",
    "raw_format",
)


def write(cursor: Any, run: Run, found: Sequence[Reject]) -> None:
    """Put the page's rejected records on the run's list."""
    room = max(0, REJECTS_KEPT - run.rejected)
    # The sweep must always learn that a file was cut short.
    kept = [*found[:room], *(r for r in found[room:] if r.reason_code == "truncated")]
    copy_lines(cursor, "catalog_rejectedrecord", COLUMNS, [_line(run.pk, reject) for reject in kept])


def _line(run_id: int, r: Reject) -> str:
    return c.line(
        str(run_id), str(r.position), str(r.offset), c.clipped(r.identifier, 200),
        c.clipped(r.reason_code, 40), c.clipped(r.reason, 500), c.binary(r.snippet),
        c.binary(zlib.compress(r.raw)) if 0 < len(r.raw) <= RAW_KEPT else "\\N", r.raw_format,
    )  # fmt: skip


def tryable(source: Source, run_id: int | None = None) -> QuerySet[RejectedRecord]:
    """The source's (or one run's) rejected records whose original is kept and that nobody has mended yet."""
    kept = RejectedRecord.objects.filter(run__source=source, resolved_at=None, raw__isnull=False)
    if KINDS[source.kind].uploads:
        kept = kept.exclude(raw_format="")  # a piece of a file of which not even the end is sure
    return kept.filter(run=run_id) if run_id else kept


def awaited(source: Source, run: Run) -> set[str]:
    """Identifiers that earlier runs of the source rejected, and that did not come in readable form since."""
    earlier = tryable(source).filter(run_id__lt=run.pk).exclude(identifier="")
    return set(earlier.values_list("identifier", flat=True)[:AWAITED])


def resolve(cursor: Any, source: Source, identifiers: Collection[str], now: datetime) -> None:
    """These came in readable form: earlier runs show them as mended."""
    cursor.execute(
        "UPDATE catalog_rejectedrecord r SET resolved_at = %s FROM catalog_run n WHERE n.id = r.run_id "
        "AND n.source_id = %s AND r.resolved_at IS NULL AND r.identifier = ANY(%s)",
        [now, source.pk, list(identifiers)],
    )


def drop_earlier(first: Run) -> None:
    """After a complete list: what earlier runs could not read came again, or is gone. Their originals are let go."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE catalog_rejectedrecord r SET raw = NULL FROM catalog_run n WHERE n.id = r.run_id "
            "AND n.source_id = %s AND n.id < %s AND r.raw IS NOT NULL",
            [first.source_id, first.pk],
        )
