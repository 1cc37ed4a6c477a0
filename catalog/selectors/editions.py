"""Reading what was joined: editions, their holdings and records, the network's figures."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Count, QuerySet, Sum

from catalog.choices import SHOWN_LIBRARIES
from catalog.harvesting.pages import JOINT
from catalog.models import Edition, Holding, SourceRecord
from members.choices import LibraryStatus
from members.models import Library

FIGURES_SECONDS = 300


@dataclass(frozen=True)
class NetworkFigures:
    libraries: int
    titles: int
    copies: int


def edition_current(pk: int) -> Edition:
    """The edition that this id stands for today: merges are followed. Raises Edition.DoesNotExist."""
    edition = Edition.objects.select_related("merged_into").get(pk=pk)
    while edition.merged_into is not None:
        edition = edition.merged_into
    return edition


def holdings_of(edition: Edition) -> QuerySet[Holding]:
    """What members hold of the edition, by library."""
    holdings = Holding.objects.filter(edition=edition, library__status__in=SHOWN_LIBRARIES)
    return holdings.select_related("library", "record").order_by(
        "library__name", "location", "call_number", "id"
    )


def records_of(edition: Edition) -> QuerySet[SourceRecord]:
    """The live records that stand under the edition, oldest first."""
    records = SourceRecord.objects.filter(edition=edition, deleted_at=None)
    return records.select_related("source__library").order_by("id")


def payloads_of(record: SourceRecord) -> list[bytes]:
    """The record's bytes as received: the bib record first, then the holdings records that came with it."""
    return zlib.decompress(bytes(record.raw)).split(JOINT)


def newest_editions(limit: int = 12) -> QuerySet[Edition]:
    """The latest editions that somebody holds."""
    return Edition.objects.filter(merged_into=None, library_count__gt=0).order_by("-created_at", "-id")[
        :limit
    ]


def network_figures() -> NetworkFigures:
    """Active libraries, titles somebody holds, and copies; at most five minutes old."""
    figures: NetworkFigures | None = cache.get("catalog.figures")
    if figures is None:
        titles = Edition.objects.filter(merged_into=None, library_count__gt=0).count()
        copies = Holding.objects.aggregate(n=Sum("item_count"))["n"] or 0
        figures = NetworkFigures(Library.objects.filter(status=LibraryStatus.ACTIVE).count(), titles, copies)
        cache.set("catalog.figures", figures, FIGURES_SECONDS)
    return figures


def titles_of_libraries(ids: Sequence[int]) -> int:
    """Titles that at least one of these libraries holds. Seconds in a large catalogue: for the caller to remember."""
    held = Holding.objects.filter(library_id__in=ids)
    return int(held.aggregate(n=Count("edition_id", distinct=True))["n"])
