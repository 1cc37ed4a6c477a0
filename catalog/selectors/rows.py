"""Reading stored records of one source for its own pages: rows of tables, samples, the place codes in use."""

from __future__ import annotations

import zlib

from django.db.models import Count, F

from catalog.models import Holding, Source, SourceRecord


def stored_rows(source: Source, limit: int) -> list[bytes]:
    """The first stored rows of a table, as kept."""
    records = SourceRecord.objects.filter(source=source, raw_format="table", deleted_at=None).order_by("id")
    return [zlib.decompress(bytes(raw)) for raw in records.values_list("raw", flat=True)[:limit]]


def sample_of(source: Source, limit: int) -> list[SourceRecord]:
    """Live records from all over the source, not only the oldest; the same ones each time."""
    live = SourceRecord.objects.filter(source=source, record_type="bib", deleted_at=None)
    total = live.count()
    if total <= limit:
        return list(live.order_by("id"))
    spread = live.alias(turn=F("id") % (total // limit)).filter(turn=0).order_by("id")
    ids = list(spread.values_list("pk", flat=True)[:limit])
    chosen = live.filter(pk__in=ids) if len(ids) >= limit // 2 else live
    return list(chosen.order_by("id")[:limit])


def places_of(source: Source, limit: int) -> list[tuple[str, int]]:
    """The places in which stored copies stand, with the number of records, the most frequent first."""
    counted = Holding.objects.filter(record__source=source).values("location").annotate(n=Count("id"))
    return [
        (row["location"], row["n"]) for row in counted.order_by("-n", "location")[:limit] if row["location"]
    ]
