"""How fast and how often each library says yes, and who owes whom: reckoned anew from what happened.

`refresh_stats` runs each hour, `rebuild_balances` each night; between them `note_supplied` keeps the balance current.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import median

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from loans.choices import AttemptStatus
from loans.models import PairBalance, SupplierStats, SupplyAttempt
from loans.routing.balance import decayed, unit_of
from loans.routing.reading import SUPPLIED
from members.calendars import calendars_of, working_hours_between
from members.models import Network

WINDOW_DAYS = 90
DECAY_DAYS = 365
NO = (AttemptStatus.REFUSED, AttemptStatus.EXPIRED)


def refresh_stats(now: datetime | None = None) -> int:
    """Median working hours to an answer and share of yes in the last 90 days, per library and service."""
    now = now or timezone.now()
    rows = (
        SupplyAttempt.objects.filter(asked_at__gte=now - timedelta(days=WINDOW_DAYS))
        .filter(Q(answered_at__isnull=False) | Q(status__in=NO))
        .values_list("supplier_id", "request__service", "asked_at", "answered_at", "status")
    )
    hours: dict[tuple[int, str], list[float]] = defaultdict(list)
    yes: dict[tuple[int, str], list[bool]] = defaultdict(list)
    found = list(rows)
    calendars = calendars_of({supplier for supplier, *_rest in found})
    for supplier, service, asked, answered, status in found:
        key = supplier, service
        yes[key].append(status in SUPPLIED)
        if asked is not None and answered is not None:
            hours[key].append(float(working_hours_between(calendars[supplier], asked, answered)))
    made = [
        SupplierStats(
            library_id=supplier,
            service=service,
            median_hours=Decimal(str(round(median(hours[supplier, service]), 2)))
            if hours[supplier, service]
            else None,
            fill_rate=Decimal(str(round(sum(answers) / len(answers), 4))),
            answered=len(answers),
            window_end=now,
        )
        for (supplier, service), answers in yes.items()
    ]
    SupplierStats.objects.bulk_create(
        made,
        update_conflicts=True,
        unique_fields=["library", "service"],
        update_fields=["median_hours", "fill_rate", "answered", "window_end"],
    )
    return len(made)


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
    rows = SupplyAttempt.objects.filter(status__in=SUPPLIED).filter(
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
