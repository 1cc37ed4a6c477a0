"""On what terms libraries lend to the reader's own one: read for the record page, in a constant number of statements.

What libraries really needed to answer is known one floor up; loans puts its function into ANSWER_HOURS.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from members.calendars import Calendar, add_working_hours, calendars_of, next_opening
from members.choices import ServiceKind
from members.models import DoNotRoute, Library, LibraryPolicy, NetworkMember, TransitTime
from network_portal.core.errors import RuleViolation

if TYPE_CHECKING:
    from decimal import Decimal

USUAL_HOURS = 16  # of work, to an answer, where nobody knows better: two days
USUAL_TRANSIT_DAYS = 3
LONG_CLOSED = timedelta(days=5)  # a weekend with a holiday beside it is no news
# (libraries, format) -> median working hours to an answer; those without enough answers are left out.
ANSWER_HOURS: list[Callable[[Collection[int], str], dict[int, Decimal]]] = []


@dataclass(frozen=True)
class Terms:
    """One library's side of a loan to the reader's library."""

    policy: LibraryPolicy
    arrives: date | None  # when it may be at the reader's library, asked for now; None: it never opens
    opens: date | None = None  # its next working day, where that is far off
    paused: bool = False  # takes no part in its network at the moment
    paused_until: date | None = None
    apart: str = (
        ""  # "never_ask": the reader's library does not ask it; "never_serve": it does not lend there
    )


def terms_of(libraries: Collection[Library], near_library_id: int | None, kind: str) -> dict[int, Terms]:
    """By library. `kind`: the format that is asked for. Nine statements at most."""
    ids = [library.pk for library in libraries]
    today, now = timezone.localdate(), timezone.now()
    policies = {
        row.library_id: row
        for row in LibraryPolicy.objects.filter(library_id__in=ids, service=ServiceKind.LOAN)
    }
    places = _places({*ids, *([near_library_id] if near_library_id else [])})
    transit = _transit(ids, near_library_id, places)
    apart = _apart(ids, near_library_id, today)
    calendars = calendars_of(ids)
    known = {pk: hours for ask in ANSWER_HOURS for pk, hours in ask(ids, kind).items()}
    found = {}
    for library in libraries:
        policy = policies.get(library.pk) or LibraryPolicy(library=library, service=ServiceKind.LOAN)
        hours = known.get(library.pk) or policy.response_hours or USUAL_HOURS
        place = places.get(library.pk)
        arrives, opens = _days(calendars[library.pk], now, hours, transit[library.pk])
        found[library.pk] = Terms(
            policy=policy,
            arrives=arrives,
            opens=opens,
            paused=place is not None and _rests(place, today),
            paused_until=place.paused_until if place else None,
            apart=apart.get(library.pk, ""),
        )
    return found


def _rests(place: NetworkMember, today: date) -> bool:
    return not place.is_active or (place.paused_until is not None and place.paused_until >= today)


def _places(ids: Collection[int]) -> dict[int, NetworkMember]:
    """Each library's place in its home network."""
    rows = NetworkMember.objects.filter(library_id__in=ids, is_home=True, network__is_active=True)
    return {row.library_id: row for row in rows.select_related("network")}


def _transit(ids: list[int], near: int | None, places: dict[int, NetworkMember]) -> dict[int, int]:
    home = places.get(near or 0)
    usual = home.network.transit_days if home else USUAL_TRANSIT_DAYS
    if near is None:
        return dict.fromkeys(ids, usual)
    rows = TransitTime.objects.filter(from_library_id__in=ids, to_library_id=near)
    return {**dict.fromkeys(ids, usual), **dict(rows.values_list("from_library_id", "days"))}


def _apart(ids: list[int], near: int | None, today: date) -> dict[int, str]:
    if near is None:
        return {}
    rows = DoNotRoute.objects.filter(
        Q(library_id=near, other_id__in=ids, direction__in=("never_ask", "both"))
        | Q(library_id__in=ids, other_id=near, direction__in=("never_serve", "both")),
        Q(until=None) | Q(until__gte=today),
        service__in=("", ServiceKind.LOAN),
    )
    return {
        (other if library == near else library): ("never_ask" if library == near else "never_serve")
        for library, other in rows.values_list("library_id", "other_id")
    }


def _days(
    calendar: Calendar, now: datetime, hours: Decimal | int, transit: int
) -> tuple[date | None, date | None]:
    """The day on which the book may arrive, and that on which the library works again if it is closed for long."""
    try:
        opening = next_opening(calendar, now)
        ready = add_working_hours(calendar, now, hours)
    except RuleViolation:
        return None, None
    opens = timezone.localdate(opening) if opening - now > LONG_CLOSED else None
    return timezone.localdate(ready) + timedelta(days=transit), opens
