"""By when whoever must act should have acted: in the working hours and time zone of the library whose turn it is."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from loans.choices import Level
from loans.models import Delivery, Request, SupplyAttempt
from loans.netsettings import HOLD_SHELF_DAYS
from loans.workflow.states import state_of
from loans.workflow.vocabulary import Clock, Side
from members.calendars import HORIZON_DAYS, Calendar, add_working_hours, calendar_of, closing_on_or_after
from members.choices import ClaimMode, ServiceKind
from members.models import Library, LibraryPolicy, Network, TransitTime
from network_portal.core.errors import RuleViolation

# Days a parcel travels where neither the two libraries nor their network say otherwise.
TRANSIT_DAYS = 3
# Beside the way itself: time to unpack, and on the way back time to hand it to the post.
BESIDE_TRANSIT = {"shipped": 2, "sent_back": 5}


def deadline_for(
    request: Request,
    attempt: SupplyAttempt | None,
    *,
    now: datetime | None = None,
    desk: int | None = None,
    times: int = 1,
) -> datetime | None:
    """The deadline of the state the request is in; None where nobody must act (terminal, or the portal at work).

    `desk`: the coordinator's or deputy's library, where a guided network's desk has the request. `times`: the same
    clock so many times over, for when the portal gives up.
    """
    state = state_of(request.status)
    if state.clock is None:
        return None
    calendar = calendar_of(_acting(request, attempt, state.side, desk))
    start = now or timezone.now()
    day = calendar.local_day(start)
    if state.clock.until == "due":
        # Without a due date whoever holds it has until tomorrow: this evening's closing may have passed already.
        return end_of_day(calendar, request.due_on or day + timedelta(days=1))
    if state.clock.until in ("link", "purge"):
        told = _of_delivery(attempt, state.clock.until)
        return told or start + timedelta(days=state.clock.of(request.level))
    if attempt is not None and state.code in BESIDE_TRANSIT:
        return end_of_day(calendar, _arrival(request, attempt, day))
    if state.clock.until == "hold":
        return end_of_day(calendar, day + timedelta(days=hold_shelf_days(request.requesting_library_id)))
    if state.clock.unit == "days":
        return end_of_day(calendar, day + timedelta(days=times * state.clock.of(request.level)))
    return _after_hours(calendar, start, request, state.clock, times)


def _acting(request: Request, attempt: SupplyAttempt | None, side: Side, desk: int | None) -> int:
    """The library in whose working hours the clock of the state runs."""
    if side is Side.SUPPLYING and attempt is not None:
        return attempt.supplier_id
    if side is Side.COORDINATOR and desk is not None:
        return desk
    return request.requesting_library_id


def own_hours(request: Request) -> int | None:
    """Hours of work that the request's network sets itself for the state and level; None: the table's count."""
    if request.network_id is None or request.network is None:
        return None
    own = request.network.timers.get(request.status, {}).get(request.level)
    if own is None and request.status == "offered" and request.network.claim_mode == ClaimMode.OFFERS:
        own = request.network.offer_hours
    return None if own is None else int(own)


def end_of_day(calendar: Calendar, day: date) -> datetime:
    """When the library closes on that day, or on the next day it is open.

    A library that is closed for good still gets a deadline, so that what waits there turns up as late.
    """
    try:
        return closing_on_or_after(calendar, day)
    except RuleViolation:
        return datetime.combine(day + timedelta(days=HORIZON_DAYS), datetime.min.time(), tzinfo=calendar.zone)


def transit_days(from_library_id: int, to_library_id: int) -> int:
    """Days a parcel travels: the pair's own time, or the home network's of who sends it, or three."""
    pair = TransitTime.objects.filter(from_library_id=from_library_id, to_library_id=to_library_id)
    if (days := pair.values_list("days", flat=True).first()) is not None:
        return days
    home = Network.objects.filter(members__library_id=from_library_id, members__is_home=True)
    return home.values_list("transit_days", flat=True).first() or TRANSIT_DAYS


def hold_shelf_days(library_id: int) -> int:
    """How long a library keeps what waits for its reader."""
    policy = LibraryPolicy.objects.filter(library_id=library_id, service=ServiceKind.LOAN)
    return policy.values_list("hold_shelf_days", flat=True).first() or HOLD_SHELF_DAYS.now()


def due_default(attempt: SupplyAttempt) -> date:
    """When the item should be back at the supplying library: its loan period, and the days of the way both ways."""
    supplier, asker = attempt.supplier, attempt.request.requesting_library_id
    way = transit_days(supplier.pk, asker) + transit_days(asker, supplier.pk)
    return timezone.localdate(timezone=ZoneInfo(supplier.time_zone)) + timedelta(
        days=supplier.loan_days + way
    )


def due_for_patron(attempt: SupplyAttempt, requesting_library: Library) -> date:
    """The reader's due date: early enough for the way back, yet never before tomorrow."""
    tomorrow = timezone.localdate(timezone=ZoneInfo(requesting_library.time_zone)) + timedelta(days=1)
    if attempt.due_on is None:
        return tomorrow + timedelta(days=attempt.supplier.loan_days - 1)
    back = transit_days(requesting_library.pk, attempt.supplier_id)
    return max(tomorrow, attempt.due_on - timedelta(days=back))


def attempt_deadline(request: Request, attempt: SupplyAttempt) -> datetime | None:
    """What the supplying library watches: its own next act, or while the item is out, the day it is due back."""
    if attempt.closed_at is not None:
        return None
    if state_of(request.status).side is Side.SUPPLYING or attempt.due_on is None:
        return request.deadline_at
    return end_of_day(calendar_of(attempt.supplier_id), attempt.due_on)


def _after_hours(calendar: Calendar, start: datetime, request: Request, clock: Clock, times: int) -> datetime:
    """So many hours of work later. Whoever is not in a hurry has until the closing of that day, unless the network's
    own hours say otherwise: nobody plans by the half hour."""
    own = own_hours(request)
    hours = times * (clock.of(request.level) if own is None else own)
    try:
        moment = add_working_hours(calendar, start, hours)
    except RuleViolation:
        return end_of_day(calendar, calendar.local_day(start))
    if own is None and request.level == Level.NORMAL:
        return end_of_day(calendar, calendar.local_day(moment))
    return moment


def _of_delivery(attempt: SupplyAttempt | None, until: str) -> datetime | None:
    """When a copy's link runs out, or its file goes."""
    if attempt is None or attempt.pk is None:
        return None
    column = "expires_at" if until == "link" else "purge_at"
    return Delivery.objects.filter(attempt=attempt).values_list(column, flat=True).first()


def _arrival(request: Request, attempt: SupplyAttempt, sent: date) -> date:
    """When a parcel should have been unpacked: out to the reader's library, or home to the lending one."""
    ends = (attempt.supplier_id, request.requesting_library_id)
    way = ends if request.status == "shipped" else ends[::-1]
    return sent + timedelta(days=transit_days(*way) + BESIDE_TRANSIT[request.status])
