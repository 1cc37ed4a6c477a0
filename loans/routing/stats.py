"""How fast and how often each library says yes, and who owes whom: reckoned anew from what happened.

`refresh_stats` runs each hour, `rebuild_balances` each night; between them `note_supplied` keeps the balance current.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import median

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from loans.choices import SUPPLIED_ATTEMPTS, AttemptStatus
from loans.models import PairBalance, SupplierStats, SupplyAttempt
from loans.routing.balance import SECONDS_A_DAY, decayed, unit_of
from loans.routing.history import Record
from members.calendars import calendars_of, working_hours_between
from members.models import Network

WINDOW_DAYS = 90  # of speed
FILL_DAYS = 180  # of success; what is older would weigh less than an eighth
DECAY_DAYS = 365
NO = (AttemptStatus.REFUSED, AttemptStatus.EXPIRED)


def refresh_stats(now: datetime | None = None) -> int:
    """Median working hours to an answer in the last 90 days and share of yes in the last 180, older answers counting
    less: per library and service, of all it was asked and of each format. Gives back how many rows."""
    now = now or timezone.now()
    rows = (
        SupplyAttempt.objects.filter(asked_at__gte=now - timedelta(days=FILL_DAYS), asked_at__lte=now)
        .filter(Q(answered_at__isnull=False) | Q(status__in=NO))
        .order_by("asked_at")
        .values_list(
            "supplier_id", "request__service", "request__edition__format", "asked_at", "answered_at", "status"
        )
    )
    found = list(rows)
    calendars = calendars_of({supplier for supplier, *_rest in found})
    said: dict[tuple[int, str, str], _Said] = defaultdict(_Said)
    for supplier, service, kind, asked, answered, status in found:
        if asked is None:  # not by the filter; said for the types
            continue
        recent = asked >= now - timedelta(days=WINDOW_DAYS)
        hours = None
        if recent and answered is not None:
            hours = float(working_hours_between(calendars[supplier], asked, answered))
        for one in {"", kind or ""}:
            said[supplier, service, one].note(_days(asked), status in SUPPLIED_ATTEMPTS, hours, recent=recent)
    made = [one.row(*key, now) for key, one in said.items()]
    with transaction.atomic():
        SupplierStats.objects.bulk_create(
            made,
            update_conflicts=True,
            unique_fields=["library", "service", "format"],
            update_fields=["median_hours", "fill_rate", "answered", "fill_answers", "window_end"],
        )
        SupplierStats.objects.filter(window_end__lt=now).delete()  # nothing was answered for so long
    return len(made)


@dataclass
class _Said:
    """What one library answered: its record, and the hours of the last answers."""

    record: Record = field(default_factory=Record)
    hours: list[float] = field(default_factory=list)
    answered: int = 0

    def note(self, days: float, yes: bool, hours: float | None, *, recent: bool) -> None:
        self.record.note(days, yes)
        self.answered += recent
        if hours is not None:
            self.hours.append(hours)

    def row(self, library_id: int, service: str, kind: str, now: datetime) -> SupplierStats:
        self.record.fade(_days(now))
        return SupplierStats(
            library_id=library_id,
            service=service,
            format=kind,
            median_hours=Decimal(str(round(median(self.hours), 2))) if self.hours else None,
            fill_rate=Decimal(str(round(self.record.rate or 0.0, 4))),
            fill_answers=Decimal(str(round(self.record.all, 3))),
            answered=self.answered,
            window_end=now,
        )


def _days(at: datetime) -> float:
    return at.timestamp() / SECONDS_A_DAY


@transaction.atomic
def note_supplied(supplier_id: int, requester_id: int, service: str, network: Network | None) -> None:
    """One more unit from supplier to requester, on top of what the earlier ones are still worth."""
    now = timezone.now()
    row, _made = PairBalance.objects.select_for_update().get_or_create(
        supplier_id=supplier_id, requester_id=requester_id, service=service, defaults={"as_of": now}
    )
    faded = decayed(float(row.units), row.as_of, now, network.decay_days if network else DECAY_DAYS)
    row.units = Decimal(str(round(faded, 3))) + _unit(service, network)
    row.as_of = now
    row.count_supplied += 1
    row.save(update_fields=["units", "as_of", "count_supplied"])


def _unit(service: str, network: Network | None) -> Decimal:
    return unit_of(service, network.copy_unit) if network else unit_of(service)


@transaction.atomic
def rebuild_balances(now: datetime | None = None) -> int:
    """All balances from the attempts themselves, so that what was undone or mended counts as it stands."""
    now = now or timezone.now()
    networks = {network.pk: network for network in Network.objects.all()}
    rows = SupplyAttempt.objects.filter(status__in=SUPPLIED_ATTEMPTS).filter(
        Q(shipped_at__isnull=False) | Q(uploaded_at__isnull=False)
    )
    units: dict[tuple[int, int, str], float] = defaultdict(float)
    counts: dict[tuple[int, int, str], int] = defaultdict(int)
    told = rows.values_list(
        "supplier_id", "request__requesting_library_id", "request__service", "request__network_id",
        "shipped_at", "uploaded_at",
    )  # fmt: skip
    for supplier, requester, service, network_id, shipped, uploaded in told.iterator(5_000):
        network = networks.get(network_id)
        at = shipped or uploaded or now
        days = network.decay_days if network else DECAY_DAYS
        units[supplier, requester, service] += decayed(float(_unit(service, network)), at, now, days)
        counts[supplier, requester, service] += 1
    PairBalance.objects.all().delete()
    PairBalance.objects.bulk_create(
        PairBalance(
            supplier_id=supplier, requester_id=requester, service=service,
            units=Decimal(str(round(value, 3))), as_of=now, count_supplied=counts[supplier, requester, service],
        )
        for (supplier, requester, service), value in units.items()
    )  # fmt: skip
    return len(units)
