"""Days and hours of programmes in words, in their own time zone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format

from members.models import Programme, ProgrammeSession, Registration

SHORT = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


def zone_of(programme: Programme) -> ZoneInfo:
    return ZoneInfo(programme.time_zone)


def local(programme: Programme, at: datetime) -> datetime:
    return timezone.localtime(at, zone_of(programme))


def session_told(programme: Programme, session: ProgrammeSession) -> str:
    """“Senin, 3 November 2025, 09.00–12.00 WIB: topic”."""
    start, end = local(programme, session.starts_at), local(programme, session.ends_at)
    day = date_format(start, "l, j F Y")
    until = f"{end:%H.%M}" if start.date() == end.date() else f"{date_format(end, 'j F Y')}, {end:%H.%M}"
    told = f"{day}, {start:%H.%M}–{until} {SHORT.get(programme.time_zone, 'UTC')}"
    return f"{told}: {session.topic}" if session.topic else told


def sessions_told(programme: Programme) -> tuple[str, ...]:
    return tuple(session_told(programme, session) for session in programme.sessions.all())


def coming_first(rows: Iterable[Registration]) -> list[Registration]:
    """What is still to come by its day, then what is over, the latest first. Reads prefetched sessions."""
    now = timezone.now()

    def place(row: Registration) -> tuple[bool, float]:
        programme, sessions = row.programme, row.programme.sessions.all()
        over = programme.is_done or programme.is_cancelled
        over = over or (bool(sessions) and all(one.ends_at < now for one in sessions))
        first = min((one.starts_at.timestamp() for one in sessions), default=0.0)
        return over, -first if over else first

    return sorted(rows, key=place)
