"""What happens at once when somebody stops working for a library; called by services in their own transaction.

Rooms above hang in what they have given to staff (keys, desks) with `at_leaving`, from their apps.py.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import F

from members.choices import STAFF_ROLES, MembershipStatus
from members.models import Membership, User
from network_portal.core.actor import Actor
from network_portal.core.choices import MailStatus
from network_portal.core.models import OutgoingMail

Receiver = Callable[..., None]
_receivers: list[Receiver] = []


def at_leaving(receiver: Receiver) -> Receiver:
    """Call `receiver(membership=, actor=)` when the person holds no staff role at that library any more."""
    if receiver not in _receivers:
        _receivers.append(receiver)
    return receiver


def access_ended(membership: Membership, *, actor: Actor) -> None:
    """A staff role has ended or became lower: every session ends, so does every link in a mail on its way."""
    if membership.role not in STAFF_ROLES and membership.status == MembershipStatus.ENDED:
        return
    sessions_end(membership.user)
    if not _still_works_there(membership):
        _links_end(membership)
        for receiver in _receivers:
            receiver(membership=membership, actor=actor)


def sessions_end(user: User) -> None:
    """Log the person out everywhere: the next page of any session finds another epoch than it began with.

    What a session remembered, the working library too, is thrown away with it.
    """
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.refresh_from_db(fields=["session_epoch"])


def links_end(user: User) -> None:
    """An invitation that was not answered stops working: its link is bound to the password's hash."""
    if user.is_invited:
        user.set_unusable_password()
        user.save(update_fields=["password"])


def _links_end(membership: Membership) -> None:
    links_end(membership.user)
    waiting = OutgoingMail.objects.filter(
        target_type=membership._meta.label_lower, target_id=str(membership.pk), status=MailStatus.QUEUED
    )
    waiting.update(status=MailStatus.WITHDRAWN, next_attempt_at=None)


def _still_works_there(membership: Membership) -> bool:
    live = Membership.objects.filter(
        user_id=membership.user_id, library_id=membership.library_id, role__in=STAFF_ROLES,
        status=MembershipStatus.CONFIRMED,
    )  # fmt: skip
    return live.exists()
