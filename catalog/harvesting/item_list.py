"""A file with a list of copies, such as SLiMS's export of items, read into the catalogue. Named in readers.RUNS.

Each batch is one transaction with its checkpoint; a killed worker's run goes on there.
"""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from catalog.formats import slims
from catalog.formats.records import Rejected
from catalog.harvesting import files, rejects
from catalog.harvesting.errors import RunFailed
from catalog.harvesting.pages import Reject
from catalog.harvesting.pipeline import Progress, check_stop
from catalog.harvesting.write import Counts
from catalog.models import Run
from catalog.services.items import ItemsResult, ItemTold, items_complete, items_store

BATCH = 1000
NO_LIST = gettext_noop(
    "This is no list of copies. Send SLiMS's export of items, or a table with a column of barcodes."
)
Read = slims.Item | Rejected


def is_item_list(path: Path) -> bool:
    with path.open("rb") as stream:
        return slims.looks_like_items(stream.read(1 << 16))


def read_item_list(run: Run, *, progress: Progress | None = None) -> None:
    """The run's file, from its checkpoint on. Raises RunFailed, RunStopped."""
    path = files.ready_file(run)
    if not is_item_list(path):
        raise RunFailed("no_item_list", NO_LIST)
    store_item_list(run, path, progress)


def store_item_list(run: Run, path: Path, progress: Progress | None) -> None:
    """Of records it says nothing: none is missed because of it."""
    run.checkpoint = {**run.checkpoint, "whole": False}
    as_of = run.queued_at
    with path.open("rb") as stream:
        found = slims.read_items(stream, fallback_encoding=run.source.fallback_encoding)
        rest = islice(found, run.checkpoint.get("position", 0), None)
        while batch := list(islice(rest, BATCH)):
            counts = _write(run, batch, as_of)
            if progress:
                progress(run, counts)
            check_stop(run)
    if run.checkpoint.get("everything") and not run.rejected:
        run.deleted = items_complete(source=run.source, began=run.started_at or as_of, before=None).taken_out
        run.save(update_fields=["deleted"])


@transaction.atomic
def _write(run: Run, batch: list[Read], as_of: datetime) -> Counts:
    told = [_told(item, as_of) for item in batch if isinstance(item, slims.Item)]
    refused = [r for r in batch if isinstance(r, Rejected)]
    counts = _counted(items_store(source=run.source, told=told), len(batch), len(refused))
    for name, value in vars(counts).items():
        setattr(run, name, getattr(run, name) + value)
    run.checkpoint = {**run.checkpoint, "position": run.checkpoint.get("position", 0) + len(batch)}
    run.heartbeat_at = timezone.now()
    with connection.cursor() as cursor:
        rejects.write(cursor, run, [_reject(r) for r in refused])
    run.save(update_fields=[*vars(counts), "checkpoint", "heartbeat_at"])
    return counts


def _told(item: slims.Item, as_of: datetime) -> ItemTold:
    return ItemTold(
        item.barcode[:100],
        item.title_id[:200],
        item.location[:200],
        item.call_number[:200],
        item.status,
        None,
        as_of,
    )


def _counted(result: ItemsResult, read: int, rejected: int) -> Counts:
    words = list(result.results.values())
    created, updated = words.count("created"), words.count("updated")
    return Counts(read, created, updated, read - rejected - created - updated, 0, rejected)


def _reject(r: Rejected) -> Reject:
    return Reject(r.position, r.offset, "", r.reason_code, r.reason, r.snippet)
