"""A library's calendar as its page shows it."""

from __future__ import annotations

from datetime import date, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from members.models import ClosedDay, Library, WorkingHours
from network_portal.core.models import JobRun

RECKONED = "loans.deadlines"  # the kind of job that reckons open deadlines anew after a change
# A coming year should have its holidays so long before it begins: deadlines reach into it.
LOOK_AHEAD = timedelta(days=120)


def closed_days(library: Library | None) -> QuerySet[ClosedDay]:
    """Closed days that are not over yet: the library's own, or with None those for everybody."""
    condition = Q(library=library) if library else Q(library=None)
    return ClosedDay.objects.filter(condition, until__gte=timezone.localdate()).select_related("library")


def own_hours(library: Library) -> dict[int, list[tuple[time, time]]]:
    """What the library set, by weekday; {} where the usual week applies."""
    found: dict[int, list[tuple[time, time]]] = {}
    for row in WorkingHours.objects.filter(library=library):
        found.setdefault(row.weekday, []).append((row.opens, row.closes))
    return found


def last_reckoning(library: Library | None) -> JobRun | None:
    """What came of the latest change: how many open deadlines moved."""
    return JobRun.objects.filter(kind=RECKONED, library_id=library.pk if library else None).first()


def holiday_year_missing(today: date) -> int | None:
    """The year, this one or the coming one, that has no day yet on which every library is closed."""
    years = (today.year, (today + LOOK_AHEAD).year)
    kept = set(ClosedDay.objects.filter(library=None, year__in=years).values_list("year", flat=True))
    return next((year for year in years if year not in kept), None)


def taken_holidays(year: int) -> set[str]:
    """Names of the days of a year that are in the list already."""
    return set(ClosedDay.objects.filter(library=None, year=year).values_list("name", flat=True))
