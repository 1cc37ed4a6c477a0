"""Reading what happened to a library's membership."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery

from members.choices import LibraryStatus
from members.choices_standing import StandingKind
from members.models import Library, StandingChange


def standing_of(library: Library) -> list[StandingChange]:
    """Oldest first."""
    return list(StandingChange.objects.filter(library=library).order_by("at", "pk"))


def standing_last(library: Library) -> StandingChange | None:
    return StandingChange.objects.filter(library=library).order_by("-pk").first()


def away() -> list[StandingChange]:
    """The last change of every library that is suspended or leaving, who is due first on top. One query."""
    newest = Library.objects.filter(status=LibraryStatus.SUSPENDED).annotate(
        newest=Max("standing_changes__pk")
    )
    rows = StandingChange.objects.filter(pk__in=newest.values("newest")).select_related("library")
    return list(rows.order_by(F("last_day").asc(nulls_last=True), F("back_on").asc(nulls_last=True), "pk"))


def changes_due(today: date) -> list[StandingChange]:
    """Suspensions whose day of return has come, and announced days of leaving that have come."""
    back = Q(kind__in=(StandingKind.SUSPENDED, StandingKind.STAYS), back_on__lte=today)
    leaving = Q(kind=StandingKind.LEAVING, last_day__lte=today)
    due = {row.pk for row in away()}
    rows = StandingChange.objects.filter(back | leaving, pk__in=due).select_related("library")
    return list(rows.order_by("pk"))


def leaving_overdue(today: date) -> QuerySet[StandingChange]:
    """Announcements in force whose day is over: something still holds the library."""
    last = StandingChange.objects.filter(library=OuterRef("library")).order_by("-pk").values("pk")[:1]
    rows = StandingChange.objects.filter(pk=Subquery(last), kind=StandingKind.LEAVING, last_day__lt=today)
    return rows.filter(library__status=LibraryStatus.SUSPENDED)
