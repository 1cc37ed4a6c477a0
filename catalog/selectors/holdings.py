"""Reading holdings: records of them that came apart from their titles, and when lent copies come back."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, Q

from catalog.choices import SHOWN_LIBRARIES
from catalog.models import Edition, Holding, HoldingsRecord, Source, SourceRecord
from members.models import Library

EXAMPLES = 10
_DUE = """
SELECT h.id, min(i.due_at)
FROM catalog_holding h JOIN catalog_item i ON i.record_id = h.record_id AND jsonb_exists(h.barcodes, i.item_id)
WHERE h.id = ANY(%s) AND i.status = 'on_loan' AND i.due_at IS NOT NULL
GROUP BY h.id
"""
_SHOWN = (
    "edition_id", "library_id", "location", "call_number", "item_count", "available_count", "status", "textual",
    "coverage", "note", "url", "as_of",
)  # fmt: skip
Payload = tuple[bytes, str]  # as received, and its format


@dataclass(frozen=True)
class HoldingsWaiting:
    """Holdings records of a source whose title is not known: how many, and of them those that could mean several."""

    total: int
    ambiguous: int
    examples: list[HoldingsRecord]  # the ambiguous first


def holdings_waiting(source: Source) -> HoldingsWaiting | None:
    waiting = HoldingsRecord.objects.filter(source=source, record=None)
    counts = waiting.aggregate(total=Count("pk"), ambiguous=Count("pk", filter=Q(is_ambiguous=True)))
    if not counts["total"]:
        return None
    shown = waiting.defer("raw").order_by("-is_ambiguous", "identifier")[:EXAMPLES]
    return HoldingsWaiting(**counts, examples=list(shown))


def holdings_payloads_of(records: Sequence[SourceRecord]) -> dict[int, list[Payload]]:
    """By the id of the title's record: what was joined to it from elsewhere. One query."""
    found: dict[int, list[Payload]] = defaultdict(list)
    joined = HoldingsRecord.objects.filter(record__in=[record.pk for record in records])
    for title, raw, format in joined.order_by("identifier").values_list("record_id", "raw", "raw_format"):
        if title:
            found[title].append((zlib.decompress(bytes(raw)), format))
    return found


@dataclass(frozen=True, slots=True)
class BriefHolding:
    """As much of a holding as it takes to count and to order; a title may have thousands."""

    library_id: int
    status: str
    available_count: int | None
    coverage: list[dict[str, Any]]


def holdings_brief(edition: Edition) -> list[BriefHolding]:
    """All that members hold of the edition. One query."""
    rows = Holding.objects.filter(edition=edition, library__status__in=SHOWN_LIBRARIES)
    fields = rows.order_by().values_list("library_id", "status", "available_count", "coverage")
    return [BriefHolding(*row) for row in fields]


def holdings_at(edition: Edition, libraries: Sequence[int]) -> dict[int, list[Holding]]:
    """By library: its holdings with the number of their records, in order of their shelves. Two queries."""
    rows = Holding.objects.filter(edition=edition, library__in=libraries).select_related("record")
    rows = rows.only(*_SHOWN, "record__identifier").order_by("location", "call_number", "id")
    found: dict[int, list[Holding]] = defaultdict(list)
    by_id = Library.objects.in_bulk(libraries)
    for row in rows:
        row.library = by_id[row.library_id]
        found[row.library_id].append(row)
    return found


def item_dates(holdings: Sequence[Holding]) -> dict[int, datetime]:
    """By the id of the holding: when the first of its lent copies is due. Past days too. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [[holding.pk for holding in holdings]])
        return dict(cursor.fetchall())
