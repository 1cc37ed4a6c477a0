"""Can this title be asked for, by this reader, at this library? Read by the record page and by the submission."""

from __future__ import annotations

from dataclasses import dataclass

from catalog.choices import ItemStatus
from catalog.models import Edition, Holding
from catalog.selectors import edition_current
from loans.models import Request
from loans.routing.plan import lendable
from loans.workflow.states import OPEN
from members.choices import MembershipStatus
from members.models import Library, Membership

__all__ = [
    "edition_current",
    "home_library",
    "lending_libraries",
    "open_request",
    "own_copies",
    "standing_of",
]


def own_copies(edition_id: int, library_id: int | None) -> list[Holding]:
    """Copies the reader can have at home: on the shelf as last told, or to be used on the spot."""
    if library_id is None:
        return []
    return list(
        Holding.objects.filter(
            edition_id=edition_id, library_id=library_id, item_count__gt=0,
            status__in=(ItemStatus.AVAILABLE, ItemStatus.REFERENCE, ItemStatus.UNKNOWN),
        )
    )  # fmt: skip


def lending_libraries(edition_id: int, library_id: int | None) -> int:
    """How many libraries but this one may lend it."""
    rows = lendable(edition_id)
    if library_id is not None:
        rows = rows.exclude(library_id=library_id)
    return rows.values("library_id").distinct().count()


def open_request(patron_id: int | None, edition: Edition) -> Request | None:
    """The reader's unfinished request of the title, if there is one."""
    return Request.objects.filter(patron_id=patron_id, edition=edition, status__in=OPEN).first()


def home_library(library_id: int | None) -> Library | None:
    """The library that the actor belongs to, where the book will be collected."""
    return Library.objects.filter(pk=library_id).first() if library_id is not None else None


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
