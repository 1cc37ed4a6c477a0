"""The hours in which a source may be fetched, in its library's own time. Pure arithmetic, asked by schedule and turns.

A window may cross midnight (22:00 to 04:00). Without hours, or from an hour to the same one, it is always open.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from catalog.models import Source

MIDNIGHT = time(0)


def library_zone(source: Source) -> ZoneInfo:
    return ZoneInfo(source.library.time_zone)


def has_hours(source: Source) -> bool:
    return _opens(source) != _closes(source)


def is_open(source: Source, now: datetime) -> bool:
    """Whether the source may be fetched at this moment."""
    opens, closes = _opens(source), _closes(source)
    if opens == closes:
        return True
    at = now.astimezone(library_zone(source)).time()
    return opens <= at < closes if opens < closes else at >= opens or at < closes


def next_opening(source: Source, now: datetime) -> datetime:
    """`now` where it is open, else the next moment at which it will be."""
    if is_open(source, now):
        return now
    local = now.astimezone(library_zone(source))
    day = local.date() if local.time() < _opens(source) else local.date() + timedelta(days=1)
    return datetime.combine(day, _opens(source), library_zone(source))


def _opens(source: Source) -> time:
    return source.night_from or MIDNIGHT


def _closes(source: Source) -> time:
    return source.night_until or MIDNIGHT
