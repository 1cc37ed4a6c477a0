"""Reading sources and runs, in the scope that the selector's name says."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from catalog.choices import LIVE_RUNS
from catalog.models import RejectedRecord, Run, Source
from members.choices import LibraryStatus
from members.models import Library
from members.permissions import Capability
from network_portal.core.actor import Actor


def sources_visible_to(actor: Actor) -> QuerySet[Source]:
    """The own library's sources; all of them for whoever runs the network."""
    sources = Source.objects.select_related("library")
    return (
        sources if actor.can(Capability.NETWORK_MANAGE) else sources.filter(library_id=actor.library_id or 0)
    )


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


def rejects_of(run: Run) -> QuerySet[RejectedRecord]:
    return RejectedRecord.objects.filter(run=run).order_by("position")


def libraries_for_sources(actor: Actor) -> QuerySet[Library]:
    """Libraries for which the actor may set up a source."""
    libraries = Library.objects.exclude(status=LibraryStatus.LEFT)
    return libraries if actor.can(Capability.NETWORK_MANAGE) else libraries.filter(pk=actor.library_id or 0)
