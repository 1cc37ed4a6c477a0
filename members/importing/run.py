"""The work on one file, portion by portion: begun by a task, taken up again by the next one if a worker dies.

Every portion is one transaction that holds the import's row: a second worker waits, then goes on after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from members.choices_people import ImportState, Problem
from members.importing.apply import judge, known_people, write
from members.importing.rows import BadRow, PersonRow, read_row
from members.importing.table import rows_of
from members.importing.undo import undo_portion
from members.models import PatronImport
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.jobs import JobTracker
from network_portal.core.models import JobRun

PORTION = 1000
SILENT = timedelta(minutes=2)
Read = PersonRow | BadRow


def imports_to_do() -> QuerySet[PatronImport]:
    """Those at work of which no worker was heard for two minutes; a new one was never heard of."""
    silent = Q(beat_at=None) | Q(beat_at__lt=timezone.now() - SILENT)
    return PatronImport.objects.filter(silent, state__in=(ImportState.RUNNING, ImportState.UNDOING))


def read_all(source: PatronImport) -> Iterator[Read]:
    """Every row with its values; the second row of a person in one file is a problem. From the beginning each time."""
    seen: set[str] = set()
    rows = rows_of(bytes(source.packed or b""))
    start = 1
    if source.header:
        next(rows, None)
        start = 2
    for position, cells in enumerate(rows, start):
        row = read_row(position, cells, source.columns)
        if isinstance(row, PersonRow):
            marks = {mark for mark in (f"@{row.email}", f"#{row.card_number}") if len(mark) > 1}
            if marks & seen:
                row = BadRow(position, str(Problem.TWICE), tuple(cells))
            seen |= marks
        yield row


def import_work(source: PatronImport) -> None:
    """Do, or go on with, what the import is at: taking over or undoing."""
    job = JobRun.objects.get(pk=source.job_id or 0)
    with JobTracker(job) as tracker:
        if source.state == ImportState.UNDOING:
            while done := undo_portion(source):
                tracker.advance(done)
            return
        rows = read_all(source)
        skipped = 0
        while True:
            source.refresh_from_db(fields=["done", "state"])
            for _row in islice(rows, source.done - skipped):
                pass
            skipped = source.done
            portion = list(islice(rows, PORTION))
            if not portion:
                break
            if not _portion(source.pk, skipped, portion):
                return
            skipped += len(portion)
            tracker.advance(len(portion))
        _finish(source.pk)


@transaction.atomic
def _portion(pk: int, done: int, rows: list[Read]) -> bool:
    """Write one portion, unless another worker did so meanwhile; False then, or when the work was stopped."""
    source = PatronImport.objects.select_for_update(of=("self",)).select_related("library").get(pk=pk)
    if source.done != done or source.state != ImportState.RUNNING:
        return False
    people = [row for row in rows if isinstance(row, PersonRow)]
    known = known_people(source.library, people)
    verdicts = [judge(row, known) for row in people]
    bad = [row for row in rows if isinstance(row, BadRow)]
    bad += [BadRow(one.row.position, one.problem, _line(one.row)) for one in verdicts if one.problem]
    counts = write(source, [one for one in verdicts if not one.problem], bad)
    source.done += len(rows)
    source.counts = {name: source.counts.get(name, 0) + n for name, n in counts.items()} | {
        name: n for name, n in source.counts.items() if name not in counts
    }
    source.beat_at = timezone.now()
    source.save(update_fields=["done", "counts", "beat_at"])
    return True


def _line(row: PersonRow) -> tuple[str, ...]:
    day = row.expires_on.isoformat() if row.expires_on else ""
    return tuple(
        cell for cell in (row.email, row.name, row.card_number, row.category, row.phone, day) if cell
    )


@transaction.atomic
def _finish(pk: int) -> None:
    """The file has served: it is emptied, only what became of its rows is kept."""
    source = PatronImport.objects.select_for_update(of=("self",)).select_related("library").get(pk=pk)
    if source.state != ImportState.RUNNING:
        return
    source.state, source.packed, source.finished_at = ImportState.DONE, None, timezone.now()
    source.save(update_fields=["state", "packed", "finished_at"])
    audit.record(
        "members.import.done", actor=Actor.system(), target=source,
        data={**source.counts, "library_id": source.library_id},
    )  # fmt: skip
