"""Reading the stored originals again, with today's code, rules, columns and character set: no harvest, no file.

A run of RunKind.RENORMALISE; only records that come out differently are written. Called by readers.py.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from django.db import connection

from catalog.formats.csv_table import remapped
from catalog.formats.errors import BadRecord
from catalog.formats.reader import parse_payload
from catalog.harvesting.pages import JOINT, Group, Head, Page, Prepared, Reject, prepare
from catalog.harvesting.pipeline import Progress, check_stop
from catalog.harvesting.write import Item, PageWriter
from catalog.models import Run, Source

PAGE_RECORDS = 500
SNIPPET = 300
_NEXT = """
SELECT id, identifier, raw, raw_format, content_hash, draft::text, features::text FROM catalog_sourcerecord
WHERE source_id = %s AND id > %s AND record_type = 'bib' AND deleted_at IS NULL ORDER BY id LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Row:
    id: int
    identifier: str
    raw: bytes
    raw_format: str
    digest: bytes
    draft: str
    features: str


def renormalise_into_catalogue(run: Run, *, progress: Progress | None = None) -> None:
    """Read all live records of the run's source again, from its checkpoint on. Raises RunStopped, RunLost."""
    writer = PageWriter(run, run.source)
    while rows := _next(run):
        position = run.checkpoint.get("position", 0)
        items: list[Item] = [_again(row, run.source, position + n) for n, row in enumerate(rows, 1)]
        page = Page([head for head, _ in items], [], len(rows), position + len(rows), ("", 0, 0), 0)
        run.checkpoint = {**run.checkpoint, "after": rows[-1].id}
        counts = writer.write(page, items, force=True)
        if progress:
            progress(run, counts)
        check_stop(run)


def _next(run: Run) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [run.source_id, run.checkpoint.get("after", 0), PAGE_RECORDS])
        return [Row(n, name, bytes(raw), kind, bytes(digest), *rest)
                for n, name, raw, kind, digest, *rest in cursor.fetchall()]  # fmt: skip


def _again(row: Row, source: Source, position: int) -> Item:
    """The record prepared anew; None where it comes out as it is stored. What can't be read any more stays as it is."""
    head = Head(row.identifier, row.digest)
    try:
        group = stored_group(zlib.decompress(row.raw), row.raw_format, source)
    except BadRecord as refusal:
        return head, _refused(row, position, refusal.code, refusal.message)
    group.bib.position = position
    if row.raw_format == "table":  # the mapping is part of a stored row
        head = Head(row.identifier, blake2b(group.payload, digest_size=16).digest())
    prepared = prepare(group, head, row.identifier, rules=source.rules)
    if isinstance(prepared, Reject):
        return head, _refused(row, position, prepared.reason_code, prepared.reason)
    if prepared.deleted:
        return head, prepared if prepared.warnings else None  # left out by a rule
    return head, None if _same(row, prepared) else prepared


def stored_group(payload: bytes, raw_format: str, source: Source) -> Group:
    """A bib record with the holdings records that were joined to it; a row of a table with today's mapping.

    Raises BadRecord.
    """
    if raw_format == "table":
        payload = remapped(payload, source.columns)
    bib, *holdings = (
        parse_payload(part, raw_format, fallback_encoding=source.fallback_encoding)
        for part in payload.split(JOINT)
    )
    return Group(bib, holdings)


def _same(row: Row, prepared: Prepared) -> bool:
    """Whether nothing would change; the holdings are part of the draft."""
    draft, compared = prepared.record_line.rstrip("\n").split("\t")[-2:]
    return bool(_value(draft) == json.loads(row.draft) and _value(compared) == json.loads(row.features))


def _value(column: str) -> Any:
    """JSON has no control characters of its own, so COPY has escaped nothing in it but the backslash."""
    return json.loads(column.replace("\\\\", "\\"))


def _refused(row: Row, position: int, code: str, reason: str) -> Reject:
    payload = zlib.decompress(row.raw)
    return Reject(position, 0, row.identifier, code, reason, payload[:SNIPPET], payload, row.raw_format)
