"""Reading the catalogue: editions, holdings, figures; sources and runs in the scope their name says."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import QuerySet, Sum
from django.http import Http404

from catalog.choices import LIVE_RUNS, SHOWN_LIBRARIES
from catalog.harvesting.pages import JOINT
from catalog.models import Edition, Holding, RejectedRecord, Run, Source, SourceRecord
from members.choices import LibraryStatus
from members.models import Library
from members.permissions import Capability
from network_portal.core.actor import Actor

FIGURES_SECONDS = 300


@dataclass(frozen=True)
class NetworkFigures:
    libraries: int
    titles: int
    copies: int


@dataclass(frozen=True)
class SourceHealth:
    source: Source
    last_run: Run | None


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


def sources_visible_to(actor: Actor) -> QuerySet[Source]:
    """The own library's sources; all of them for whoever runs the network."""
    sources = Source.objects.select_related("library")
    return (
        sources if actor.can(Capability.NETWORK_MANAGE) else sources.filter(library_id=actor.library_id or 0)
    )


def sources_with_health(actor: Actor) -> list[SourceHealth]:
    """The visible sources, each with its latest run, in two queries."""
    sources = list(sources_visible_to(actor))
    runs = Run.objects.filter(source__in=sources).order_by("source_id", "-id").distinct("source_id")
    latest = {run.source_id: run for run in runs}
    return [SourceHealth(source, latest.get(source.pk)) for source in sources]


def runs_visible_to(actor: Actor) -> QuerySet[Run]:
    runs = Run.objects.select_related("source__library")
    if not actor.can(Capability.NETWORK_MANAGE):
        runs = runs.filter(source__library_id=actor.library_id or 0)
    return runs


def access_source(actor: Actor, pk: int) -> Source:
    """A source of the actor's scope. Raises Http404."""
    source = sources_visible_to(actor).filter(pk=pk).first()
    if source is None:
        raise Http404
    return source


def access_run(actor: Actor, pk: int) -> Run:
    """A run of the actor's scope. Raises Http404."""
    run = runs_visible_to(actor).filter(pk=pk).first()
    if run is None:
        raise Http404
    return run


def runs_of(source: Source, limit: int = 20) -> QuerySet[Run]:
    return Run.objects.filter(source=source).order_by("-id")[:limit]


def live_run_of(source: Source) -> Run | None:
    return Run.objects.filter(source=source, status__in=LIVE_RUNS).first()


def is_latest_run(run: Run) -> bool:
    return not Run.objects.filter(source_id=run.source_id, pk__gt=run.pk).exists()


def rejects_of(run: Run) -> QuerySet[RejectedRecord]:
    return RejectedRecord.objects.filter(run=run).order_by("position")


def libraries_for_sources(actor: Actor) -> QuerySet[Library]:
    """Libraries for which the actor may set up a source."""
    libraries = Library.objects.exclude(status=LibraryStatus.LEFT)
    return libraries if actor.can(Capability.NETWORK_MANAGE) else libraries.filter(pk=actor.library_id or 0)
