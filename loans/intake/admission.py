"""What refuses a wish outright, each with its sentence: who asks, at which library, for what, and when."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.models import Edition
from loans.choices import Service
from loans.citation import Citation
from loans.intake.askers import Asker
from loans.intake.duplicates import open_duplicate
from loans.models import Request
from loans.selectors.offers import own_copies, places_of, supplying_libraries
from members.choices import MembershipStatus
from members.models import Library, PickupPoint, User
from members.permissions import Capability, require
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation

FARTHEST = timedelta(days=730)


def check_actor(asker: Asker, actor: Actor) -> None:
    """The reader asks for themself; a librarian may ask for a reader of the own library, with or without account."""
    library = asker.library
    if asker.user is None and not asker.name:
        raise RuleViolation("no_reader", _("Please say for whom the request is."))
    if actor.is_system:
        return
    if asker.user is None or actor.user_id != asker.user.pk:
        require(actor, Capability.REQUEST_MANAGE)
        if actor.library_id != library.pk:
            raise RuleViolation("other_library", _("You can only ask for readers of your own library."))
        return
    try:
        require(actor, Capability.REQUEST_CREATE)
    except PermissionDenied:
        if asker.membership is None and _is_waiting(asker.user, library):
            raise _pending(library) from None
        raise


def _is_waiting(patron: User, library: Library) -> bool:
    return patron.memberships.filter(library=library, status=MembershipStatus.PENDING).exists()


def check_reader(asker: Asker, service: str) -> None:
    """The library takes part, the reader belongs to it, and neither block nor limit stands in the way."""
    library = asker.library
    if not library.is_active:
        raise RuleViolation(
            "library_inactive",
            _("%(library)s does not take part in lending at the moment.") % {"library": library.name},
        )
    if asker.user is not None and asker.membership is None:
        raise _pending(library)
    standing = asker.standing(service)
    if not standing.allowed:
        raise RuleViolation(standing.code, standing.sentence, until=standing.until)


def _pending(library: Library) -> RuleViolation:
    return RuleViolation(
        "membership_pending",
        _("%(library)s has not confirmed your membership yet. You can ask for books as soon as it has.")
        % {"library": library.name},
    )


def check_wish(edition: Edition | None, citation: Citation, asker: Asker, actor: Actor) -> None:
    """Something is named, and the reader does not wait for it already."""
    if edition is None and not citation.wanted:
        raise RuleViolation("no_title", _("Please say at least which title you want."))
    edition_id = edition.pk if edition else None
    if (existing := open_duplicate(asker.user_id, asker.key, edition_id, citation)) is not None:
        raise duplicate(existing, actor)


def check_copies(
    edition: Edition | None, library: Library, *, service: str, strict: bool, confirm_own_copy: bool
) -> None:
    """The own library's copy is told first; a title from the catalogue (`strict`) must be somewhere to be had."""
    if edition is None:
        return
    copies = own_copies(edition.pk, library.pk)
    if copies and not confirm_own_copy:
        raise RuleViolation(
            "own_copy",
            _("%(library)s has this title on its own shelves.") % {"library": library.name},
            locations=places_of(copies),
        )
    if strict and not supplying_libraries(edition.pk, library.pk, service):
        if service == Service.COPY:
            raise RuleViolation(
                "no_lender", _("No other library of the network can copy from this title now.")
            )
        raise RuleViolation(
            "no_lender", _("No other library of the network can lend this title at the moment.")
        )


def check_terms(
    needed_by: date | None, pickup_point: PickupPoint | None, library: Library, today: date
) -> None:
    """A day that is still to come, and a place to collect that belongs to the library."""
    if needed_by is not None and needed_by < today:
        raise RuleViolation(
            "date_past", _("That day has passed. Please choose a later one, or leave it empty.")
        )
    if needed_by is not None and needed_by > today + FARTHEST:
        raise RuleViolation("date_far", _("That is more than two years ahead. Please check the year."))
    if pickup_point is not None and (pickup_point.library_id != library.pk or not pickup_point.is_active):
        raise RuleViolation(
            "no_pickup_point", _("Readers can no longer collect there. Please choose another place.")
        )


def duplicate(existing: Request, actor: Actor) -> RuleViolation:
    """Told to the reader, or to the librarian who asks for them; each is led to a page of their own."""
    own = actor.user_id is None or actor.user_id == existing.patron_id
    told = (
        _("You have asked for this title already: %(number)s.")
        if own
        else _("This reader waits for the title already: %(number)s.")
    )
    page = "loans:my_request" if own else "loans:request"
    return RuleViolation(
        "duplicate", told % {"number": existing.number}, number=existing.number,
        url=reverse(page, args=[existing.number]),
    )  # fmt: skip
