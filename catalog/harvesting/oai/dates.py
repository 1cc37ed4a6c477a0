"""Dates and windows of a harvest: both granularities of OAI-PMH 2.0 (section 3.3), overlap, halving. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

# Changes become visible later than they are stamped, and clocks differ.
OVERLAP = timedelta(hours=48)
# No zone is further from UTC; a server that writes its local time as UTC is that wrong at most.
WIDEST_ZONE = timedelta(hours=14)
STAMP = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?"
)


def parse_stamp(text: str) -> datetime | None:
    """A date or time as servers write it, in UTC; None where it is none."""
    match = STAMP.fullmatch(text.strip())
    if not match:
        return None
    numbers = [int(part or 0) for part in match.groups()[:6]]
    zone = match.group(7) or "Z"
    try:
        moment = datetime(*numbers[:3], *numbers[3:], tzinfo=timezone.utc)  # type: ignore[misc, arg-type]
    except ValueError:
        return None
    if zone == "Z":
        return moment
    digits = zone[1:].replace(":", "")
    shift = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return moment - shift if zone[0] == "+" else moment + shift


def by_seconds(granularity: str) -> bool:
    """Whether times may be sent. Every server knows days, so in doubt it is days."""
    return granularity.strip().lower() == "yyyy-mm-ddthh:mm:ssz"


def format_stamp(moment: datetime, *, seconds: bool) -> str:
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ" if seconds else "%Y-%m-%d")


def next_from(until: datetime, *, local_time_as_z: bool = False) -> datetime:
    """Where the next harvest begins, given the `until` of a complete one."""
    return until - OVERLAP - (WIDEST_ZONE if local_time_as_z else timedelta())


def unit_of(seconds: bool) -> timedelta:
    """The smallest step of the server's dates."""
    return timedelta(seconds=1) if seconds else timedelta(days=1)


def whole(moment: datetime, *, seconds: bool) -> datetime:
    """The moment cut to what the server's dates can say."""
    moment = moment.replace(microsecond=0)
    return moment if seconds else moment.replace(hour=0, minute=0, second=0)


def _later(moment: datetime, length: str, times: int) -> datetime:
    """The beginning of the hour, day or month so many further on."""
    if length == "hour":
        return moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=times)
    day = whole(moment, seconds=False)
    if length == "day":
        return day + timedelta(days=times)
    months = day.month - 1 + times
    return day.replace(year=min(9999, day.year + months // 12), month=months % 12 + 1, day=1)


@dataclass(frozen=True)
class Window:
    """Both ends belong to it. None: open."""

    start: datetime | None = None
    end: datetime | None = None

    def arguments(self, *, seconds: bool) -> dict[str, str]:
        ends = {"from": self.start, "until": self.end}
        return {name: format_stamp(at, seconds=seconds) for name, at in ends.items() if at is not None}

    def halves(
        self, *, seconds: bool, smallest: timedelta = timedelta(seconds=2), floor: datetime | None = None
    ) -> tuple[Window, Window] | None:
        """Two windows without a gap; None where it can't, or should not, be made smaller.

        `floor`: where an open beginning is taken to lie; the first half stays open.
        """
        unit = unit_of(seconds)
        start = self.start or floor
        if start is None or self.end is None or self.end - start < max(2 * unit, smallest):
            return None
        middle = whole(start + (self.end - start) / 2, seconds=seconds)
        return Window(self.start, middle), Window(middle + unit, self.end)

    def portion(
        self, length: str, times: int, *, seconds: bool, floor: datetime | None
    ) -> tuple[Window, Window | None]:
        """The first so many hours, days or months (calendar ones, in UTC) of the window, and what is left of it."""
        start = self.start or floor
        if start is None:
            return self, None
        border = _later(start, length if seconds or length == "month" else "day", times)
        if self.end is not None and border > self.end:
            return self, None
        return Window(self.start, border - unit_of(seconds)), Window(border, self.end)

    def as_json(self) -> list[str | None]:
        return [at.isoformat() if at else None for at in (self.start, self.end)]

    @classmethod
    def from_json(cls, value: list[str | None]) -> Window:
        start, end = (datetime.fromisoformat(at) if at else None for at in value)
        return cls(start, end)
