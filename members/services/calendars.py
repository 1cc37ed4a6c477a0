"""When a library works and when it is closed: set by its manager, the days for everybody by the coordinator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from itertools import pairwise

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from members.access import belongs_to
from members.models import ClosedDay, Library, WorkingHours
from members.permissions import Capability, require
from network_portal.core import audit, events
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation

# Published after commit with library_id (None: every library); loans reckons open deadlines anew.
CALENDAR_CHANGED = "members.calendar.changed"
LONGEST = timedelta(days=400)


@transaction.atomic
def hours_set(*, library: Library, actor: Actor, week: Mapping[int, Sequence[tuple[time, time]]]) -> None:
    """Replace the library's working hours: weekday (Monday is 0) to stretches. Without any it has the usual week.

    Raises PermissionDenied, RuleViolation `hours_order` (closes before it opens) or `hours_overlap`.
    """
    _check(library, actor)
    for stretches in week.values():
        ordered = sorted(stretches)
        if any(closes <= opens for opens, closes in ordered):
            raise RuleViolation("hours_order", _("The closing time has to be later than the opening time."))
        if any(first[1] > second[0] for first, second in pairwise(ordered)):
            raise RuleViolation("hours_overlap", _("Two times of one day overlap."))
    WorkingHours.objects.filter(library=library).delete()
    WorkingHours.objects.bulk_create(
        WorkingHours(library=library, weekday=weekday, opens=opens, closes=closes)
        for weekday, stretches in week.items()
        for opens, closes in sorted(stretches)
    )
    audit.record("members.calendar.hours", actor=actor, target=library)
    events.publish(CALENDAR_CHANGED, library_id=library.pk)


@transaction.atomic
def closed_day_add(*, library: Library | None, actor: Actor, day: date, until: date, name: str) -> ClosedDay:
    """Close a library, or with None every library, from `day` to `until`.

    Raises PermissionDenied, RuleViolation `closed_order`, `closed_too_long` (over 400 days) or `closed_twice`.
    """
    _check(library, actor)
    if until < day:
        raise RuleViolation("closed_order", _("The last day has to be the first one or later."))
    if until - day > LONGEST:
        raise RuleViolation("closed_too_long", _("That is more than a year. Please check the dates."))
    row = ClosedDay(library=library, day=day, until=until, name=name.strip()[:120], year=day.year)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise RuleViolation("closed_twice", _("This closed day is in the list already.")) from error
    _told("members.calendar.closed", row, actor)
    return row


@transaction.atomic
def holidays_take(*, year: int, days: Sequence[tuple[date, date, str]], actor: Actor) -> int:
    """Close every library on these holidays of the year; those in the list already stay. Returns how many are new.

    Raises PermissionDenied, RuleViolation `holiday_year` where a day is not of that year, or `closed_order`.
    """
    require(actor, Capability.NETWORK_MANAGE)
    rows = []
    for day, until, name in days:
        if day.year != year:
            raise RuleViolation("holiday_year", _("Please give days of %(year)s.") % {"year": year})
        if until < day:
            raise RuleViolation("closed_order", _("The last day has to be the first one or later."))
        if not ClosedDay.objects.filter(library=None, year=year, name=name[:120]).exists():
            rows.append(ClosedDay(library=None, day=day, until=until, name=name[:120], year=year))
    ClosedDay.objects.bulk_create(rows)
    if rows:
        audit.record("members.calendar.holidays", actor=actor, data={"year": year, "count": len(rows)})
        events.publish(CALENDAR_CHANGED, library_id=None)
    return len(rows)


@transaction.atomic
def closed_day_remove(*, closed_day: ClosedDay, actor: Actor) -> None:
    """Take a closed day back. Raises PermissionDenied."""
    _check(closed_day.library, actor)
    _told("members.calendar.opened", closed_day, actor)
    closed_day.delete()


def _check(library: Library | None, actor: Actor) -> None:
    if library is None:
        require(actor, Capability.NETWORK_MANAGE)
        return
    require(actor, Capability.LIBRARY_EDIT)
    if not belongs_to(actor, library.pk):
        raise RuleViolation("other_library", _("You can only change your own library's calendar."))


def _told(code: str, row: ClosedDay, actor: Actor) -> None:
    data = {"day": row.day.isoformat(), "until": row.until.isoformat(), "name": row.name}
    audit.record(code, actor=actor, target=row.library, data=data)
    events.publish(CALENDAR_CHANGED, library_id=row.library_id)
