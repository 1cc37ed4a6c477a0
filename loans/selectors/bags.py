"""Courier bags of a library, what lies in them, and what could still go into one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from loans.choices import AttemptStatus, RequestStatus
from loans.models import CourierBag, SupplyAttempt
from loans.services.addressing import parcel_to
from members.models import Library
from members.permissions import Capability
from network_portal.core.actor import Actor

MOST = 200
LATELY = 50


@dataclass(frozen=True)
class Parcel:
    """One book about to leave a library: to whom, and whether it goes home."""

    attempt: SupplyAttempt
    to: Library
    going_back: bool


def bags_seen_by(actor: Actor) -> QuerySet[CourierBag]:
    """What the library sends, and what is on its way to it: an open bag is its sender's matter alone."""
    own = Q(from_library_id=actor.library_id) | Q(to_library_id=actor.library_id, shipped_at__isnull=False)
    return CourierBag.objects.filter(own).select_related("from_library", "to_library")


def bags_lately(actor: Actor) -> list[CourierBag]:
    """The newest bags, each with `books`; those still open first."""
    rows = bags_seen_by(actor).annotate(books=Count("attempts"))
    return sorted(rows.order_by("-id")[:LATELY], key=lambda bag: bag.shipped_at is not None)


def contents(bag: CourierBag) -> list[SupplyAttempt]:
    """The books of a bag, as they stand now."""
    rows = bag.attempts.select_related(
        "supplier", "request__requesting_library", "request__network", "request__pickup_point"
    )
    return list(rows.order_by("request__number"))


def arriving(books: Iterable[SupplyAttempt], actor: Actor) -> list[tuple[str, list[str]]]:
    """The steps that mark a bag's books as arrived, each with its numbers: lent to the library, or come home to it."""
    steps: dict[str, list[str]] = {}
    for book in books:
        request = book.request
        if request.status == RequestStatus.SHIPPED and request.requesting_library_id == actor.library_id:
            steps.setdefault("receive", []).append(request.number)
        elif request.status == RequestStatus.SENT_BACK and book.supplier_id == actor.library_id:
            steps.setdefault("complete", []).append(request.number)
    return list(steps.items())


def parcels_of(actor: Actor) -> list[Parcel]:
    """What the library could pack now and has not: promised and not sent, or brought back and not on its way home."""
    rows = _leaving(actor).filter(bag=None) | _leaving(actor).exclude(bag__from_library_id=actor.library_id)
    return [parcel for row in rows.order_by("id").distinct()[:MOST] if (parcel := parcel_of(row, actor))]


def parcel_of(attempt: SupplyAttempt, actor: Actor) -> Parcel | None:
    """How the book of an attempt would leave the actor's library now; None if it doesn't."""
    out = attempt.status == AttemptStatus.WILL_SUPPLY and attempt.supplier_id == actor.library_id
    home = (
        attempt.request.status == RequestStatus.RETURNED
        and attempt.request.requesting_library_id == actor.library_id
        and attempt.is_live
    )
    if not (out or home):
        return None
    return Parcel(attempt, parcel_to(attempt.request, attempt, going_back=home), home)


def leaving_attempts(actor: Actor, numbers: Iterable[str]) -> list[SupplyAttempt]:
    """The attempts of these requests whose book is about to leave the library, or of these barcodes."""
    wanted = list(numbers)
    return list(
        _leaving(actor).filter(Q(request__number__in=[one.upper() for one in wanted]) | Q(barcode__in=wanted))
    )


def _leaving(actor: Actor) -> QuerySet[SupplyAttempt]:
    out = Q(pk=None)
    if actor.can(Capability.SUPPLY_MANAGE):
        out |= Q(supplier_id=actor.library_id, status=AttemptStatus.WILL_SUPPLY)
    if actor.can(Capability.REQUEST_MANAGE):
        out |= Q(
            request__requesting_library_id=actor.library_id,
            request__status=RequestStatus.RETURNED,
            status=AttemptStatus.RECEIVED,
        )
    rows = SupplyAttempt.objects.filter(out)
    return rows.select_related("supplier", "bag", "request__requesting_library", "request__network")
