"""A full file beside the records in use: reading it as a difference, switching to it, and the way back.

Two readers of runs (readers.py): `compare_into_stream` changes nothing in the catalogue; `switch_over` applies a
stream page by page through the Intake and keeps, in each page's transaction, what would undo it.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from catalog.choices import StreamState
from catalog.harvesting import files, gone, rejects
from catalog.harvesting.database import copy_lines, empty_temporary
from catalog.harvesting.errors import RunFailed
from catalog.harvesting.intake import Intake, Sent
from catalog.harvesting.pages import RECORD_COLUMNS, Page, Prepared
from catalog.harvesting.pipeline import Progress, check_stop, read_into_catalogue
from catalog.harvesting.stream_sql import (
    drop_stream,
    keep_as_previous,
    keep_way_back,
    lead_home,
    note_missing,
    recount,
)
from catalog.harvesting.sweep import forget
from catalog.harvesting.write import Counts, Item, PageWriter
from catalog.models import Run, Stream, StreamRecord

PAGE_RECORDS = 1000
CUT_SHORT = gettext_noop(
    "The file ends in the middle of a record, so it can't stand for the whole catalogue."
)
NOTHING = gettext_noop("None of the records in the file could be read.")
_IN = """
    record_type text, identifier text, raw bytea, raw_format text, content_hash bytea, draft jsonb, features jsonb
"""


def compare_into_stream(run: Run, *, progress: Progress | None = None) -> None:
    """Read the file of the run's stream and note what it would change. Raises RunFailed, RunStopped, RunLost."""
    stream = Stream.objects.filter(run=run, state=StreamState.LOADING).first()
    if stream is None:  # its worker was lost when all was noted
        return
    if not run.checkpoint.get("position"):
        StreamRecord.objects.filter(stream=stream).delete()
        forget([run.pk])
    read_into_catalogue(run, files.ready_file(run), progress=progress, writer=StreamWriter(run, stream))
    if run.rejects.filter(reason_code="truncated").exists():
        raise RunFailed("cut_short", CUT_SHORT)
    if run.read == run.rejected:
        raise RunFailed("nothing_read", NOTHING)
    with transaction.atomic(), connection.cursor() as cursor:
        note_missing(cursor, stream, run)
        recount(cursor, stream)
        for older in Stream.objects.filter(source=stream.source_id, state=StreamState.PENDING).exclude(
            pk=stream.pk
        ):
            drop_stream(older)
        Stream.objects.filter(pk=stream.pk).update(state=StreamState.PENDING)
    forget([run.pk])


class StreamWriter(PageWriter):
    """Notes a page's difference to the catalogue instead of writing it there."""

    def __init__(self, run: Run, stream: Stream) -> None:
        super().__init__(run, run.source)
        self.stream = stream

    def write(self, page: Page, items: list[Item], *, force: bool = False) -> Counts:
        """Raises RunLost, and has then noted nothing."""
        with transaction.atomic(), connection.cursor() as cursor:
            self._hold_run(page)
            names = {p.identifier if isinstance(p, Prepared) else h.identifier for h, p in items}
            names.update(reject.identifier for reject in page.rejects)
            plan = self._plan(page, items, self.stored(sorted(names)), force)
            # A later record of the same identifier counts, also where it says what the catalogue says already.
            StreamRecord.objects.filter(stream=self.stream, identifier__in=names).delete()
            self._note(cursor, [*plan.new, *(prepared for _, prepared in plan.changed)])
            cursor.execute(
                "INSERT INTO catalog_seenrecord (run_id, record_id) SELECT %s, unnest(%s::bigint[]) "
                "ON CONFLICT DO NOTHING",
                [self.run.pk, sorted(set(plan.seen))],
            )
            rejects.write(cursor, self.run, plan.rejects)
            self._advance(page, plan, timezone.now())
        return plan.counts

    def _note(self, cursor: Any, records: Sequence[Prepared]) -> None:
        empty_temporary(cursor, "stream_in", _IN)
        copy_lines(cursor, "stream_in", RECORD_COLUMNS, [record.record_line for record in records])
        cursor.execute(
            "INSERT INTO catalog_streamrecord (stream_id, identifier, raw, raw_format, content_hash) "
            "SELECT %s, identifier, raw, raw_format, content_hash FROM stream_in",
            [self.stream.pk],
        )


def switch_over(run: Run, *, progress: Progress | None = None) -> None:
    """Apply the stream `checkpoint["stream"]`; `checkpoint["back"]` becomes the way back. Raises RunStopped, RunLost.

    What the stream lacks goes too: whoever pressed the button has seen how much that is.
    """
    stream, back = (Stream.objects.get(pk=run.checkpoint[name]) for name in ("stream", "back"))
    intake = Intake(run)
    while rows := _next(stream, run.checkpoint.get("after", 0)):
        with transaction.atomic(), connection.cursor() as cursor:
            keep_way_back(cursor, back, [row.identifier for row in rows])
            counts = intake.write([_sent(row) for row in rows], checkpoint={"after": rows[-1].pk})
            lead_home(cursor, run, {row.identifier: row.edition_id for row in rows if row.edition_id})
        _pause(run, progress, counts)
    while taken := gone.take_out_batch(run):
        _pause(run, progress, Counts(deleted=taken))
    with transaction.atomic(), connection.cursor() as cursor:
        drop_stream(stream)
        keep_as_previous(cursor, back)


def _pause(run: Run, progress: Progress | None, counts: Counts) -> None:
    """Between two transactions: here a worker may be called away."""
    if progress:
        progress(run, counts)
    check_stop(run)


def _next(stream: Stream, after: int) -> list[StreamRecord]:
    return list(StreamRecord.objects.filter(stream=stream, pk__gt=after).order_by("pk")[:PAGE_RECORDS])


def _sent(row: StreamRecord) -> Sent:
    if row.raw is None:
        return Sent(row.identifier, deleted=True)
    return Sent(row.identifier, zlib.decompress(bytes(row.raw)), row.raw_format, joined=True)
