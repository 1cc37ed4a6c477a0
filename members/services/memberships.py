"""What librarians decide about their library's readers, and managers about its staff."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from members.choices import MembershipStatus, Role
from members.leaving import access_ended
from members.models import Library, Membership
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import Conflict, RuleViolation
from network_portal.core.mail import mail_queue


@transaction.atomic
def membership_confirm(*, membership: Membership, actor: Actor) -> Membership:
    """Take a waiting person on as reader, and tell them by mail.

    Raises Conflict `not_waiting` after somebody else's decision, RuleViolation `own_membership` for oneself.
    """
    row = _waiting(membership, actor)
    _decide(row, MembershipStatus.CONFIRMED, actor)
    _tell(row, "members_patron_confirmed", actor, url=reverse("catalog:search"))
    return row


@transaction.atomic
def membership_refuse(*, membership: Membership, reason: str, actor: Actor) -> Membership:
    """Refuse a waiting person with a reason, which the mail to them quotes.

    Raises RuleViolation `reason_missing`, `own_membership`; Conflict `not_waiting`.
    """
    if not reason.strip():
        raise RuleViolation("reason_missing", _("Please say why, so that the person knows what to do."))
    row = _waiting(membership, actor)
    row.note = reason.strip()[:300]
    _decide(row, MembershipStatus.REFUSED, actor, data={"reason": row.note})
    _tell(row, "members_patron_refused", actor, url=reverse("members:account"))
    return row


@transaction.atomic
def waiting_dismiss(*, library: Library, actor: Actor) -> int:
    """Nobody of a library that left can take on whoever still waits to become its reader: each is told. How many."""
    waiting = Membership.objects.select_for_update(of=("self",)).select_related("user", "library")
    rows = list(waiting.filter(library=library, status=MembershipStatus.PENDING).order_by("pk"))
    for row in rows:
        with override(row.user.language):
            row.note = _("The library has left the network.")
            _decide(row, MembershipStatus.REFUSED, actor, data={"reason": row.note})
            _tell(row, "members_patron_refused", actor, url=reverse("members:account"))
    return len(rows)


@transaction.atomic
def membership_end(*, membership: Membership, actor: Actor) -> Membership:
    """End a confirmed membership. A library keeps at least one manager, the network at least one coordinator.

    Raises RuleViolation `last_manager` or `last_coordinator`; Conflict `not_confirmed`.
    """
    row = membership_locked(membership)
    keep_one_in_charge(row)
    _decide(row, MembershipStatus.ENDED, actor)
    access_ended(row, actor=actor)
    return row


def membership_locked(membership: Membership) -> Membership:
    """The confirmed membership, locked so that nobody else ends or changes one of this library meanwhile.

    One change at a time per library, and one at a time of a coordinator, wherever they sit. Conflict `not_confirmed`.
    """
    if membership.role == Role.COORDINATOR:
        _lock_coordinators()
    Library.objects.select_for_update().get(pk=membership.library_id)
    row = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("user", "library")
        .get(pk=membership.pk)
    )
    if row.status != MembershipStatus.CONFIRMED:
        raise Conflict("not_confirmed", _("This membership has ended already."))
    if (
        row.role == Role.COORDINATOR and membership.role != Role.COORDINATOR
    ):  # became one a moment ago: not locked
        raise Conflict("role_changed", _("A colleague was faster: the role has changed. Nothing was done."))
    return row


def keep_one_in_charge(row: Membership) -> None:
    """RuleViolation `last_manager`, `last_coordinator` if nobody would be left; an open invitation leads nothing."""
    if row.user.is_invited:
        return
    if row.role == Role.MANAGER and not _another(row, library=row.library):
        raise RuleViolation("last_manager", _("A library needs a manager: name another one first."))
    if row.role == Role.COORDINATOR and not _another(row):
        raise RuleViolation("last_coordinator", _("The network needs a coordinator: name another one first."))


def _lock_coordinators() -> None:
    """In one order, so that two ends at the same moment wait for each other instead of both leaving nobody."""
    rows = Membership.objects.filter(role=Role.COORDINATOR, status=MembershipStatus.CONFIRMED)
    list(rows.select_for_update().order_by("pk").values_list("pk", flat=True))


def _another(row: Membership, **scope: Any) -> bool:
    others = Membership.objects.filter(role=row.role, status=MembershipStatus.CONFIRMED, user__is_active=True)
    invited = Q(user__last_login=None, user__password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return others.filter(**scope).exclude(pk=row.pk).exclude(invited).exclude(user=row.user).exists()


def _waiting(membership: Membership, actor: Actor) -> Membership:
    row = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("user", "library")
        .get(pk=membership.pk)
    )
    if row.user_id == actor.user_id:
        raise RuleViolation("own_membership", _("Somebody else at your library must decide about you."))
    if row.status != MembershipStatus.PENDING:
        raise Conflict(
            "not_waiting", _("A colleague was faster: this person is no longer waiting. Nothing was changed.")
        )
    return row


def _decide(
    row: Membership, status: MembershipStatus, actor: Actor, data: dict[str, Any] | None = None
) -> None:
    row.status, row.decided_at, row.decided_by_id = status, timezone.now(), actor.user_id
    row.save(update_fields=["status", "note", "decided_at", "decided_by_id"])
    audit.record(f"members.membership.{status.value}", actor=actor, target=row, data=data)


def _tell(row: Membership, template: str, actor: Actor, *, url: str) -> None:
    mail_queue(
        template=template, to=row.user, actor=actor, library_id=row.library_id, target=row,
        context={"library": row.library, "membership": row, "url": settings.PORTAL_URL + url},
    )  # fmt: skip
