"""Balance and benefit as plain numbers: what pages, files and reports tell is made of these."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import date_format


@dataclass(frozen=True)
class Span:
    """Whole months, both included; each is told by its first day."""

    first: date
    last: date

    @classmethod
    def of_year(cls, year: int) -> Span:
        """A whole year, or of the running one the months so far."""
        today = timezone.localdate()
        last = today.replace(day=1) if year == today.year else date(year, 12, 1)
        return cls(date(year, 1, 1), last)

    @property
    def before(self) -> Span:
        """The same months a year earlier."""
        return Span(self.first.replace(year=self.first.year - 1), self.last.replace(year=self.last.year - 1))

    @property
    def months(self) -> list[date]:
        count = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        start = self.first.year * 12 + self.first.month - 1
        return [date((start + i) // 12, (start + i) % 12 + 1, 1) for i in range(count)]

    @property
    def words(self) -> str:
        first, last = date_format(self.first, "F Y"), date_format(self.last, "F Y")
        return first if first == last else f"{first} – {last}"


@dataclass(frozen=True)
class Assumption:
    """What buying one item is assumed to cost, who says so, since when and why."""

    kind: str
    amount: Decimal
    currency: str
    said_by: str  # "library", "network", or "portal" where nobody said anything
    since: date | None = None
    reason: str = ""


@dataclass
class Line:
    """One library with all others, or one library with another (then without what only a whole library has)."""

    library_id: int
    name: str = ""
    code: str = ""
    lent: int = 0
    copies_out: int = 0
    borrowed: int = 0
    copies_in: int = 0
    hours: float = 0.0  # until what it got arrived, together
    timed: int = 0
    filled: int = 0
    unfilled: int = 0
    yes: int = 0
    no: int = 0
    saved: Decimal = Decimal(0)
    currency: str = "IDR"
    held: int | None = None  # editions it has in the catalogue; None: not counted yet
    unique: int | None = None  # of these, those nobody else has

    @property
    def given(self) -> int:
        return self.lent + self.copies_out

    @property
    def got(self) -> int:
        return self.borrowed + self.copies_in

    @property
    def net(self) -> int:
        """Above zero: it gave more than it got."""
        return self.given - self.got

    @property
    def fill_rate(self) -> float | None:
        """Of what its readers asked for and what was decided, the share that was filled."""
        decided = self.filled + self.unfilled
        return self.filled / decided if decided else None

    @property
    def supply_rate(self) -> float | None:
        """Of what others asked of it, the share it said yes to."""
        total = self.yes + self.no
        return self.yes / total if total else None

    @property
    def mean_hours(self) -> float | None:
        return self.hours / self.timed if self.timed else None

    @property
    def unique_share(self) -> float | None:
        return self.unique / self.held if self.unique is not None and self.held else None
