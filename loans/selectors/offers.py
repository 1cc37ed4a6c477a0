"""Can this title be asked for, by this reader, at this library? Read by the record page and by the submission."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from catalog.choices import ItemStatus
from catalog.models import Edition, Holding
from catalog.selectors import edition_current
from loans.choices import Service
from loans.models import Request
from loans.routing.plan import lendable
from loans.workflow.states import OPEN
from members.choices import LibraryStatus, MembershipStatus
from members.models import Library, Membership, PickupPoint

__all__ = [
    "edition_current",
    "home_library",
    "lending_libraries",
    "open_request",
    "own_copies",
    "pickup_points",
    "places_of",
    "standing_of",
    "supplying_libraries",
]


def own_copies(edition_id: int | None, library_id: int | None) -> list[Holding]:
    """Copies the reader can have at home: on the shelf as last told, or to be used on the spot."""
    if library_id is None or edition_id is None:
        return []
    return list(
        Holding.objects.filter(
            edition_id=edition_id, library_id=library_id, item_count__gt=0,
            status__in=(ItemStatus.AVAILABLE, ItemStatus.REFERENCE, ItemStatus.UNKNOWN),
        )
    )  # fmt: skip


def places_of(copies: Iterable[Holding]) -> list[str]:
    """Where they stand, each place once."""
    return list(dict.fromkeys(" ".join(filter(None, (copy.location, copy.call_number))) for copy in copies))


def lending_libraries(edition_id: int, library_id: int | None) -> int:
    """How many libraries but this one may lend it."""
    return _others(lendable(edition_id), library_id)


def supplying_libraries(edition_id: int, library_id: int | None, service: str = Service.LOAN) -> int:
    """How many libraries but this one may supply it; a copy can be made of what is only read on the spot, too."""
    if service != Service.COPY:
        return lending_libraries(edition_id, library_id)
    rows = Holding.objects.filter(
        edition_id=edition_id, library__status=LibraryStatus.ACTIVE, library__lends=True
    )
    return _others(rows.filter(item_count__gt=0).exclude(status=ItemStatus.UNAVAILABLE), library_id)


def _others(rows: QuerySet[Holding], library_id: int | None) -> int:
    if library_id is not None:
        rows = rows.exclude(library_id=library_id)
    return rows.values("library_id").distinct().count()


def open_request(patron_id: int | None, edition: Edition, key: str = "") -> Request | None:
    """The reader's unfinished request of the whole title, if there is one; `key` stands for one without an account."""
    rows = Request.objects.filter(edition=edition, part_key="", status__in=OPEN)
    mine = rows.filter(patron_id=patron_id) if patron_id else rows.filter(patron=None, patron_key=key or None)
    return mine.first()


def home_library(library_id: int | None) -> Library | None:
    """The library that the actor belongs to, where the book will be collected."""
    return Library.objects.filter(pk=library_id).first() if library_id is not None else None


def pickup_points(library_id: int | None) -> list[PickupPoint]:
    """Where readers of the library can collect, its usual point first."""
    if library_id is None:
        return []
    rows = PickupPoint.objects.filter(library_id=library_id, is_active=True)
    return sorted(rows, key=lambda point: (not point.is_default, point.name))


@dataclass(frozen=True)
class Standing:
    """A person's memberships, as far as asking for books goes: names of libraries, "" for none."""

    confirmed: str
    pending: str


def standing_of(user_id: int | None) -> Standing:
    """Whether the person belongs to a library yet."""
    if user_id is None:
        return Standing("", "")
    live = Membership.objects.filter(
        user_id=user_id, status__in=(MembershipStatus.CONFIRMED, MembershipStatus.PENDING)
    ).select_related("library")
    names = {membership.status: membership.library.name for membership in live}
    confirmed = names.get(MembershipStatus.CONFIRMED.value, "")
    return Standing(
        confirmed=confirmed, pending="" if confirmed else names.get(MembershipStatus.PENDING.value, "")
    )
