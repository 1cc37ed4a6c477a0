"""Reading people and their memberships."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from members.choices import STAFF_ROLES, MembershipStatus, Role
from members.models import Library, Membership, User
from network_portal.core.actor import Actor

LIVE = (MembershipStatus.PENDING, MembershipStatus.CONFIRMED)


def live_memberships(user: User) -> QuerySet[Membership]:
    """Pending and confirmed memberships with their library; `has_second_factor` says if MFA is set up."""
    factor = Authenticator.objects.filter(user_id=OuterRef("user_id"), type=Authenticator.Type.TOTP)
    return (
        Membership.objects.filter(user=user, status__in=LIVE)
        .select_related("library")
        .annotate(has_second_factor=Exists(factor))
    )


def has_second_factor(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def memberships_of(user: User) -> QuerySet[Membership]:
    """All of the person's memberships, also refused and ended ones, newest first."""
    return Membership.objects.filter(user=user).select_related("library").order_by("-created_at", "-pk")


def _readers(actor: Actor) -> QuerySet[Membership]:
    if actor.library_id is None:
        return Membership.objects.none()
    return Membership.objects.filter(library_id=actor.library_id, role=Role.PATRON)


def readers_visible_to(actor: Actor) -> QuerySet[Membership]:
    """Readers of the actor's library, with `email_verified`; the longest waiting first."""
    verified = EmailAddress.objects.filter(user_id=OuterRef("user_id"), verified=True)
    return (
        _readers(actor)
        .select_related("user", "library")
        .annotate(email_verified=Exists(verified))
        .order_by("created_at", "pk")
    )


def readers_counts(actor: Actor) -> dict[str, int]:
    """How many readers of the actor's library wait, are confirmed, and exist in all."""
    return _readers(actor).aggregate(
        pending=Count("pk", filter=Q(status=MembershipStatus.PENDING)),
        confirmed=Count("pk", filter=Q(status=MembershipStatus.CONFIRMED)),
        all=Count("pk"),
    )


def staff_of(library: Library) -> QuerySet[Membership]:
    """The library's confirmed staff by name."""
    return (
        Membership.objects.filter(library=library, role__in=STAFF_ROLES, status=MembershipStatus.CONFIRMED)
        .select_related("user")
        .order_by("user__name", "user__email", "pk")
    )


def staff_to_list(library: Library, order: tuple[str, ...]) -> QuerySet[Membership]:
    """The library's confirmed staff, invited people among them, in an order that the page offers."""
    return staff_of(library).order_by(*order)


def coordinators() -> QuerySet[User]:
    """Active coordinators of the network, each once."""
    return User.objects.filter(
        is_active=True, memberships__role=Role.COORDINATOR, memberships__status=MembershipStatus.CONFIRMED
    ).distinct()


def user_by_email(email: str) -> User | None:
    return User.objects.filter(email__iexact=email.strip()).first()


def readers_in(rows: QuerySet[Membership], tab: str) -> QuerySet[Membership]:
    """Those of one state; `all` gives every one, the newest first."""
    return rows.order_by("-created_at", "-pk") if tab == "all" else rows.filter(status=tab)


def readers_sorted(rows: QuerySet[Membership], order: tuple[str, ...]) -> QuerySet[Membership]:
    """In an order that the page offers, with their kind; without one as they came."""
    rows = rows.select_related("user", "library", "category")
    return rows.order_by(*order) if order else rows
