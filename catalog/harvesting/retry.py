"""Rejected records tried again, from their originals kept in quarantine: a run of RunKind.RETRY. Called by readers.py.

What can be read by now is written like any record, and the list of the run that rejected it shows it as mended. What a
newer run has brought since is never overwritten.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from catalog.choices import SourceKind
from catalog.harvesting.intake import Intake, Sent, gone
from catalog.harvesting.kinds import KINDS
from catalog.harvesting.oai.parse import parse_page
from catalog.harvesting.oai.types import OaiError
from catalog.harvesting.pages import Head, Page, Prepared, Reject, prepare
from catalog.harvesting.pipeline import Progress, check_stop
from catalog.harvesting.rejects import tryable
from catalog.harvesting.write import Counts, Item
from catalog.models import RejectedRecord, Run, Source, SourceRecord

PAGE_RECORDS = 100
PAGE = b"<OAI-PMH><ListRecords>%s</ListRecords></OAI-PMH>"


@dataclass(frozen=True)
class _Tried:
    """A rejected record, or a whole page of a server's list, and what of it can be read by now."""

    reject: RejectedRecord
    items: list[tuple[Head, Prepared]]


def retry_into_catalogue(run: Run, *, progress: Progress | None = None) -> None:
    """Try the source's open rejected records, or those of one run (`checkpoint["of"]`). Raises RunStopped, RunLost."""
    intake = Intake(run)
    open_ones = tryable(run.source, run.checkpoint.get("of")).order_by("pk")
    while rejects := list(open_ones.filter(pk__gt=run.checkpoint.get("after", 0))[:PAGE_RECORDS]):
        tried = [_Tried(reject, _readable(reject, intake)) for reject in rejects]
        counts = _write(intake, tried)
        if progress:
            progress(run, counts)
        check_stop(run)


def _readable(reject: RejectedRecord, intake: Intake) -> list[tuple[Head, Prepared]]:
    found: list[tuple[Head, Prepared]] = []
    for sent in _sent(reject, intake.source):
        entry = intake.entry(sent, reject.position)
        if isinstance(entry, Reject):
            continue
        head, group = entry
        if group is None:
            found.append((head, gone(head)))
            continue
        prepared = prepare(group, head, sent.identifier, rules=intake.source.rules)
        if isinstance(prepared, Prepared):
            found.append((head, prepared))
    return found


def _sent(reject: RejectedRecord, source: Source) -> list[Sent]:
    raw = zlib.decompress(bytes(reject.raw or b""))
    if reject.raw_format or source.kind != SourceKind.OAI_PMH:
        # A record of a file is known by what stands in it, one of a server by what the server calls it.
        name = "" if KINDS[source.kind].uploads else reject.identifier
        return [Sent(name, raw, reject.raw_format)]
    try:
        page = parse_page(raw if b"OAI-PMH" in raw else PAGE % raw)
    except OaiError:
        return []
    return [Sent(record.identifier, record.payload, deleted=record.deleted) for record in page.records]


def _write(intake: Intake, tried: Sequence[_Tried]) -> Counts:
    """Records, the marks on the mended ones, and the place behind them, in one transaction."""
    run = intake.run
    items: list[Item] = []
    newest = _newest(run, tried)
    for one in tried:
        items += [(h, p) for h, p in one.items if newest.get(p.identifier, 0) <= one.reject.run_id]
    failed = sum(not one.items for one in tried)
    read = len(items) + failed
    run.checkpoint = {**run.checkpoint, "after": tried[-1].reject.pk}
    run.rejected += failed
    position = run.checkpoint.get("position", 0) + read
    with transaction.atomic():
        counts = intake.writer.write(Page([], [], read, position, ("", 0, 0), 0), items)
        Run.objects.filter(pk=run.pk).update(rejected=run.rejected)
        mended = [one.reject.pk for one in tried if one.items]
        RejectedRecord.objects.filter(pk__in=mended).update(resolved_at=timezone.now())
    counts.rejected = failed
    return counts


def _newest(run: Run, tried: Sequence[_Tried]) -> dict[str, int]:
    """Which run brought what is stored under the identifiers of these records. This very run does not count."""
    names = {prepared.identifier for one in tried for _, prepared in one.items}
    stored = SourceRecord.objects.filter(source=run.source_id, record_type="bib", identifier__in=names)
    newer = stored.exclude(last_run_id=run.pk).values_list("identifier", "last_run_id")
    return {identifier: brought or 0 for identifier, brought in newer}
