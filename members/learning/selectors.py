"""What pages of programmes read."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Prefetch, Q, QuerySet

from members.choices import MembershipStatus, Role
from members.choices_learning import PUBLIC_STATUSES, ProgrammeStatus, RegistrationStatus
from members.models import (
    Attendance,
    CalendarKey,
    Certificate,
    Evaluation,
    LearningRule,
    Library,
    Network,
    NetworkMember,
    Programme,
    ProgrammeSession,
    Registration,
    User,
)
from members.permissions import Capability
from network_portal.core.actor import Actor

LEAST_OPINIONS = 3


def programmes_all() -> QuerySet[Programme]:
    """With host, first and last moment, and how many places are taken."""
    return (
        Programme.objects.select_related("host")
        .prefetch_related("sessions")
        .annotate(
            first_at=Min("sessions__starts_at"),
            last_at=Max("sessions__ends_at"),
            taken=Count(
                "registrations", filter=Q(registrations__status=RegistrationStatus.REGISTERED), distinct=True
            ),
            waiting=Count(
                "registrations", filter=Q(registrations__status=RegistrationStatus.WAITING), distinct=True
            ),
        )
    )


def programmes_visible_to(actor: Actor) -> QuerySet[Programme]:
    """What is public; also the proposals of the own library, or all for who runs the network."""
    found = programmes_all()
    if actor.is_system or actor.can(Capability.NETWORK_MANAGE):
        return found
    seen = Q(status__in=PUBLIC_STATUSES)
    if actor.can(Capability.LEARNING_HOST):
        seen |= Q(host_id=actor.library_id)
    return found.filter(seen)


def programmes_of_host(library_id: int | None) -> QuerySet[Programme]:
    return programmes_all().filter(host_id=library_id).order_by("-pk")


def programmes_proposed() -> QuerySet[Programme]:
    return programmes_all().filter(status=ProgrammeStatus.PROPOSED).order_by("created_at")


def programmes_coming(now: datetime, *, host: Library | None = None, limit: int = 3) -> list[Programme]:
    """The next open ones, for the home page and a library's page."""
    found = programmes_all().filter(Q(last_at__gte=now), status=ProgrammeStatus.OPEN)
    if host is not None:
        found = found.filter(host=host)
    return list(found.order_by(F("first_at"), "pk")[:limit])


def sessions_of(programme: Programme) -> QuerySet[ProgrammeSession]:
    return ProgrammeSession.objects.filter(programme=programme).annotate(present=Count("attendances"))


def sessions_public(
    *, start: datetime | None = None, end: datetime | None = None
) -> QuerySet[ProgrammeSession]:
    """Sessions of what everybody may read, in the order of time; between two moments where given."""
    found = ProgrammeSession.objects.filter(programme__status__in=PUBLIC_STATUSES)
    if start is not None:
        found = found.filter(ends_at__gte=start)
    if end is not None:
        found = found.filter(starts_at__lt=end)
    return found.select_related("programme__host").order_by("starts_at", "pk")


def sessions_of_person(user_id: int) -> QuerySet[ProgrammeSession]:
    """Where the person has a place."""
    return sessions_public().filter(
        programme__registrations__user_id=user_id,
        programme__registrations__status=RegistrationStatus.REGISTERED,
    )


def stays_of_person(user_id: int) -> list[Registration]:
    """The person's agreed internships."""
    return list(
        registrations_all().filter(
            user_id=user_id, status=RegistrationStatus.REGISTERED, internship__isnull=False
        )
    )


def registrations_all() -> QuerySet[Registration]:
    return Registration.objects.select_related("programme__host", "user", "library", "internship")


def registration_of(programme: Programme, user_id: int | None) -> Registration | None:
    """The person's live registration, else the latest one."""
    if user_id is None:
        return None
    mine = registrations_all().filter(programme=programme, user_id=user_id).order_by("pk")
    rows = list(mine)
    return next((row for row in rows if row.is_live), rows[-1] if rows else None)


def registrations_of_person(user_id: int | None) -> QuerySet[Registration]:
    """One's own, newest first, with certificates and sessions."""
    return (
        registrations_all()
        .filter(user_id=user_id or 0)
        .select_related("certificate")
        .prefetch_related("programme__sessions")
        .order_by("-pk")
    )


