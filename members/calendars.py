"""Reckoning in a library's working hours: in its own time zone, around closed days, and across changes of the clock.

Pure over a loaded `Calendar`; `calendar_of` and `calendars_of` load them. loans reckons deadlines with it, pages tell
when a library is open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone as django_timezone
from django.utils.translation import gettext as _

from members.models import ClosedDay, Library, WorkingHours
from network_portal.core.errors import RuleViolation

UTC = timezone.utc
Stretch = tuple[time, time]
Week = tuple[tuple[Stretch, ...], ...]
# Of a library that has not said when it works: Monday to Friday, 8 to 16.
DEFAULT_WEEK: Week = (*(((time(8), time(16)),),) * 5, (), ())
# A library without one open hour for so long is taken to be closed for good.
HORIZON_DAYS = 60
# Closed days are loaded so far back and ahead.
BACK, AHEAD = timedelta(days=400), timedelta(days=800)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Calendar:
    zone: ZoneInfo
    week: Week = DEFAULT_WEEK
    closed: frozenset[date] = frozenset()

    def local_day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def openings(self, day: date) -> list[tuple[datetime, datetime]]:
        """The stretches of a day as moments in UTC, in order, none of them empty and no two overlapping."""
        if day in self.closed:
            return []
        found: list[tuple[datetime, datetime]] = []
        for opens, closes in self.week[day.weekday()]:
            start, end = _moment(day, opens, self.zone), _moment(day, closes, self.zone)
            if found:
                start = max(start, found[-1][1])
            if end > start:
                found.append((start, end))
        return found


def add_working_hours(calendar: Calendar, start: datetime, hours: Decimal | int) -> datetime:
    """The moment at which so many hours of work have passed since `start`, in UTC.

    Raises RuleViolation `calendar_closed` when the library does not open for HORIZON_DAYS.
    """
    left = _span(hours)
    moment = start.astimezone(UTC)
    if not left:
        return moment
    for opened, closed in _open_from(calendar, moment):
        available = closed - opened
        if left <= available:
            return opened + left
        left -= available
    raise AssertionError("openings never end without an error")


def working_hours_between(calendar: Calendar, start: datetime, end: datetime) -> Decimal:
    """Hours of work between two moments; 0 when they are the wrong way round."""
    total, day = timedelta(), calendar.local_day(start)
    while day <= calendar.local_day(end):
        for opened, closed in calendar.openings(day):
            total += max(timedelta(), min(closed, end) - max(opened, start))
        day += timedelta(days=1)
    return Decimal(total // timedelta(microseconds=1)) / Decimal(HOUR // timedelta(microseconds=1))


def is_open(calendar: Calendar, at: datetime) -> bool:
    return any(opened <= at < closed for opened, closed in calendar.openings(calendar.local_day(at)))


def next_opening(calendar: Calendar, at: datetime) -> datetime:
    """When the library next works: now if it is open. Raises RuleViolation `calendar_closed` as above."""
    opened, _closed = next(_open_from(calendar, at.astimezone(UTC)))
    return opened


def closing_on_or_after(calendar: Calendar, day: date) -> datetime:
    """The last closing of `day`, or of the first open day after it: when something due that day is late."""
    midnight = _moment(day, time(0), calendar.zone)
    opened, _closed = next(_open_from(calendar, midnight))
    return calendar.openings(calendar.local_day(opened))[-1][1]


def _open_from(calendar: Calendar, start: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Stretches of work from `start` on, the first one cut to what is left of it; raises when there are none."""
    day, idle = calendar.local_day(start), 0
    while idle <= HORIZON_DAYS:
        idle += 1
        for opened, closed in calendar.openings(day):
            if closed > start:
                idle = 0
                yield max(opened, start), closed
        day += timedelta(days=1)
    raise RuleViolation(
        "calendar_closed",
        _("The library has no open hour in the next %(days)s days.") % {"days": HORIZON_DAYS},
    )


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """A wall-clock time as a moment. One that the clock skips is the moment at which it skips."""
    wall = datetime.combine(day, at, tzinfo=zone)
    moment = wall.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return moment
    return _change_between(wall.replace(fold=1).astimezone(UTC), moment, zone)


def _change_between(early: datetime, late: datetime, zone: ZoneInfo) -> datetime:
    """The moment between the two at which the zone's offset changes, to the second."""
    before = early.astimezone(zone).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) / 2
        if middle.astimezone(zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late.replace(microsecond=0)


def _span(hours: Decimal | int) -> timedelta:
    return timedelta(microseconds=int(Decimal(hours) * 3_600_000_000))


# --- loading ----------------------------------------------------------------------------------------------

_remembered: ContextVar[dict[int, Calendar] | None] = ContextVar("calendars", default=None)


@contextmanager
def calendars_remembered() -> Iterator[None]:
    """Within this block each library's calendar is loaded once: for a tick of the clock, one page, or one step."""
    if _remembered.get() is not None:  # whoever is around it remembers already
        yield
        return
    token = _remembered.set({})
    try:
        yield
    finally:
        _remembered.reset(token)


def calendar_of(library_id: int) -> Calendar:
    return calendars_of([library_id])[library_id]


def calendars_of(library_ids: Iterable[int]) -> dict[int, Calendar]:
    """The calendars of several libraries in three queries, however many they are."""
    wanted = set(library_ids)
    memory = _remembered.get()
    known = {pk: memory[pk] for pk in wanted if pk in memory} if memory is not None else {}
    if missing := wanted - known.keys():
        loaded = _load(missing)
        if memory is not None:
            memory.update(loaded)
        known |= loaded
    return known


def _load(library_ids: set[int]) -> dict[int, Calendar]:
    zones = dict(Library.objects.filter(pk__in=library_ids).values_list("pk", "time_zone"))
    weeks: dict[int, list[list[Stretch]]] = {}
    hours = WorkingHours.objects.filter(library_id__in=library_ids).order_by("weekday", "opens")
    for library_id, weekday, opens, closes in hours.values_list("library_id", "weekday", "opens", "closes"):
        weeks.setdefault(library_id, [[] for _day in range(7)])[weekday].append((opens, closes))
    closed = _closed_days(library_ids)
    return {
        pk: Calendar(
            zone=ZoneInfo(zone),
            week=tuple(tuple(day) for day in weeks[pk]) if pk in weeks else DEFAULT_WEEK,
            closed=frozenset(closed[None] | closed[pk]),
        )
        for pk, zone in zones.items()
    }


def _closed_days(library_ids: set[int]) -> dict[int | None, set[date]]:
    """Single days out of the spans; those without a library are everybody's."""
    today = django_timezone.localdate()
    first, last = today - BACK, today + AHEAD
    rows = ClosedDay.objects.filter(
        Q(library_id__in=library_ids) | Q(library=None), until__gte=first, day__lte=last
    )
    found: dict[int | None, set[date]] = defaultdict(set)
    for library_id, day, until in rows.values_list("library_id", "day", "until"):
        start, end = max(day, first), min(until, last)
        found[library_id] |= {start + timedelta(days=n) for n in range((end - start).days + 1)}
    return found
