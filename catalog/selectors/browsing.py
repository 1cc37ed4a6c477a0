"""Reading the A–Z lists, new titles and serials, page by page from a place in their order: never by counting past rows.

Used by catalog.views.{browse,new_titles,serials}.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from catalog.browsing.extract import sort_key
from catalog.choices import SHOWN_LIBRARIES, HeadingKind
from catalog.models import Edition, Heading, HeadingUse, Holding, NewTitle
from members.models import Library

PAGE = 40
Place = tuple[str, int]  # of a heading in its list: what it is filed under, and its id


@dataclass(frozen=True)
class Lines:
    """A page of headings, and where the pages before and after it begin; None at the ends."""

    rows: list[Heading]
    before: Place | None
    after: Place | None


def headings_from(kind: str, typed: str, size: int = PAGE) -> Lines:
    """From the first heading that is filed where `typed` would be."""
    return headings_after(kind, (sort_key(typed, kind=kind), 0), size)


def headings_after(kind: str, place: Place, size: int = PAGE) -> Lines:
    rows = list(_beyond(kind, place)[: size + 1])
    has_more, rows = len(rows) > size, rows[:size]
    start = _place(rows[0]) if rows else place
    return Lines(
        rows, start if _before(kind, start).exists() else None, _place(rows[-1]) if has_more else None
    )


def headings_before(kind: str, place: Place, size: int = PAGE) -> Lines:
    rows = list(_before(kind, place).order_by("-sort", "-id")[:size])[::-1]
    return headings_after(kind, (rows[0].sort, rows[0].pk - 1) if rows else ("", 0), size)


def _beyond(kind: str, place: Place) -> QuerySet[Heading]:
    later = Q(sort__gt=place[0]) | Q(sort=place[0], id__gt=place[1])
    return Heading.objects.filter(later, kind=kind, sort__gte=place[0], count__gt=0).order_by("sort", "id")


def _before(kind: str, place: Place) -> QuerySet[Heading]:
    earlier = Q(sort__lt=place[0]) | Q(sort=place[0], id__lt=place[1])
    return Heading.objects.filter(earlier, kind=kind, sort__lte=place[0], count__gt=0)


def _place(heading: Heading) -> Place:
    return heading.sort, heading.pk


def editions_of_headings(headings: Sequence[Heading]) -> dict[int, int]:
    """Of headings with one title: that edition."""
    single = [heading.pk for heading in headings if heading.count == 1]
    return dict(HeadingUse.objects.filter(heading__in=single).values_list("heading_id", "edition_id"))


@dataclass(frozen=True)
class SerialHeld:
    edition: Edition
    holdings: list[tuple[Library, list[Holding]]]


def serials_under(headings: Sequence[Heading]) -> dict[int, list[SerialHeld]]:
    """By heading: its serials, each with what every library says it has. Three statements for a page."""
    uses = HeadingUse.objects.filter(heading__in=[heading.pk for heading in headings])
    pairs = list(uses.order_by("heading_id", "edition_id").values_list("heading_id", "edition_id"))
    editions = Edition.objects.in_bulk([edition_id for _heading, edition_id in pairs])
    held: dict[int, dict[Library, list[Holding]]] = defaultdict(lambda: defaultdict(list))
    holdings = Holding.objects.filter(edition__in=editions, library__status__in=SHOWN_LIBRARIES)
    for holding in holdings.select_related("library").order_by("library__name", "id"):
        held[holding.edition_id][holding.library].append(holding)
    found: dict[int, list[SerialHeld]] = defaultdict(list)
    for heading_id, edition_id in pairs:
        if edition_id in editions and held[edition_id]:
            found[heading_id].append(SerialHeld(editions[edition_id], list(held[edition_id].items())))
    return found


def all_serials() -> Iterator[tuple[Heading, SerialHeld]]:
    """The whole union list in its order, read in pages."""
    place: Place | None = ("", 0)
    while place is not None:
        lines = headings_after(HeadingKind.SERIAL, place, 500)
        direct = [heading for heading in lines.rows if not heading.see]
        under = serials_under(direct)
        yield from ((heading, held) for heading in direct for held in under.get(heading.pk, []))
        place = lines.after


@dataclass(frozen=True)
class News:
    rows: list[tuple[NewTitle, Edition]]
    after: tuple[datetime, int] | None


def new_titles(library: Library | None, after: tuple[datetime, int] | None = None, size: int = PAGE) -> News:
    """The latest first: of one library, or what nobody in the network had before."""
    news = NewTitle.objects.filter(library=library) if library else NewTitle.objects.filter(is_first=True)
    if after:
        news = news.filter(Q(seen_at__lt=after[0]) | Q(seen_at=after[0], edition_id__lt=after[1]))
    rows = list(news.select_related("library").order_by("-seen_at", "-edition_id")[: size + 1])
    editions = Edition.objects.in_bulk([row.edition_id for row in rows])
    shown = [(row, editions[row.edition_id]) for row in rows[:size] if row.edition_id in editions]
    last = rows[size - 1] if len(rows) > size else None
    return News(shown, (last.seen_at, last.edition_id) if last else None)


def libraries_with_news() -> QuerySet[Library]:
    return Library.objects.filter(status__in=SHOWN_LIBRARIES).order_by("name")
