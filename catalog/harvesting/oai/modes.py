"""How a run asks: what the coordinator set, what the server can do and how far it was read, put together. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timezone

from catalog.harvesting.oai.options import AUTO, WHOLE, WINDOWED, OaiOptions
from catalog.harvesting.oai.quirks import Profile


@dataclass(frozen=True)
class Way:
    dates: bool  # changes are asked for; else everything
    since: datetime | None  # None: from the beginning
    portion: str = ""  # hour, day, month; "": in one list


def choose(options: OaiOptions, profile: Profile, *, is_snapshot: bool, since: datetime | None) -> Way:
    """A set mode counts for more than the probe: whoever set it may know what the probe could not try."""
    dates = profile.dates_work and not is_snapshot if options.mode == AUTO else options.mode != WHOLE
    if not dates:
        return Way(False, None)
    begin = datetime.combine(options.begin, time.min, timezone.utc) if options.begin else None
    return Way(True, since or begin, options.window if options.mode == WINDOWED else "")
