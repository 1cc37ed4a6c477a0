"""Reading member libraries."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from members.choices import LibraryStatus
from members.models import Library, WorkingHours
from members.permissions import Capability
from network_portal.core.actor import Actor

PUBLIC = (LibraryStatus.ACTIVE, LibraryStatus.SUSPENDED)


@dataclass(frozen=True)
class LibraryFigures:
    libraries: int
    cities: int


def libraries_visible_to(actor: Actor) -> QuerySet[Library]:
    """The public list: members and suspended ones; a coordinator sees also who joins and who left."""
    if actor.can(Capability.NETWORK_MANAGE):
        return Library.objects.all()
    return Library.objects.filter(Q(status__in=PUBLIC) | Q(pk=actor.library_id))


def library_visible_to(actor: Actor, code: str) -> Library:
    """One library by its code, any case. Raises Library.DoesNotExist."""
    return libraries_visible_to(actor).get(short_code=code.upper())


def libraries_open_to_readers() -> QuerySet[Library]:
    """Libraries a reader can choose as home library, by city and name."""
    return Library.objects.filter(status=LibraryStatus.ACTIVE).order_by("city", "name")


def city_counts() -> list[tuple[str, int]]:
    rows = Library.objects.filter(status__in=PUBLIC).values("city").annotate(n=Count("pk")).order_by("city")
    return [(row["city"], row["n"]) for row in rows]


def library_figures() -> LibraryFigures:
    """How many active members there are, in how many cities."""
    row = Library.objects.filter(status=LibraryStatus.ACTIVE).aggregate(
        libraries=Count("pk"), cities=Count("city", distinct=True)
    )
    return LibraryFigures(libraries=row["libraries"], cities=row["cities"])


def directory_libraries() -> QuerySet[Library]:
    """Who takes part now, by city and name."""
    return Library.objects.filter(status__in=PUBLIC).order_by("city", "name")


def directory_hours() -> QuerySet[WorkingHours]:
    return WorkingHours.objects.filter(library__status__in=PUBLIC)


def library_of(actor: Actor) -> Library:
    """The library somebody works for. Raises Library.DoesNotExist for who works for none."""
    return Library.objects.get(pk=actor.library_id or 0)


def libraries_taking_part() -> QuerySet[Library]:
    """Members and those that are joining, by name: who can be bound by an agreement."""
    return Library.objects.exclude(status=LibraryStatus.LEFT).order_by("name")