def registrations_of(programme: Programme) -> QuerySet[Registration]:
    """Who takes part, waits or asks, with what was attended; for the host."""
    return (
        registrations_all()
        .filter(programme=programme)
        .select_related("certificate")
        .prefetch_related(Prefetch("attendances", queryset=Attendance.objects.select_related("session")))
        .order_by("status", "user__name", "pk")
    )


def registrations_waiting_for_sender(library_id: int | None) -> QuerySet[Registration]:
    return (
        registrations_all()
        .filter(
            library_id=library_id or 0,
            status=RegistrationStatus.ASKED,
            needs_sender=True,
            sender_agreed_at=None,
        )
        .order_by("created_at")
    )


def registrations_waiting_for_host(library_id: int | None) -> QuerySet[Registration]:
    return (
        registrations_all()
        .filter(
            programme__host_id=library_id or 0,
            status=RegistrationStatus.ASKED,
            needs_host=True,
            host_agreed_at=None,
        )
        .order_by("created_at")
    )


def certificates_all() -> QuerySet[Certificate]:
    return Certificate.objects.select_related("registration__programme__host")


def certificate_by_code(code: str) -> Certificate | None:
    return certificates_all().filter(code=code).first()


def managers_of(library: Library) -> QuerySet[User]:
    """Who may agree for a library."""
    return User.objects.filter(
        is_active=True, memberships__library=library, memberships__role=Role.MANAGER,
        memberships__status=MembershipStatus.CONFIRMED,
    ).distinct()  # fmt: skip


def present_ids(session: ProgrammeSession) -> set[int]:
    return set(Attendance.objects.filter(session=session).values_list("registration_id", flat=True))


def evaluations_of(programme: Programme) -> list[Evaluation]:
    """Nothing before there are three: two people would know each other's answers."""
    found = list(Evaluation.objects.filter(programme=programme))
    return found if len(found) >= LEAST_OPINIONS else []


def evaluation_count(programme: Programme) -> int:
    return Evaluation.objects.filter(programme=programme).count()


def calendar_turn(user_id: int) -> int | None:
    """The turn of a living person's calendar link; None without one."""
    return (
        CalendarKey.objects.filter(user_id=user_id, user__is_active=True)
        .values_list("turn", flat=True)
        .first()
    )


def opens_at_once(library: Library) -> bool:
    """A network the host belongs to lets proposals open without a coordinator's look."""
    member = NetworkMember.objects.filter(network=OuterRef("network"), library=library)
    return LearningRule.objects.filter(Exists(member), open_at_once=True).exists()


def library_asks(library_id: int | None) -> bool:
    """The sending library wants to be asked before its people take part anywhere."""
    return LearningRule.objects.filter(library_id=library_id or 0, ask_sender=True).exists()


def networks_with_rule() -> list[tuple[Network, bool]]:
    """Every network, and whether proposals open at once there."""
    rules = dict(LearningRule.objects.filter(network__isnull=False).values_list("network_id", "open_at_once"))
    return [
        (one, rules.get(one.pk, False)) for one in Network.objects.filter(is_active=True).order_by("name")
    ]


def is_of_network(library_id: int | None, programme: Programme) -> bool:
    return NetworkMember.objects.filter(network__programmes=programme, library_id=library_id or 0).exists()


def libraries_choosable() -> QuerySet[Library]:
    return Library.objects.exclude(status="left").order_by("name")


def networks_choosable() -> QuerySet[Network]:
    return Network.objects.filter(is_active=True).order_by("name")


def hosts() -> QuerySet[Library]:
    """Libraries that gave or give something."""
    return Library.objects.filter(programmes__status__in=PUBLIC_STATUSES).distinct().order_by("name")


def last_day(programme: Programme) -> date | None:
    """The last day on which one can register: the one that was named, else the day it begins."""
    if programme.register_until:
        return programme.register_until
    first = programme.sessions.order_by("starts_at").values_list("starts_at", flat=True).first()
    return first.date() if first else None
