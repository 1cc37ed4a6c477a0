"""The MARC view of an edition: its records as their sources sent them."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from catalog import selectors
from catalog.formats.errors import FormatError
from catalog.formats.marc21 import MarcLine, dump_lines
from catalog.formats.reader import parse_payload
from catalog.models import Edition, SourceRecord
from members.models import Library


@dataclass(frozen=True)
class MarcView:
    record: SourceRecord
    library: Library
    parts: list[list[MarcLine]]  # the record, then holdings records that came with it; empty: cannot be read


def marc_views(edition: Edition) -> list[MarcView]:
    """Each record that the edition was merged from, as its source sent it."""
    return [
        MarcView(record, record.source.library, _parts(record)) for record in selectors.records_of(edition)
    ]


def _parts(record: SourceRecord) -> list[list[MarcLine]]:
    fallback = record.source.fallback_encoding
    try:
        payloads = selectors.payloads_of(record)
        return [dump_lines(parse_payload(p, record.raw_format, fallback_encoding=fallback)) for p in payloads]
    except (FormatError, zlib.error):
        return []
