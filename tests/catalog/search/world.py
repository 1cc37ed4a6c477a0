"""Editions and holdings in the database, a few at a time, for tests of the indexer and the pages."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from catalog.choices import ItemStatus
from catalog.matching.works import work_key
from catalog.models import DirtyEdition, Edition, Holding, Source, SourceRecord
from members.models import Library


def library(code: str, name: str = "", **more: Any) -> Library:
    values = {"name": name or f"Perpustakaan {code}", "city": "Bandung", "library_type": "public", **more}
    return Library.objects.get_or_create(short_code=code, defaults=values)[0]


def edition(title: str, author: str = "", *, held_by: tuple[Library, ...] = (), **more: Any) -> Edition:
    """An edition as the pipeline would leave it, with its outbox row."""
    now = timezone.now()
    display = {"title": title, "contributors": [{"name": author, "role": "author"}] if author else [],
               **more.pop("display", {})}  # fmt: skip
    made = Edition.objects.create(
        title=title, author=author, display=display, work_key=work_key(display),
        **{"language": "ind", "year": 2005, "record_count": 1, "library_count": len(held_by), "created_at": now,
           "changed_at": now, **more},
    )  # fmt: skip
    for place in held_by:
        holding(made, place)
    mark_dirty(made)
    return made


def holding(of: Edition, place: Library, **more: Any) -> Holding:
    source, _ = Source.objects.get_or_create(library=place, name="Katalog")
    now = timezone.now()
    identifier = f"{place.short_code}-{of.pk}-{of.records.count()}"
    record = SourceRecord.objects.create(
        source=source, identifier=identifier, edition=of, raw=b"", raw_format="iso2709",
        content_hash=b"0" * 16, first_seen_at=now, changed_at=now, draft=of.display,
    )  # fmt: skip
    values = {
        "status": ItemStatus.AVAILABLE,
        "available_count": 1,
        "call_number": "899.221 HIR l",
        "as_of": now,
    }
    return Holding.objects.create(edition=of, library=place, record=record, **{**values, **more})


def mark_dirty(*editions: Edition) -> None:
    DirtyEdition.objects.bulk_create([DirtyEdition(edition_id=made.pk) for made in editions])
