"""A library's staff by e-mail address: somebody the portal knows, or somebody who is invited; and their roles."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.choices import STAFF_ROLES, MembershipStatus, Role
from members.invitations import invitation_path
from members.leaving import access_ended, links_end
from members.models import Library, Membership, User
from members.permissions import Capability, require
from members.selectors.people import user_by_email
from members.services.memberships import keep_one_in_charge, membership_end, membership_locked
from members.working import RANK
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import Conflict, RuleViolation
from network_portal.core.mail import mail_queue


def roles_grantable(actor: Actor) -> list[Role]:
    """The staff roles the actor may give or take: all up to the own one, a coordinator's only by a coordinator."""
    if actor.is_system or actor.can(Capability.NETWORK_MANAGE):
        return list(STAFF_ROLES)
    return [Role.LIBRARIAN, Role.MANAGER] if actor.can(Capability.LIBRARY_EDIT) else []


def _require_grantable(role: str, actor: Actor) -> None:
    if role not in STAFF_ROLES:
        raise RuleViolation("not_a_staff_role", _("Choose librarian or library manager."))
    require(actor, Capability.NETWORK_MANAGE if role == Role.COORDINATOR else Capability.LIBRARY_EDIT)


@transaction.atomic
def staff_add(
    *, library: Library, email: str, role: str, actor: Actor, name: str = "", language: str = "id"
) -> Membership:
    """Make a person librarian, manager or (by who runs the network) coordinator; confirmed at once.

    Somebody unknown gets an account without password; who has none yet, a mail with a link to choose one.
    Raises RuleViolation `not_a_staff_role`, `membership_exists`; PermissionDenied above the actor's own role.
    """
    _require_grantable(role, actor)
    user = user_by_email(email) or _account_without_password(email=email, name=name, language=language)
    membership = _membership(user=user, library=library, role=role, actor=actor)
    audit.record(
        "members.staff.invited" if user.is_invited else "members.staff.added", actor=actor, target=membership,
        data={"role": role, "library_id": library.pk},
    )  # fmt: skip
    _tell(membership, actor=actor)
    return membership


@transaction.atomic
def staff_role_set(*, membership: Membership, role: str, actor: Actor) -> Membership:
    """Give a member of staff another role; a lower one ends every session of theirs.

    Raises PermissionDenied above the actor's own role, RuleViolation `not_a_staff_role`, `membership_exists`,
    `last_manager`, `last_coordinator`; Conflict `not_confirmed`.
    """
    _require_grantable(role, actor)
    _require_grantable(membership.role, actor)
    row = membership_locked(membership)
    before = row.role
    if before == role:
        return row
    lower = RANK[Role(role)] < RANK[Role(before)]
    if lower:
        keep_one_in_charge(row)
    row.role = role
    try:
        with transaction.atomic():
            row.save(update_fields=["role"])
    except IntegrityError as error:
        raise RuleViolation(
            "membership_exists", _("This person has that role at the library already.")
        ) from error
    audit.record("members.staff.role_set", actor=actor, target=row, data={"before": before, "role": role})
    if lower:
        access_ended(row, actor=actor)
    return row


@transaction.atomic
def invitation_resend(*, membership: Membership, actor: Actor) -> Membership:
    """Send the invitation again with a new link; the older link stops working. Conflict `invitation_answered`."""
    row = _invitation(membership, actor)
    links_end(row.user)
    audit.record("members.staff.invited_again", actor=actor, target=row)
    _tell(row, actor=actor)
    return row


@transaction.atomic
def invitation_withdraw(*, membership: Membership, actor: Actor) -> Membership:
    """Take an unanswered invitation back; link and waiting mail die with it. Conflict `invitation_answered`."""
    row = _invitation(membership, actor)
    audit.record("members.staff.withdrawn", actor=actor, target=row)
    return membership_end(membership=row, actor=actor)


def _invitation(membership: Membership, actor: Actor) -> Membership:
    _require_grantable(membership.role, actor)
    row = membership_locked(membership)
    user = User.objects.select_for_update().get(pk=row.user_id)
    if not user.is_invited:
        raise Conflict("invitation_answered", _("This person has come already: the invitation is used."))
    row.user = user
    return row


def _tell(membership: Membership, *, actor: Actor) -> None:
    user, library, invited = membership.user, membership.library, membership.user.is_invited
    mail_queue(
        template="members_staff_invited" if invited else "members_staff_added",
        to=user, actor=actor, library_id=library.pk, target=membership, sensitive=invited,
        context={
            "library": library, "membership": membership, "by": actor.user_name,
            "url": settings.PORTAL_URL + (invitation_path(user) if invited else "/"),
        },
    )  # fmt: skip


def _account_without_password(*, email: str, name: str, language: str) -> User:
    user = User.objects.create_user(email=email.strip(), password=None, name=name.strip(), language=language)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=False)
    return user


def _membership(*, user: User, library: Library, role: str, actor: Actor) -> Membership:
    try:
        with transaction.atomic():
            return Membership.objects.create(
                user=user, library=library, role=role, status=MembershipStatus.CONFIRMED,
                decided_at=timezone.now(), decided_by_id=actor.user_id,
            )  # fmt: skip
    except IntegrityError as error:
        raise RuleViolation(
            "membership_exists", _("This person has that role at the library already.")
        ) from error
