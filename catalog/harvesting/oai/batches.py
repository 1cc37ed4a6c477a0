"""Writing what a server sent: one batch is prepared while the one before it is written. Used by reader.py.

A record whose bytes are known is neither parsed nor prepared. Otherwise the rules of intake.py, which it builds on.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

from django.db import transaction

from catalog.harvesting import holdings_link
from catalog.harvesting.intake import Intake, Lost, gone
from catalog.harvesting.judge import judge
from catalog.harvesting.oai.harvest import Checkpoint
from catalog.harvesting.oai.prepare_helper import Wanted
from catalog.harvesting.oai.preparing import LARGE, Preparer, Results
from catalog.harvesting.oai.types import MESSAGES, OaiPage, OaiRecord
from catalog.harvesting.pages import Head, Page, Reject
from catalog.harvesting.write import Item

SNIPPET = 300


@dataclass
class _Batch:
    records: list[OaiRecord]
    heads: list[Head]
    wanted: set[int]
    lost: list[Lost]
    warnings: list[str]
    checkpoint: Checkpoint


class BatchWriter:
    """`with BatchWriter(intake) as writer:`, `put` each batch, `flush` at the end, or when nothing more comes."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        source = intake.source
        self._preparer = Preparer(source.fallback_encoding, source.rules)
        self._pending: _Batch | None = None

    def __enter__(self) -> BatchWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self._preparer.end()

    def put(self, pages: list[OaiPage], checkpoint: Checkpoint) -> None:
        """Write the batch before this one, if it waits; a small one at once, too: its server is slower than we are."""
        before = self._pending
        results = self._preparer.answer() if before else []
        self._pending = batch = self._survey(pages, checkpoint, before)
        self._preparer.ask([self._wanted(batch, index) for index in sorted(batch.wanted)])
        if before:
            self._write(before, results)
        if len(batch.wanted) < LARGE:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        batch, self._pending = self._pending, None
        if batch is not None:
            self._write(batch, self._preparer.answer())

    def _survey(self, pages: list[OaiPage], checkpoint: Checkpoint, before: _Batch | None) -> _Batch:
        """Which of the records have to be prepared: what waits to be written may change any of its own."""
        records = [record for page in pages for record in page.records]
        heads = [_head(record) for record in records]
        in_flight = {head.identifier for head in before.heads} if before else set()
        asked = Page(heads, [], len(heads), 0, ("", 0, 0), 0)
        unknown = self._intake.writer.unknown(asked, in_flight)
        wanted = {index for index in unknown if not records[index].deleted}
        warnings = [warning for page in pages for warning in page.warnings]
        return _Batch(
            records, heads, wanted, [lost for p in pages for lost in _lost(p)], warnings, checkpoint
        )

    def _wanted(self, batch: _Batch, index: int) -> Wanted:
        record = batch.records[index]
        return Wanted(batch.heads[index], record.payload, record.format)

    def _write(self, batch: _Batch, results: Results) -> None:
        """The batch and the place behind it, in one transaction."""
        intake, run = self._intake, self._intake.run
        done = run.checkpoint.get("position", 0)
        rejects = [_reject(lost) for lost in batch.lost]
        items: list[Item] = []
        prepared = iter(results)
        for index, (record, head) in enumerate(zip(batch.records, batch.heads, strict=True)):
            result = next(prepared) if index in batch.wanted else None
            if isinstance(result, Reject):
                result.position = done + index + 1
                rejects.append(result)
            else:
                items.append((head, gone(head) if record.deleted else result))
        for number, reject in enumerate(rejects[: len(batch.lost)], done + len(batch.records) + 1):
            reject.position = number
        read = len(batch.records) + len(batch.lost)
        run.checkpoint = {**run.checkpoint, "oai": batch.checkpoint.as_json()}
        page = Page([h for h, _ in items], rejects, read, done + read, ("", 0, 0), 0, warnings=batch.warnings)
        with transaction.atomic():
            counts = intake.writer.write(page, items)
            holdings_link.drop(run, [record.identifier[:200] for record in batch.records if record.deleted])
        if intake.progress:
            intake.progress(run, counts)
        judge(run)


def _head(record: OaiRecord) -> Head:
    digest = b"" if record.deleted else blake2b(record.payload, digest_size=16).digest()
    return Head(record.identifier[:200], digest)


def _lost(page: OaiPage) -> list[Lost]:
    lost = [Lost(r.identifier, r.reason_code, MESSAGES[r.reason_code], r.raw) for r in page.rejects]
    if page.quarantined and not lost:
        lost = [Lost("", "unreadable", MESSAGES["unreadable"], page.body)]
    return lost


def _reject(lost: Lost) -> Reject:
    return Reject(0, 0, lost.identifier[:200], lost.reason_code, lost.reason, lost.raw[:SNIPPET], lost.raw)
