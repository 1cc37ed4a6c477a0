"""What a coordinator may set for an OAI-PMH source, in Source.options; the form and the harvest read it from here.

| option | values | means |
|---|---|---|
| `mode` | "auto", "changes", "windows", "whole" (MODES) | how the list is fetched; "auto" decides by the probe |
| `window` | "hour", "day", "month" (WINDOWS) | how much is asked for at once in the mode "windows" |
| `begin` | "YYYY-MM-DD" or "" | the first harvest asks for nothing older; "" is from the server's first day on |
| `compare_days` | 0 to 365 | every so many days the server's identifiers are compared with ours; 0 is never |

Whether missing records of a whole list are taken out is the source's own `is_snapshot`; after how many lists, its
`delete_after`. Both hold for the comparison of identifiers as well, which takes out without `is_snapshot`, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_noop

AUTO, CHANGES, WINDOWED, WHOLE = "auto", "changes", "windows", "whole"
MODES = {
    AUTO: gettext_noop("As the server allows (recommended)"),
    CHANGES: gettext_noop("Only what has changed"),
    WINDOWED: gettext_noop("Only what has changed, in portions of time"),
    WHOLE: gettext_noop("The whole list each time, compared"),
}
WINDOWS = {
    "hour": gettext_noop("by the hour"),
    "day": gettext_noop("by the day"),
    "month": gettext_noop("by the month"),
}
MAX_COMPARE_DAYS = 365


@dataclass(frozen=True)
class OaiOptions:
    mode: str = AUTO
    window: str = "month"
    begin: date | None = None
    compare_days: int = 0

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> OaiOptions:
        """What is stored; anything that is not as described counts as not set."""
        mode, window = value.get("mode"), value.get("window")
        days = value.get("compare_days")
        return cls(
            mode if mode in MODES else AUTO,
            window if window in WINDOWS else "month",
            _day(value.get("begin")),
            days if isinstance(days, int) and 0 <= days <= MAX_COMPARE_DAYS else 0,
        )

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "begin": self.begin.isoformat() if self.begin else ""}


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(text) if isinstance(text, str) and text else None
    except ValueError:
        return None
