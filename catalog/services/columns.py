"""What the columns of a source's table hold: proposed, shown on its first records, kept, and the table then loaded."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import partial
from io import BytesIO, StringIO
from itertools import islice

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.choices import SourceKind
from catalog.formats import csv_table
from catalog.formats.csv_guess import Mapping, guess
from catalog.formats.reader import read_records
from catalog.formats.records import RawRecord, Rejected
from catalog.harvesting import files, tables
from catalog.harvesting.tables import WaitingTable
from catalog.models import Run, Source
from catalog.selectors.rows import stored_rows
from catalog.services.runs import run_queue, run_renormalise, run_send
from catalog.services.sources import source_start
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation

PREVIEWED = 20


def mapping_proposed(source: Source, head: bytes) -> Mapping:
    """What was said of a table with these very columns, else a guess."""
    kept, rows = Mapping.from_json(source.columns), tables.first_rows(head)
    found = guess(rows)
    if kept.header and found.header and set(kept.names) & set(found.names):
        # A known column keeps its meaning when others came, went or moved.
        held = {kept.names[place]: column for place, column in kept.columns.items() if kept.names[place]}
        known = {place: held[name] for place, name in enumerate(found.names) if name in held}
        new = {
            p: c
            for p, c in found.columns.items()
            if found.names[p] not in kept.names and c not in known.values()
        }
        return Mapping({**new, **known}, True, found.names, [p for p in found.unsure if p in new])
    return found


def table_of(source: Source) -> tuple[WaitingTable | None, bytes]:
    """The table that waits, and its first lines; else the first stored rows, as a table; b"" where there are none."""
    if waiting := tables.waiting_table(source):
        return waiting, waiting.head()
    kept = Mapping.from_json(source.columns)
    out = StringIO()
    rows = [csv_table.cells_of(payload, kept) for payload in stored_rows(source, PREVIEWED)]
    if rows:
        csv.writer(out).writerows([kept.names, *rows] if kept.header else rows)
    return None, out.getvalue().encode("utf-8", "surrogateescape")


def preview(head: bytes, mapping: Mapping, encoding: str) -> Iterator[RawRecord | Rejected]:
    """The first records as the next loading would read them."""
    stream = BytesIO(b"".join(csv_table.with_mapping(BytesIO(head), mapping)))
    return islice(read_records(stream, fallback_encoding=encoding), PREVIEWED)


@transaction.atomic
def columns_save(
    *, source: Source, mapping: Mapping, encoding: str, waiting: WaitingTable | None, actor: Actor
) -> Run | None:
    """Keep the mapping, and load the table that waits for it, or read what is stored again; None: it will be fetched.

    Raises RuleViolation (no_title) for a mapping without titles, Conflict where the source is being loaded.
    """
    if mapping.problem:
        raise RuleViolation(
            mapping.problem, _("Say which column holds the titles. Without one there is no record.")
        )
    source = Source.objects.select_for_update(of=("self",)).get(pk=source.pk)
    before, source.columns, source.fallback_encoding = source.columns, mapping.as_json(), encoding
    source.save(update_fields=["columns", "fallback_encoding"])
    audit.record(
        "catalog.columns.changed", actor=actor, target=source,
        data={"before": _told(Mapping.from_json(before)), "after": _told(mapping)},
    )  # fmt: skip
    if waiting is None:
        return run_renormalise(source=source, actor=actor)
    if waiting.whole:
        return _load(source, waiting, actor)
    transaction.on_commit(partial(tables.forget_waiting, source))
    if source.kind == SourceKind.FOLDER:  # the file lies there again, and is taken when its time comes
        Source.objects.filter(pk=source.pk).update(next_due_at=timezone.now())
        return None
    return source_start(source=source, actor=actor, mapped=True)


def _load(source: Source, waiting: WaitingTable, actor: Actor) -> Run:
    run = run_queue(source=source, actor=actor, file_name=waiting.name)
    path = files.place_for(run, waiting.name)
    run.stored_path = str(path)
    run.save(update_fields=["stored_path"])

    def hand_over() -> None:
        waiting.path.rename(path)
        tables.forget_waiting(source)
        run_send(run.pk)

    transaction.on_commit(hand_over)
    return run


def columns_forget(*, source: Source) -> None:
    """Let the table that waits go; nothing of it was stored."""
    tables.forget_waiting(source)


def _told(mapping: Mapping) -> dict[str, str]:
    labels = mapping.labels
    return {labels[place]: column for place, column in sorted(mapping.columns.items()) if place < len(labels)}
