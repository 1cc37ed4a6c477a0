"""Whose record numbers may have changed: what was found after a run, and which sources another one may replace."""

from __future__ import annotations

from django.db.models import QuerySet

from catalog.choices import RunKind
from catalog.models import Run, Source, SourceRecord


def run_with_twins(source: Source) -> Run | None:
    """The run whose missing records came again under other numbers, while it waits for a word."""
    return (
        Run.objects.filter(source=source, deletes_held__gt=0, checkpoint__has_key="twins")
        .order_by("-pk")
        .first()
    )


def survey_of(source: Source, replaces: Source) -> Run | None:
    """The latest comparison of the two: still going on, or with what it found in checkpoint["found"]."""
    surveys = Run.objects.filter(source=source, kind=RunKind.SURVEY, checkpoint__replaces=replaces.pk)
    return surveys.order_by("-pk").first()


def replaceable_by(source: Source) -> QuerySet[Source]:
    """The library's other sources with records, which this one may replace."""
    others = Source.objects.filter(library=source.library_id, record_count__gt=0)
    return others.exclude(pk=source.pk).select_related("library").order_by("name", "pk")


def record_pairs(ids: list[tuple[int, int]]) -> list[tuple[SourceRecord, SourceRecord]]:
    """The records of these pairs that are still there."""
    records = SourceRecord.objects.in_bulk([number for pair in ids for number in pair])
    return [(records[old], records[new]) for old, new in ids if old in records and new in records]
