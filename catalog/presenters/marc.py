"""The MARC view of an edition: its records as their sources sent them."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from datetime import datetime

from catalog import selectors
from catalog.formats.errors import FormatError
from catalog.formats.marc21 import MarcLine, dump_lines
from catalog.formats.reader import parse_payload
from catalog.models import Edition, SourceRecord
from catalog.selectors.holdings import Payload, holdings_payloads_of
from catalog.selectors.runs import complete_lists_of
from members.models import Library


@dataclass(frozen=True)
class MarcView:
    record: SourceRecord
    library: Library
    parts: list[list[MarcLine]]  # the record, then its holdings records; empty: cannot be read
    seen_at: datetime  # when its source was last known to have it
    downloads: list[tuple[str, str]] = field(default_factory=list)  # for staff: label and address


def marc_views(edition: Edition) -> list[MarcView]:
    """Each record that the edition was merged from, as its source sent it."""
    records = list(selectors.records_of(edition))
    joined = holdings_payloads_of(records)
    lists = complete_lists_of({record.source_id for record in records})
    return [
        MarcView(record, record.source.library, _parts(record, joined[record.pk]), _seen_at(record, lists))
        for record in records
    ]


def _seen_at(record: SourceRecord, lists: dict[int, datetime]) -> datetime:
    """Unchanged records are not written each night: one that no complete list lacked was in the last of them."""
    listed = lists.get(record.source_id)
    return max(record.changed_at, listed) if listed and not record.missed else record.changed_at


def _parts(record: SourceRecord, joined: list[Payload]) -> list[list[MarcLine]]:
    fallback = record.source.fallback_encoding
    try:
        own = [(payload, record.raw_format) for payload in selectors.payloads_of(record)]
        return [
            dump_lines(parse_payload(payload, format, fallback_encoding=fallback))
            for payload, format in [*own, *joined]
        ]
    except (FormatError, zlib.error):
        return []
