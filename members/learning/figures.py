"""Who learned how much: people and hours by sending library, programmes and hours by host."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, Sum
from django.utils.translation import gettext as _

from members.choices_learning import ProgrammeStatus
from members.models import Attendance, Internship, Library, Programme, ProgrammeSession

LENGTH = ExpressionWrapper(F("session__ends_at") - F("session__starts_at"), output_field=DurationField())
OWN_LENGTH = ExpressionWrapper(F("ends_at") - F("starts_at"), output_field=DurationField())


@dataclass(frozen=True)
class LibraryFigures:
    """One library's year: what it gave, and what its people learned elsewhere and at home."""

    library: Library
    given: int = 0
    hours_given: float = 0
    people: int = 0
    programmes: int = 0
    hours: float = 0


# Orders of the table of libraries; the usual one comes first.
ORDERS = {
    "": lambda row: (-row.hours, row.library.name),
    "library": lambda row: row.library.name,
    "people": lambda row: (-row.people, row.library.name),
    "given": lambda row: (-row.given, row.library.name),
}


def order_labels() -> list[tuple[str, str]]:
    labels = (
        _("Most hours learned first"),
        _("By library"),
        _("Most people first"),
        _("Most programmes given first"),
    )
    return list(zip(ORDERS, labels, strict=True))


def in_order(rows: list[LibraryFigures], asked: str) -> list[LibraryFigures]:
    return sorted(rows, key=ORDERS.get(asked, ORDERS[""]))


def figures_of_year(year: int) -> list[LibraryFigures]:
    """Every library that gave or learned something. Four queries, however many there are."""
    took = _rows(
        Attendance.objects.filter(session__starts_at__year=year)
        .values(key=F("registration__library_id"))
        .annotate(people=Count("registration__user", distinct=True),
                  programmes=Count("session__programme", distinct=True), length=Sum(LENGTH))
    )  # fmt: skip
    stays = _rows(
        Internship.objects.filter(ends_on__year=year, reached=True)
        .values(key=F("registration__library_id"))
        .annotate(people=Count("pk"), hours=Sum("hours"))
    )
    held = Q(programme__status__in=(ProgrammeStatus.OPEN, ProgrammeStatus.DONE))
    gave = _rows(
        ProgrammeSession.objects.filter(held, starts_at__year=year)
        .values(key=F("programme__host_id"))
        .annotate(given=Count("programme", distinct=True), length=Sum(OWN_LENGTH))
    )
    libraries = Library.objects.in_bulk([*took, *stays, *gave])
    return [
        LibraryFigures(
            library=library,
            given=gave.get(pk, {}).get("given", 0), hours_given=_hours(gave.get(pk, {}).get("length")),
            people=took.get(pk, {}).get("people", 0) + stays.get(pk, {}).get("people", 0),
            programmes=took.get(pk, {}).get("programmes", 0) + stays.get(pk, {}).get("people", 0),
            hours=_hours(took.get(pk, {}).get("length")) + float(stays.get(pk, {}).get("hours") or 0),
        )
        for pk, library in libraries.items()
    ]  # fmt: skip


def kinds_of_year(year: int) -> list[tuple[str, int]]:
    """How many programmes of each kind were held."""
    found = (
        Programme.objects.filter(status__in=(ProgrammeStatus.OPEN, ProgrammeStatus.DONE))
        .filter(Q(sessions__starts_at__year=year) | Q(registrations__internship__ends_on__year=year))
        .values("kind").annotate(n=Count("pk", distinct=True)).order_by("-n")
    )  # fmt: skip
    return [(row["kind"], row["n"]) for row in found]


def _rows(found: Any) -> dict[int, dict[str, Any]]:
    return {row["key"]: row for row in found}


def _hours(length: timedelta | None) -> float:
    return round(length.total_seconds() / 3600, 1) if length else 0.0
