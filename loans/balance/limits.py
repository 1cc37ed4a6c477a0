"""How near libraries are to the limits they set for what they give. Routing goes by the same numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from loans.choices import Service
from loans.netsettings import LIMIT_WARNING
from loans.routing import reading
from loans.routing.balance import surplus
from loans.routing.stats import DECAY_DAYS
from members.models import Library, LibraryPolicy, NetworkMember


@dataclass(frozen=True)
class Limit:
    code: str  # deficit, open, week, month
    kind: str  # of service
    count: int
    most: int
    reached: bool

    @property
    def service(self) -> str:
        return str(Service(self.kind).label)

    @property
    def near(self) -> bool:
        return not self.reached and 100 * self.count >= LIMIT_WARNING.now() * self.most

    @property
    def tone(self) -> str:
        return "stop" if self.reached else "attention" if self.near else "ok"


def limits_of(library: Library) -> list[Limit]:
    """Each limit of each service, the reached ones first. Nine queries at most."""
    return limits_of_many([library.pk]).get(library.pk, [])


def limits_of_many(library_ids: Collection[int], now: datetime | None = None) -> dict[int, list[Limit]]:
    """The same for many; a library without a limit is not in it. The queries do not grow with the libraries."""
    now = now or timezone.now()
    found: dict[int, list[Limit]] = defaultdict(list)
    policies = LibraryPolicy.objects.filter(library_id__in=library_ids)
    with_most_open = policies.exclude(max_open=None)
    opened = reading.open_supplies(_ids(with_most_open))
    for policy in with_most_open:
        count, most = opened.get(policy.library_id, 0), policy.max_open or 0
        found[policy.library_id].append(Limit("open", policy.service, count, most, count >= most))
    for service in Service.values:
        rows = list(policies.filter(service=service))
        _paced(rows, service, now, found)
        _deficits(rows, service, now, found)
    return {
        pk: sorted(limits, key=lambda one: (not one.reached, not one.near)) for pk, limits in found.items()
    }


def _ids(policies: QuerySet[LibraryPolicy]) -> set[int]:
    return set(policies.values_list("library_id", flat=True))


def _paced(rows: list[LibraryPolicy], service: str, now: datetime, found: dict[int, list[Limit]]) -> None:
    limited = [row for row in rows if row.max_week is not None or row.max_month is not None]
    counts = reading.supplied_lately({row.library_id for row in limited}, service, now) if limited else {}
    for row in limited:
        week, month = counts.get(row.library_id, (0, 0))
        for code, count, most in (("week", week, row.max_week), ("month", month, row.max_month)):
            if most is not None:
                found[row.library_id].append(Limit(code, service, count, most, count >= most))


def _deficits(rows: list[LibraryPolicy], service: str, now: datetime, found: dict[int, list[Limit]]) -> None:
    limited = [row for row in rows if row.pause_deficit is not None]
    if not limited:
        return
    ids = {row.library_id for row in limited}
    home = NetworkMember.objects.filter(
        library_id__in=ids, is_home=True, is_active=True, network__is_active=True
    )
    fading = dict(home.order_by("-pk").values_list("library_id", "network__decay_days"))
    by_days: dict[int, set[int]] = defaultdict(set)
    for pk in ids:
        by_days[fading.get(pk, DECAY_DAYS)].add(pk)
    totals = {
        pk: total
        for days, group in by_days.items()
        for pk, total in reading.balances_of(group, [], now, days).total.items()
    }
    for row in limited:
        gave, took = totals.get(row.library_id, (0.0, 0.0))
        over, most = surplus(gave, took, float(row.target_ratio)), row.pause_deficit or 0
        found[row.library_id].append(Limit("deficit", service, round(over), most, over > most))
