"""Opening a request, with every check that comes before it."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import Edition
from loans.models import Request
from loans.numbers import next_number
from loans.selectors.offers import edition_current, lending_libraries, open_request, own_copies
from loans.workflow import engine
from members.choices import MembershipStatus
from members.models import Library, Membership, User
from members.permissions import Capability, require
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation


@transaction.atomic
def request_submit(
    *,
    edition: Edition,
    patron: User,
    requesting_library: Library,
    actor: Actor,
    note: str = "",
    needed_by: date | None = None,
    submit_key: str = "",
    confirm_own_copy: bool = False,
) -> Request:
    """Open a request for a reader at their library; a merged edition is followed to its survivor.

    A `submit_key` used before returns the request it made. Raises PermissionDenied, or RuleViolation with code
    membership_pending, library_inactive, duplicate (extra: url, number), own_copy (unless confirmed; extra:
    locations), no_lender, date_past.
    """
    # One at a time for each reader: a second window waits here, and then sees what the first one made.
    User.objects.select_for_update(no_key=True).get(pk=patron.pk)
    if submit_key and (made := Request.objects.filter(submit_key=submit_key, patron=patron).first()):
        return made
    _check_actor(patron, requesting_library, actor)
    edition = edition_current(edition.pk)
    _check_library(patron, requesting_library)
    _check_edition(edition, patron, requesting_library, confirm_own_copy=confirm_own_copy)
    today = timezone.localdate(timezone=ZoneInfo(requesting_library.time_zone))
    if needed_by is not None and needed_by < today:
        raise RuleViolation(
            "date_past", _("That day has passed. Please choose a later one, or leave it empty.")
        )
    request = Request(
        edition=edition, title=edition.full_title[:1000], citation=citation_of(edition), patron=patron,
        requesting_library=requesting_library, patron_note=note.strip()[:1000], needed_by=needed_by,
        submit_key=submit_key or None, number=next_number(requesting_library, today.year),
    )  # fmt: skip
    try:
        with transaction.atomic():
            return engine.begin(request, actor)
    except IntegrityError:
        return _lost_race(edition, patron, submit_key)


def citation_of(edition: Edition) -> dict[str, Any]:
    """What was wanted, kept with the request: plain values that outlive changes of the record."""
    return {
        "title": edition.full_title, "author": edition.author, "publisher": edition.publisher, "year": edition.year,
        "language": edition.language, "format": edition.format, "isbn": edition.display.get("isbn", []),
        "edition_id": edition.pk,
    }  # fmt: skip


def _check_actor(patron: User, library: Library, actor: Actor) -> None:
    """The reader asks for themself; a librarian may ask for a reader of the own library."""
    if actor.is_system:
        return
    if actor.user_id == patron.pk:
        waiting = patron.memberships.filter(library=library, status=MembershipStatus.PENDING).exists()
        if waiting and not _is_member(patron, library):
            raise _pending(library)
        require(actor, Capability.REQUEST_CREATE)
    else:
        require(actor, Capability.REQUEST_MANAGE)
        if actor.library_id != library.pk:
            raise RuleViolation("other_library", _("You can only ask for readers of your own library."))


def _check_library(patron: User, library: Library) -> None:
    if not library.is_active:
        raise RuleViolation(
            "library_inactive",
            _("%(library)s does not take part in lending at the moment.") % {"library": library.name},
        )
    if not _is_member(patron, library):
        raise _pending(library)


def _is_member(patron: User, library: Library) -> bool:
    return Membership.objects.filter(user=patron, library=library, status=MembershipStatus.CONFIRMED).exists()


def _pending(library: Library) -> RuleViolation:
    return RuleViolation(
        "membership_pending",
        _("%(library)s has not confirmed your membership yet. You can ask for books as soon as it has.")
        % {"library": library.name},
    )


def _check_edition(edition: Edition, patron: User, library: Library, *, confirm_own_copy: bool) -> None:
    if (existing := open_request(patron.pk, edition)) is not None:
        raise _duplicate(existing)
    copies = own_copies(edition.pk, library.pk)
    if copies and not confirm_own_copy:
        raise RuleViolation(
            "own_copy",
            _("%(library)s has this title on its own shelves.") % {"library": library.name},
            locations=[" ".join(filter(None, (copy.location, copy.call_number))) for copy in copies],
        )
    if not lending_libraries(edition.pk, library.pk):
        raise RuleViolation(
            "no_lender", _("No other library of the network can lend this title at the moment.")
        )


def _duplicate(existing: Request) -> RuleViolation:
    return RuleViolation(
        "duplicate",
        _("You have asked for this title already: %(number)s.") % {"number": existing.number},
        number=existing.number,
        url=reverse("loans:my_request", args=[existing.number]),
    )


def _lost_race(edition: Edition, patron: User, submit_key: str) -> Request:
    """Two windows sent the same wish at the same moment; the database let one through."""
    if submit_key and (made := Request.objects.filter(submit_key=submit_key, patron=patron).first()):
        return made
    if (existing := open_request(patron.pk, edition)) is not None:
        raise _duplicate(existing)
    raise RuleViolation("not_saved", _("The request could not be saved. Please send it once more."))
