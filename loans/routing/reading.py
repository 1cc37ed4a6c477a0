"""The questions that a snapshot puts to the database: a fixed number of them, however many libraries hold the title.

Each answers with plain values by library id; snapshot.py joins them. Nobody else calls this module.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import (
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    FloatField,
    Q,
    QuerySet,
    Sum,
    Value,
)  # fmt: skip
from django.db.models.functions import Cast, Extract, Power

from catalog.models import Holding
from loans.choices import LIVE_ATTEMPTS, AttemptStatus, UnfilledReason
from loans.models import PairBalance, Request, SupplierStats, SupplyAttempt
from loans.routing.scoring import AVAILABILITY
from members.models import AgreementTerm, DoNotRoute, LibraryPolicy, NetworkLink, NetworkMember

SCOPE_RANK = {"pair": 3, "group": 2, "network": 1}
SUPPLIED = (
    "will_supply",
    "scanning",
    "shipped",
    "received",
    "sent_back",
    "uploaded",
    "delivered",
    "completed",
)


def best_holdings(edition_id: int | None) -> dict[int, Holding]:
    """The best copy of each library that has any, as last told."""
    best: dict[int, Holding] = {}
    if edition_id is None:
        return best
    rows = Holding.objects.filter(edition_id=edition_id, item_count__gt=0).select_related("library")
    for row in rows.order_by("pk"):
        kept = best.get(row.library_id)
        if kept is None or AVAILABILITY.get(row.status, 0) > AVAILABILITY.get(kept.status, 0):
            best[row.library_id] = row
    return best


def home_of(library_id: int) -> NetworkMember | None:
    """The library's place in its home network."""
    rows = NetworkMember.objects.filter(library_id=library_id, is_home=True, network__is_active=True)
    return rows.select_related("network").first()


def members_of(network_ids: Collection[int]) -> list[NetworkMember]:
    rows = NetworkMember.objects.filter(network_id__in=network_ids, network__is_active=True)
    return list(rows.select_related("network", "library", "parent").order_by("ring_position", "library_id"))


def linked_with(network_id: int) -> list[int]:
    """The networks that requests may be forwarded to."""
    rows = NetworkLink.objects.filter(Q(left_id=network_id) | Q(right_id=network_id), is_open=True)
    return [link.right_id if link.left_id == network_id else link.left_id for link in rows]


def policies_of(library_ids: Collection[int], service: str) -> dict[int, LibraryPolicy]:
    return {
        row.library_id: row
        for row in LibraryPolicy.objects.filter(library_id__in=library_ids, service=service)
    }


@dataclass(frozen=True)
class Work:
    open: int = 0
    served: int = 0  # this year, for the asking library


def work_of(library_ids: Collection[int], requester: int, today: date) -> dict[int, Work]:
    """What each library has open now, and how often it served the asking library since New Year."""
    served = Q(
        status__in=SUPPLIED, request__requesting_library_id=requester,
        request__created_at__date__gte=date(today.year, 1, 1),
    )  # fmt: skip
    rows = SupplyAttempt.objects.filter(supplier_id__in=library_ids).filter(
        Q(status__in=LIVE_ATTEMPTS) | served
    )
    counted = rows.values_list("supplier_id").annotate(
        n=Count("pk", filter=Q(status__in=LIVE_ATTEMPTS)), m=Count("pk", filter=served)
    )
    return {supplier: Work(opened, years) for supplier, opened, years in counted}


@dataclass(frozen=True)
class Balance:
    """Decayed units of a holder: with everyone, and with the asking library."""

    supplied: float = 0.0
    received: float = 0.0
    to_requester: float = 0.0
    from_requester: float = 0.0


