"""The end of a run: what is gone is taken out in batches, but only when that is believable; else it waits for a word.

Gone is what the source announced as deleted, and what so many complete lists in a row lacked as its settings say.
Called by services/runs.py. A killed worker's run goes on here where it stood.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from catalog.choices import RunKind
from catalog.harvesting import gone, holdings_link, rejects
from catalog.harvesting.database import lock_catalogue
from catalog.models import Run, SourceRecord

MAX_SHARE = 0.10
MAX_COUNT = 1000
NEVER_HELD = 9  # records: a small catalogue may lose a few without asking
MAX_UNNAMED = 0.01  # a record that could not be read, nor its identifier, looks like one that is missing
# Somebody saw what would go and said yes.
DECIDED = frozenset({RunKind.SWITCH, RunKind.REKEY, RunKind.DELETES})
HELD = gettext_noop(
    "More records would go than is usual, so none was taken out. Whoever manages the source decides on the page of "
    "this loading."
)
CUT_SHORT = gettext_noop("The file ends in the middle of a record, so no record was taken out.")
_MISSING = """
SELECT r.id FROM catalog_sourcerecord r
WHERE r.source_id = %s AND r.deleted_at IS NULL AND r.id > %s
  AND NOT EXISTS (SELECT 1 FROM catalog_seenrecord s WHERE s.run_id = ANY(%s) AND s.record_id = r.id)
  AND NOT EXISTS (SELECT 1 FROM catalog_gonerecord g WHERE g.run_id = %s AND g.record_id = r.id)
ORDER BY r.id
"""


def settle(run: Run, lists: Sequence[Run] = ()) -> None:
    """Deal with what is gone. `lists`: the runs that together met all that the source has; none where part is missing.

    Sets the run's deleted, deletes_held and message.
    """
    whole = bool(lists) and run.source.is_snapshot and all(r.checkpoint.get("whole", True) for r in lists)
    if whole and any(r.rejects.filter(reason_code="truncated").exists() for r in lists):
        whole, run.message_code, run.message = False, "cut_short", CUT_SHORT
    if whole:
        _strike(run, lists)
        rejects.drop_earlier(lists[0])
        holdings_link.drop_missing(run, lists)
    forget([run.pk, *(r.pk for r in lists)])
    run.deletes_held = gone.waiting(run)
    if not run.deletes_held:
        return
    if run.kind not in DECIDED and not _believable(run, lists, whole):
        run.message_code, run.message = "deletes_held", HELD
        return
    while taken := gone.take_out_batch(run):
        run.deletes_held -= taken


def forget(run_ids: Sequence[int]) -> None:
    """Drop the marks of what these runs have met."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalog_seenrecord WHERE run_id = ANY(%s)", [list(run_ids)])


def first_missing(run: Run) -> tuple[int, int]:
    """How many records this run's list lacked that stay for now, and how many lists in a row have to lack them."""
    struck = run.checkpoint.get("struck") or {}
    return struck.get("staying", 0), struck.get("strikes", 1)


def _strike(run: Run, lists: Sequence[Run]) -> None:
    """One more complete list that lacks these records. Each is counted once, however often the worker is killed."""
    struck = run.checkpoint.get("struck") or {"after": 0, "staying": 0}
    if struck.get("done"):  # the marks of what was met are gone by now: everything would seem missing
        return
    with connection.cursor() as cursor:
        cursor.execute(_MISSING, [run.source_id, struck["after"], [r.pk for r in lists], run.pk])
        missing = [row[0] for row in cursor.fetchall()]
    for start in range(0, len(missing), gone.BATCH):
        ids = missing[start : start + gone.BATCH]
        with transaction.atomic(), connection.cursor() as cursor:
            lock_catalogue(cursor)
            cursor.execute(
                "UPDATE catalog_sourcerecord SET missed = least(missed + 1, 30000) WHERE id = ANY(%s) "
                "RETURNING id, missed",
                [ids],
            )
            due = [number for number, missed in cursor.fetchall() if missed >= run.source.delete_after]
            gone.GoneList(run).collect(cursor, due)
            staying = struck["staying"] + len(ids) - len(due)
            struck = {"after": ids[-1], "staying": staying, "strikes": run.source.delete_after}
            run.checkpoint = {**run.checkpoint, "struck": struck}
            run.heartbeat_at = timezone.now()
            run.save(update_fields=["checkpoint", "heartbeat_at"])
    run.checkpoint = {**run.checkpoint, "struck": {**struck, "done": True}}
    run.save(update_fields=["checkpoint"])


def _believable(run: Run, lists: Sequence[Run], whole: bool) -> bool:
    """Few enough; and what is only missing, only after a complete list that could be read."""
    live = SourceRecord.objects.filter(source=run.source_id, deleted_at=None).count()
    if run.deletes_held > MAX_COUNT:
        return False
    if run.deletes_held > max(NEVER_HELD, live * MAX_SHARE):
        return False
    if not gone.missing(run):
        return True
    return whole and _unnamed(lists) <= MAX_UNNAMED * sum(r.read for r in lists)


def _unnamed(lists: Sequence[Run]) -> int:
    """Rejected records of which not even the identifier is known: any of the missing ones may be among them."""
    return sum(r.rejected - r.rejects.exclude(identifier="").count() for r in lists)
