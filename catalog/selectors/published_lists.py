"""Reading what libraries publish: bibliographies, and who has serials and new titles to show."""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from catalog.choices import HeadingKind
from catalog.models import Heading, HeadingUse, Holding, NewTitle, PublishedList
from catalog.selectors.browsing import SerialHeld, serials_under
from members.models import Library


def published_lists(library: str = "") -> QuerySet[PublishedList]:
    """The newest first, with the number of `titles`."""
    rows = PublishedList.objects.filter(withdrawn_at=None).select_related("list", "library")
    if library:
        rows = rows.filter(library__short_code=library.upper())
    return rows.annotate(titles=Count("list__entries")).order_by("-published_at", "-pk")


def library_ways() -> QuerySet[Library]:
    """Active libraries, each saying whether it has serials and new titles to show."""
    uses = HeadingUse.objects.filter(heading__kind=HeadingKind.SERIAL, edition_id=OuterRef("edition_id"))
    serial = Holding.objects.filter(Exists(uses), library=OuterRef("pk"))
    return (
        Library.objects.filter(status="active")
        .annotate(
            has_serials=Exists(serial), has_news=Exists(NewTitle.objects.filter(library=OuterRef("pk")))
        )
        .filter(Q(has_serials=True) | Q(has_news=True))
        .order_by("name")
    )


def serial_headings_of(library: Library) -> QuerySet[Heading]:
    held = Holding.objects.filter(library=library).values("edition_id")
    uses = HeadingUse.objects.filter(heading=OuterRef("pk"), edition_id__in=held)
    return Heading.objects.filter(Exists(uses), kind=HeadingKind.SERIAL, count__gt=0).order_by("sort", "pk")


def serials_of(library: Library, headings: list[Heading]) -> dict[int, list[SerialHeld]]:
    """What this library alone has under these headings."""
    found = serials_under(headings)
    return {
        pk: [
            SerialHeld(one.edition, [pair for pair in one.holdings if pair[0].pk == library.pk])
            for one in serials
            if any(pair[0].pk == library.pk for pair in one.holdings)
        ]
        for pk, serials in found.items()
    }
