"""How often a library said yes, older answers counting less. Pure; the very same in stats.py and in the simulation."""

from __future__ import annotations

from dataclasses import dataclass

HALF_LIFE_DAYS = 60.0


@dataclass
class Record:
    """Answers of one library, of all kinds or to one format. `days` is a count of days from any fixed moment."""

    yes: float = 0.0
    all: float = 0.0  # both faded: how many answers of today they are worth
    days: float = 0.0

    def note(self, days: float, yes: bool) -> None:
        """One more answer, given at `days`; an answer older than the newest one counts as old as it is."""
        self.fade(days)
        worth = faded(self.days - days)
        self.yes += worth * yes
        self.all += worth

    def fade(self, days: float) -> None:
        """What the answers are worth at `days`. A clock that went back changes nothing."""
        if days > self.days:
            worth = faded(days - self.days)
            self.yes, self.all, self.days = self.yes * worth, self.all * worth, days

    @property
    def rate(self) -> float | None:
        return self.yes / self.all if self.all else None


def faded(days: float) -> float:
    """What an answer given so many days ago is worth beside one of today."""
    return float(0.5 ** (max(0.0, days) / HALF_LIFE_DAYS))
