"""A record in one line, so that a librarian recognises it. Used where records are shown as examples."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from catalog.formats.errors import BadRecord
from catalog.formats.marc21 import to_draft
from catalog.harvesting.renormalise import stored_group
from catalog.models import Source, SourceRecord, StreamRecord


@dataclass(frozen=True)
class RecordLine:
    identifier: str
    title: str
    rest: str  # author, publisher, year, call numbers


def line_of(record: SourceRecord) -> RecordLine:
    return _line(record.identifier, record.draft)


def stream_line(record: StreamRecord, source: Source) -> RecordLine:
    """Of a stream's record, which is kept only as bytes."""
    try:
        group = stored_group(zlib.decompress(bytes(record.raw or b"")), record.raw_format, source)
    except BadRecord:
        return RecordLine(record.identifier, _("can’t be read"), "")
    draft = to_draft(group.bib)
    for holdings in group.holdings:
        draft.holdings += to_draft(holdings).holdings
    return _line(record.identifier, draft.as_json())


def _line(identifier: str, draft: dict[str, Any]) -> RecordLine:
    parts = [draft.get("title", ""), draft.get("part_number", ""), draft.get("part_name", "")]
    title = ". ".join(part for part in parts if part)
    if draft.get("subtitle"):
        title = f"{title}: {draft['subtitle']}"
    people = [person["name"] for person in draft.get("contributors", ())[:1]]
    places = [held["call_number"] for held in draft.get("holdings", ()) if held.get("call_number")]
    rest = [*people, draft.get("publisher", ""), str(draft.get("year") or ""), *dict.fromkeys(places[:3])]
    return RecordLine(identifier, title, " · ".join(part for part in rest if part))
