"""Editions with the records under them, for files of many; and single records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.db.models import QuerySet

from catalog.matching.merge import MAX_SOURCES
from catalog.models import Edition, SourceRecord

PAGE = 50  # editions that are in memory at once


def living_record(pk: int) -> SourceRecord | None:
    """With its edition, source and library; None where it is gone or stands under nothing."""
    return _living().select_related("edition").filter(pk=pk, edition__isnull=False).first()


def _living() -> QuerySet[SourceRecord]:
    return SourceRecord.objects.filter(deleted_at=None, record_type="bib").select_related("source__library")


def editions_with_records(ids: Sequence[int]) -> Iterator[tuple[Edition, list[SourceRecord]]]:
    """In the order of the ids; two queries a page. Those that are gone or were merged into another are left out."""
    for start in range(0, len(ids), PAGE):
        wanted = ids[start : start + PAGE]
        editions = Edition.objects.filter(pk__in=wanted, merged_into=None).in_bulk()
        under: dict[int, list[SourceRecord]] = defaultdict(list)
        for record in _living().filter(edition__in=editions).defer("features").order_by("id"):
            if record.edition_id is not None and len(under[record.edition_id]) < MAX_SOURCES:
                under[record.edition_id].append(record)
        yield from ((editions[pk], under[pk]) for pk in dict.fromkeys(wanted) if pk in editions and under[pk])
