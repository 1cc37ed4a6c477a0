"""Adding staff by e-mail address: somebody the portal knows, or somebody who is invited."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.choices import STAFF_ROLES, MembershipStatus, Role
from members.invitations import invitation_path
from members.models import Library, Membership, User
from members.permissions import Capability, require
from members.selectors.people import user_by_email
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation
from network_portal.core.mail import mail_queue


@transaction.atomic
def staff_add(
    *, library: Library, email: str, role: str, actor: Actor, name: str = "", language: str = "id"
) -> Membership:
    """Make a person librarian, manager or (by who runs the network) coordinator; confirmed at once.

    Somebody unknown gets an account without password and a mail with a link to choose one.
    Raises RuleViolation `not_a_staff_role`, `membership_exists`; PermissionDenied if a manager names a coordinator.
    """
    if role not in STAFF_ROLES:
        raise RuleViolation("not_a_staff_role", _("Choose librarian or library manager."))
    if role == Role.COORDINATOR:
        require(actor, Capability.NETWORK_MANAGE)
    user = user_by_email(email)
    invited = user is None
    if user is None:
        user = _account_without_password(email=email, name=name, language=language)
    membership = _membership(user=user, library=library, role=role, actor=actor)
    audit.record(
        "members.staff.invited" if invited else "members.staff.added", actor=actor, target=membership,
        data={"role": role, "library_id": library.pk},
    )  # fmt: skip
    mail_queue(
        template="members_staff_invited" if invited else "members_staff_added",
        to=user, actor=actor, library_id=library.pk, target=membership, sensitive=invited,
        context={
            "library": library, "membership": membership, "by": actor.user_name,
            "url": settings.PORTAL_URL + (invitation_path(user) if invited else "/"),
        },
    )  # fmt: skip
    return membership


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