def balances_of(
    library_ids: Collection[int], requester: int, now: datetime, decay_days: int
) -> dict[int, Balance]:
    """Two sums in the database; each unit fades by half in `decay_days`."""
    age = Extract(ExpressionWrapper(Value(now) - F("as_of"), output_field=DurationField()), "epoch")
    share = Cast(age, FloatField()) / (86_400.0 * max(1, decay_days))
    worth = Cast(F("units"), FloatField()) * Power(Value(0.5), share, output_field=FloatField())

    def summed(mine: str, theirs: str) -> dict[int, tuple[float, float]]:
        rows: QuerySet[PairBalance, Any] = PairBalance.objects.filter(**{f"{mine}__in": library_ids})
        return {
            library: (float(total or 0), float(pair or 0))
            for library, total, pair in rows.values_list(mine).annotate(
                total=Sum(worth), pair=Sum(worth, filter=Q(**{theirs: requester}))
            )
        }

    gave = summed("supplier_id", "requester_id")
    took = summed("requester_id", "supplier_id")
    nothing = (0.0, 0.0)
    return {
        library: Balance(
            gave.get(library, nothing)[0], took.get(library, nothing)[0],
            gave.get(library, nothing)[1], took.get(library, nothing)[1],
        )
        for library in gave.keys() | took.keys()
    }  # fmt: skip


def stats_of(library_ids: Collection[int], service: str) -> dict[int, SupplierStats]:
    return {
        row.library_id: row
        for row in SupplierStats.objects.filter(library_id__in=library_ids, service=service)
    }


def unconnected(library_ids: Collection[int], requester: int, service: str, today: date) -> dict[int, str]:
    """The holders that either side does not want to be connected with: library id → who says so."""
    either = Q(library_id=requester, other_id__in=library_ids) | Q(
        library_id__in=library_ids, other_id=requester
    )
    rows = DoNotRoute.objects.filter(either, Q(until=None) | Q(until__gte=today), service__in=("", service))
    found: dict[int, str] = {}
    for row in rows:
        asks = row.library_id == requester
        if row.direction == "both" or row.direction == ("never_ask" if asks else "never_serve"):
            found[row.other_id if asks else row.library_id] = "never_ask" if asks else "never_serve"
    return found


@dataclass
class Terms:
    """The closest agreement between a holder and the asking library."""

    name: str = ""
    rank: int = 0
    priority: int = -1
    free: bool = False
    amount: Decimal = Decimal(0)
    currency: str = ""
    max_per_year: int | None = None
    no_reciprocity: bool = False


@dataclass
class Agreements:
    general: Terms = field(default_factory=Terms)  # the network's, for every member
    own: dict[int, Terms] = field(default_factory=dict)

    def of(self, library_id: int) -> Terms:
        return self.own.get(library_id, self.general)


def agreements_of(
    library_ids: Iterable[int], requester: int, network_id: int | None, service: str, today: date
) -> Agreements:
    """Those valid today for the service, where both libraries are parties, or their network is."""
    wanted = {*library_ids, requester}
    rows = AgreementTerm.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=today), valid_from__lte=today
    ).filter(Q(scope="network", network_id=network_id) | Q(parties__library_id__in=wanted))
    parties: dict[int, set[int]] = defaultdict(set)
    terms: dict[int, AgreementTerm] = {}
    for row in rows.annotate(party=F("parties__library_id")):
        if row.services and service not in row.services:
            continue
        terms[row.pk] = row
        parties[row.pk].add(row.party)
    found = Agreements()
    for pk, term in terms.items():
        told = _terms(term)
        if term.scope == "network" and term.network_id == network_id:
            found.general = max(found.general, told, key=_closer)
        elif requester in parties[pk]:
            for library in (parties[pk] & wanted) - {requester}:
                found.own[library] = max(found.own.get(library, Terms()), told, key=_closer)
    return found


def _terms(row: AgreementTerm) -> Terms:
    return Terms(
        row.name, SCOPE_RANK[row.scope], row.priority, row.free, row.amount, row.currency,
        row.max_per_year, row.no_reciprocity,
    )  # fmt: skip


def _closer(terms: Terms) -> tuple[int, int]:
    return terms.priority, terms.rank


def tried_by(request: Request) -> set[int]:
    """Asked in this round, or before with an answer that will not change; silence and "on loan" may be asked again."""
    passing = [reason.value for reason in UnfilledReason if reason.may_change]
    rows = request.attempts.filter(Q(round=request.round) | Q(status=AttemptStatus.REFUSED))
    again = ~Q(round=request.round) & Q(reason_unfilled__in=passing)
    return set(rows.exclude(again).values_list("supplier_id", flat=True))
