"""The questions that a snapshot puts to the database: a fixed number of them, however many libraries hold the title.

Nor on the number of requests. Each answers with plain values by library id; snapshot.py joins them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
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
from loans.choices import LIVE_ATTEMPTS, SUPPLIED_ATTEMPTS, AttemptStatus, UnfilledReason
from loans.models import PairBalance, Request, RingCursor, SupplierStats, SupplyAttempt
from loans.routing.scoring import AVAILABILITY
from members.models import DoNotRoute, Library, LibraryPolicy, NetworkLink, NetworkMember


def best_holdings(edition_ids: Collection[int]) -> dict[int, dict[int, Holding]]:
    """Per title, the best copy of each library that has any, as last told."""
    best: dict[int, dict[int, Holding]] = defaultdict(dict)
    rows = Holding.objects.filter(edition_id__in=edition_ids, item_count__gt=0).order_by("pk")
    for row in rows.only("edition_id", "library_id", "status", "call_number", "location", "as_of"):
        held = best[row.edition_id]
        kept = held.get(row.library_id)
        if kept is None or AVAILABILITY.get(row.status, 0) > AVAILABILITY.get(kept.status, 0):
            held[row.library_id] = row
    libraries = Library.objects.in_bulk({library for held in best.values() for library in held})
    for held in best.values():
        for library_id, row in held.items():
            row.library = libraries[library_id]
    return best


def home_of(library_id: int) -> NetworkMember | None:
    """The library's place in its home network."""
    return homes_of([library_id]).get(library_id)


def homes_of(library_ids: Collection[int]) -> dict[int, NetworkMember]:
    rows = NetworkMember.objects.filter(library_id__in=library_ids, is_home=True, network__is_active=True)
    return {row.library_id: row for row in rows.select_related("network")}


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


def open_supplies(library_ids: Collection[int]) -> dict[int, int]:
    """What each library has open now."""
    rows = SupplyAttempt.objects.filter(supplier_id__in=library_ids, status__in=LIVE_ATTEMPTS)
    return dict(rows.order_by().values_list("supplier_id").annotate(n=Count("pk")))


def served_by(
    library_ids: Collection[int], requesters: Collection[int], today: date
) -> dict[tuple[int, int], int]:
    """(supplier, asker) → how often it was served since New Year."""
    rows = SupplyAttempt.objects.filter(
        supplier_id__in=library_ids, status__in=SUPPLIED_ATTEMPTS, request__requesting_library_id__in=requesters,
        request__created_at__date__gte=date(today.year, 1, 1),
    )  # fmt: skip
    counted = rows.order_by().values_list("supplier_id", "request__requesting_library_id")
    return {(supplier, asker): n for supplier, asker, n in counted.annotate(n=Count("pk"))}


def supplied_lately(library_ids: Collection[int], service: str, now: datetime) -> dict[int, tuple[int, int]]:
    """What each library promised or sent of a service in the last seven and thirty days."""
    week, month = now - timedelta(days=7), now - timedelta(days=30)
    rows = SupplyAttempt.objects.filter(
        supplier_id__in=library_ids,
        status__in=SUPPLIED_ATTEMPTS,
        request__service=service,
        answered_at__gte=month,
    )
    counted = rows.order_by().values_list("supplier_id").annotate(
        week=Count("pk", filter=Q(answered_at__gte=week)), month=Count("pk")
    )  # fmt: skip
    return {supplier: (in_week, in_month) for supplier, in_week, in_month in counted}


@dataclass(frozen=True)
class Balances:
    """Decayed units: (gave, took) of each library with everyone, and from one library to another."""

    total: dict[int, tuple[float, float]]
    pairs: dict[tuple[int, int], float]


def balances_of(
    library_ids: Collection[int], requesters: Collection[int], now: datetime, decay_days: int
) -> Balances:
    """Sums in the database; each unit fades by half in `decay_days`."""
    age = Extract(ExpressionWrapper(Value(now) - F("as_of"), output_field=DurationField()), "epoch")
    share = Cast(age, FloatField()) / (86_400.0 * max(1, decay_days))
    worth = Cast(F("units"), FloatField()) * Power(Value(0.5), share, output_field=FloatField())

    def summed(mine: str) -> dict[int, float]:
        rows: QuerySet[PairBalance, Any] = PairBalance.objects.filter(**{f"{mine}__in": library_ids})
        found = rows.order_by().values_list(mine).annotate(total=Sum(worth))
        return {library: float(total or 0) for library, total in found}

    gave, took = summed("supplier_id"), summed("requester_id")
    either = Q(supplier_id__in=library_ids, requester_id__in=requesters) | Q(
        supplier_id__in=requesters, requester_id__in=library_ids
    )
    pairs = PairBalance.objects.filter(either).order_by().values_list("supplier_id", "requester_id")
    return Balances(
        {pk: (gave.get(pk, 0.0), took.get(pk, 0.0)) for pk in gave.keys() | took.keys()},
        {(giver, taker): float(total or 0) for giver, taker, total in pairs.annotate(total=Sum(worth))},
    )


def stats_of(
    library_ids: Collection[int], service: str, formats: Collection[str]
) -> dict[tuple[int, str], SupplierStats]:
    """By library and format; "" is all that the library was asked."""
    rows = SupplierStats.objects.filter(
        library_id__in=library_ids, service=service, format__in={"", *formats}
    )
    return {(row.library_id, row.format): row for row in rows}


def unconnected(
    library_ids: Collection[int], requesters: Collection[int], service: str, today: date
) -> dict[tuple[int, int], str]:
    """(asker, holder) pairs that either side does not want to be connected → who says so."""
    either = Q(library_id__in=requesters, other_id__in=library_ids) | Q(
        library_id__in=library_ids, other_id__in=requesters
    )
    rows = DoNotRoute.objects.filter(either, Q(until=None) | Q(until__gte=today), service__in=("", service))
    found: dict[tuple[int, int], str] = {}
    for library, other, direction in rows.values_list("library_id", "other_id", "direction"):
        if direction in ("both", "never_ask"):
            found[library, other] = "never_ask"
        if direction in ("both", "never_serve"):
            found.setdefault((other, library), "never_serve")
    return found


def tried_by(requests: Iterable[Request]) -> dict[int, frozenset[int]]:
    """Per request, who was asked in this round, or before with an answer that will not change; silence and "on loan"
    may be asked again."""
    rounds = {request.pk: request.round for request in requests}
    passing = {reason.value for reason in UnfilledReason if reason.may_change}
    rows = SupplyAttempt.objects.filter(request_id__in=rounds)
    found: dict[int, set[int]] = defaultdict(set)
    for pk, supplier, number, status, reason in rows.values_list(
        "request_id", "supplier_id", "round", "status", "reason_unfilled"
    ):
        if number == rounds[pk] or (status == AttemptStatus.REFUSED and reason not in passing):
            found[pk].add(supplier)
    return {pk: frozenset(found[pk]) for pk in rounds}


def cursors_of(network_ids: Collection[int]) -> dict[int, int]:
    """Where the next request enters each ring that takes turns."""
    rows = RingCursor.objects.filter(network_id__in=network_ids)
    return dict(rows.values_list("network_id", "position"))
