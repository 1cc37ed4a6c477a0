"""National holidays of Indonesia by year, as a start for the days on which every library is closed.

`certain` are the days fixed by law and those that follow from Easter. A yearly decree sets the others (the moon is
looked for): what the data file proposes for them counts only once a coordinator has compared it with the decree.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data" / "holidays_id.json"


@dataclass(frozen=True)
class Holiday:
    day: date
    until: date
    name: str
    certain: bool


def holidays_of(year: int) -> list[Holiday]:
    """The year's days in order; of a year that nobody proposed days for, those that are certain alone."""
    told = _data()
    found = [_one(date(year, row["month"], row["day"]), row["name"], certain=True) for row in told["fixed"]]
    sunday = easter(year)
    found += [_one(sunday + timedelta(days=row["days"]), row["name"], certain=True) for row in told["easter"]]
    for row in told["proposed"].get(str(year), []):
        first = date.fromisoformat(row["day"])
        found.append(Holiday(first, date.fromisoformat(row.get("until", row["day"])), row["name"], False))
    return sorted(found, key=lambda holiday: holiday.day)


def has_proposals(year: int) -> bool:
    """Are there days for the holidays that move, too?"""
    return str(year) in _data()["proposed"]


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm, as given by Meeus)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)


def _one(day: date, name: str, *, certain: bool) -> Holiday:
    return Holiday(day, day, name, certain)


@cache
def _data() -> dict[str, Any]:
    return dict(json.loads(DATA.read_text(encoding="utf-8")))
