"""By when whoever must act should have acted: in that library's own time zone, at the end of its day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from loans.models import Request, SupplyAttempt
from loans.workflow.states import state_of
from loans.workflow.vocabulary import UNTIL_DUE, Days, Side
from members.models import Library

END_OF_DAY = time(17, 0)
SATURDAY = 5
# Days a parcel is reckoned to travel, one way: a loan's period starts when the book arrives.
TRANSIT_DAYS = 3


def deadline_for(
    request: Request, attempt: SupplyAttempt | None, *, now: datetime | None = None
) -> datetime | None:
    """The deadline of the state the request is in; None where nobody must act (terminal, or the portal at work)."""
    state = state_of(request.status)
    if state.lasts is None:
        return None
    library = attempt.supplier if state.side is Side.SUPPLYING and attempt else request.requesting_library
    zone = ZoneInfo(library.time_zone)
    if state.lasts is UNTIL_DUE:
        day = request.due_on or timezone.localdate(timezone=zone)
    else:
        day = add_days((now or timezone.now()).astimezone(zone).date(), state.lasts)
    return datetime.combine(day, END_OF_DAY, tzinfo=zone)


def add_days(start: date, days: Days) -> date:
    """`start` plus a number of days; working days skip Saturday and Sunday."""
    if not days.working:
        return start + timedelta(days=days.count)
    day, left = start, days.count
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < SATURDAY
    return day


def due_default(supplier: Library) -> date:
    """When the item should be back at the supplying library: its loan period, and the way there and back."""
    today = timezone.localdate(timezone=ZoneInfo(supplier.time_zone))
    return today + timedelta(days=supplier.loan_days + 2 * TRANSIT_DAYS)


def due_for_patron(attempt: SupplyAttempt, requesting_library: Library) -> date:
    """The reader's due date: early enough for the way back, yet never before tomorrow."""
    tomorrow = timezone.localdate(timezone=ZoneInfo(requesting_library.time_zone)) + timedelta(days=1)
    if attempt.due_on is None:
        return tomorrow + timedelta(days=attempt.supplier.loan_days - 1)
    return max(tomorrow, attempt.due_on - timedelta(days=TRANSIT_DAYS))


def attempt_deadline(request: Request, attempt: SupplyAttempt) -> datetime | None:
    """What the supplying library watches: its own next act, or while the item is out, the day it is due back."""
    if attempt.closed_at is not None:
        return None
    if state_of(request.status).side is Side.SUPPLYING or attempt.due_on is None:
        return request.deadline_at
    return datetime.combine(attempt.due_on, END_OF_DAY, tzinfo=ZoneInfo(attempt.supplier.time_zone))
