"""Calendars: a month as a grid, and iCalendar feeds (RFC 5545) for calendar programs, all times in UTC."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar, Event, vDuration

from members.learning import selectors
from members.learning.times import local
from members.models import CalendarKey, Programme, ProgrammeSession, Registration
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation
from network_portal.core.netsettings.portal import NAME

SALT = "members.learning.calendar"
PAST_DAYS = 90


@dataclass(frozen=True)
class Day:
    date: date
    in_month: bool
    is_today: bool
    sessions: list[ProgrammeSession]


def month_grid(year: int, month: int, sessions: Iterable[ProgrammeSession]) -> list[list[Day]]:
    """Weeks from Monday on; each session stands on the day on which it begins at its place."""
    by_day: dict[date, list[ProgrammeSession]] = {}
    for session in sessions:
        by_day.setdefault(local(session.programme, session.starts_at).date(), []).append(session)
    today = timezone.localdate()
    return [
        [Day(day, day.month == month, day == today, by_day.get(day, [])) for day in week]
        for week in calendar.Calendar().monthdatescalendar(year, month)
    ]


def month_of(text: str) -> date:
    """The first day of “2026-11”; this month for anything else."""
    try:
        return datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007  a month has no time zone
    except ValueError:
        return timezone.localdate().replace(day=1)


def sessions_of_month(first: date) -> list[ProgrammeSession]:
    """With the days of the neighbouring months that the grid shows."""
    zone = ZoneInfo("UTC")
    start = datetime(first.year, first.month, 1, tzinfo=zone) - timedelta(days=8)
    return list(selectors.sessions_public(start=start, end=start + timedelta(days=56)))


def feed_public() -> bytes:
    """Every public session from three months ago on."""
    start = timezone.now() - timedelta(days=PAST_DAYS)
    return _feed(selectors.sessions_public(start=start), ())


def feed_of_programme(programme: Programme) -> bytes:
    return _feed(selectors.sessions_public().filter(programme=programme), ())


def feed_of_person(user_id: int) -> bytes:
    """What the person has a place in, with online addresses; agreed internships as whole days."""
    return _feed(selectors.sessions_of_person(user_id), selectors.stays_of_person(user_id), own=True)


def own_link(user_id: int) -> str:
    """The path of the person's secret feed; made when first asked for."""
    key, _new = CalendarKey.objects.get_or_create(user_id=user_id)
    return _path(user_id, key.turn)


@transaction.atomic
def own_link_renew(*, actor: Actor) -> str:
    """A new link; the older one ends at once. RuleViolation `no_person` for the portal itself."""
    if actor.user_id is None:
        raise RuleViolation("no_person", "")
    CalendarKey.objects.get_or_create(user_id=actor.user_id)
    CalendarKey.objects.filter(user_id=actor.user_id).update(turn=F("turn") + 1)
    audit.record("members.learning.calendar_renewed", actor=actor)
    return own_link(actor.user_id)


def own_link_read(token: str) -> int | None:
    """The person whose feed it is; None for a wrong or ended link."""
    try:
        user_id, turn = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return int(user_id) if selectors.calendar_turn(int(user_id)) == turn else None


def _path(user_id: int, turn: int) -> str:
    return reverse("members:learning_feed_own", args=[signing.dumps([user_id, turn], salt=SALT)])


def _feed(sessions: Iterable[ProgrammeSession], stays: Iterable[Registration], *, own: bool = False) -> bytes:
    feed = Calendar()
    feed.add("prodid", f"-//{NAME.now()}//Learning//ID")
    feed.add("version", "2.0")
    feed.add("method", "PUBLISH")
    feed.add("x-wr-calname", NAME.now())
    feed.add("refresh-interval", vDuration(timedelta(hours=6)), parameters={"VALUE": "DURATION"})
    for session in sessions:
        feed.add_component(_session_event(session, own=own))
    for stay in stays:
        feed.add_component(_stay_event(stay))
    return bytes(feed.to_ical())


def _session_event(session: ProgrammeSession, *, own: bool) -> Event:
    programme = session.programme
    event = _event(f"session-{session.pk}", programme)
    event.add("dtstart", session.starts_at.astimezone(ZoneInfo("UTC")))
    event.add("dtend", session.ends_at.astimezone(ZoneInfo("UTC")))
    title = f"{programme.title}: {session.topic}" if session.topic else programme.title
    event.add("summary", title)
    places = [programme.place, programme.online_url if own else ""]
    event.add("location", ", ".join(part for part in places if part) or programme.host.name)
    event.add("description", programme.learns[:1000])
    return event


def _stay_event(registration: Registration) -> Event:
    stay, programme = registration.internship, registration.programme
    event = _event(f"stay-{registration.pk}", programme)
    event.add("dtstart", stay.starts_on)
    event.add("dtend", stay.ends_on + timedelta(days=1))  # RFC 5545, 3.6.1: the end is not part of it
    event.add("summary", programme.title)
    event.add("location", programme.host.name)
    event.add("description", stay.goals[:1000])
    return event


def _event(uid: str, programme: Programme) -> Event:
    host = settings.PORTAL_URL.split("//")[-1].split("/")[0].split(":")[0] or "localhost"
    values: dict[str, Any] = {
        "uid": f"{uid}@{host}", "dtstamp": programme.changed_at, "last-modified": programme.changed_at,
        "sequence": programme.sequence, "status": "CANCELLED" if programme.is_cancelled else "CONFIRMED",
        "url": settings.PORTAL_URL + reverse("members:learning_programme", args=[programme.pk]),
    }  # fmt: skip
    event = Event()
    for name, value in values.items():
        event.add(name, value)
    return event
