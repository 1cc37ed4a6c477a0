"""A library's calendar as its page shows it."""

from __future__ import annotations

from datetime import time

from django.db.models import Q, QuerySet
from django.utils import timezone

from members.models import ClosedDay, Library, WorkingHours


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
