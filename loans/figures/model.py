"""What was counted: plain numbers without words. Page, CSV and API all tell what stands here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

MAX_DAYS = 5 * 366
DEFAULT_DAYS = 365


@dataclass(frozen=True)
class Period:
    """Whole days, both ends included, in the portal's time zone."""

    first: date
    last: date

    @property
    def start(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.first, time.min))

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return timezone.make_aware(datetime.combine(self.last + timedelta(days=1), time.min))

    @property
    def months(self) -> list[date]:
        """The first day of each month it touches."""
        found, month = [], self.first.replace(day=1)
        while month <= self.last:
            found.append(month)
            month = (month + timedelta(days=32)).replace(day=1)
        return found


def last_days(days: int = DEFAULT_DAYS) -> Period:
    today = timezone.localdate()
    return Period(today - timedelta(days=days - 1), today)


@dataclass(frozen=True)
class Scope:
    """Whose figures: a library's, or with None the whole network's."""

    library_id: int | None = None


@dataclass(frozen=True)
class Ends:
    """How requests ended, for one service (or all). `first`: filled without anyone having said no before."""

    asked: int = 0
    filled: int = 0
    first: int = 0
    unfilled: int = 0
    cancelled: int = 0
    refused: int = 0
    closed: int = 0
    local: int = 0

    @property
    def decided(self) -> int:
        """What fill rates are shares of: cancelled and refused requests are counted apart."""
        return self.filled + self.unfilled

    @property
    def fill_rate(self) -> float | None:
        return self.filled / self.decided if self.decided else None

    @property
    def first_rate(self) -> float | None:
        return self.first / self.decided if self.decided else None


@dataclass(frozen=True)
class Answers:
    """What suppliers said: the library when it was asked, or all suppliers of the network."""

    yes: int = 0
    no: int = 0
    silent: int = 0

    @property
    def supply_rate(self) -> float | None:
        total = self.yes + self.no + self.silent
        return self.yes / total if total else None


@dataclass(frozen=True)
class Month:
    month: date
    asked: int = 0
    supplied: int = 0
    received: int = 0


@dataclass(frozen=True)
class Turnaround:
    """Hours by the clock from the beginning to the end of a stage; level "" is all levels together."""

    stage: str
    service: str
    level: str
    count: int
    median: float
    mean: float
    ninth: float  # nine of ten were as fast


@dataclass(frozen=True)
class Reason:
    code: str  # of loans.choices.REASONS, or "no_answer"
    said: int  # by the library (network: by anyone)
    heard: int  # by the library from others


@dataclass(frozen=True)
class Partner:
    """A library's exchange with another one; for the network, one library's with all others."""

    library_id: int
    name: str
    code: str
    supplied_loans: int = 0
    supplied_copies: int = 0
    received_loans: int = 0
    received_copies: int = 0

    @property
    def supplied(self) -> int:
        return self.supplied_loans + self.supplied_copies

    @property
    def received(self) -> int:
        return self.received_loans + self.received_copies

    @property
    def balance(self) -> int:
        return self.supplied - self.received


@dataclass(frozen=True)
class Wanted:
    edition_id: int | None
    title: str
    count: int


@dataclass(frozen=True)
class Overdue:
    due: int = 0  # loans whose day fell into the period and is over
    late: int = 0  # of these, not sent back by then
    now: int = 0  # out at this moment, past their day

    @property
    def rate(self) -> float | None:
        return self.late / self.due if self.due else None


@dataclass(frozen=True)
class Cost:
    currency: str
    kind: str
    earned: Decimal  # by the library; for the network, charged at all
    paid: Decimal


@dataclass(frozen=True)
class Figures:
    scope: Scope
    period: Period
    made_at: datetime
    ends: dict[str, Ends]  # by service; "" is both together
    answers: Answers
    months: tuple[Month, ...]
    turnaround: tuple[Turnaround, ...]
    reasons: tuple[Reason, ...]
    partners: tuple[Partner, ...]
    wanted: tuple[Wanted, ...]
    overdue: Overdue
    costs: tuple[Cost, ...]
