"""Reading who holds what others hold: the newest report, and the editions that only one library has."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from catalog.choices import SHOWN_LIBRARIES
from catalog.models import Edition, Holding, OverlapReport
from members.models import Library
from network_portal.core.actor import Actor


def overlap_newest() -> OverlapReport | None:
    return OverlapReport.objects.first()


def unique_editions_of(library: Library) -> QuerySet[Edition]:
    """What readers would find nowhere else: editions that the library has and no other whose holdings are shown."""
    here = Holding.objects.filter(library=library).values("edition_id")
    shown = Library.objects.filter(status__in=SHOWN_LIBRARIES).exclude(pk=library.pk).values("pk")
    elsewhere = Holding.objects.filter(edition=OuterRef("pk"), library__in=shown)
    editions = Edition.objects.filter(pk__in=here, merged_into=None).exclude(Exists(elsewhere))
    return editions.defer("display").order_by("title", "id")


def library_names() -> dict[int, Library]:
    return Library.objects.in_bulk()


def library_of(actor: Actor) -> Library | None:
    """The library for which the actor works."""
    return Library.objects.filter(pk=actor.library_id or 0).first()
