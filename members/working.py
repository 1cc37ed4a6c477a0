"""For which library a person works right now, and what they may do there. Built once per web request."""

from __future__ import annotations

from dataclasses import dataclass

from members.choices import STAFF_ROLES, MembershipStatus, Role
from members.models import Membership, User
from members.netsettings import SECOND_FACTOR
from members.permissions import NOT_WHILE_INACTIVE, READER_CAPABILITIES, Capability, capabilities_of
from members.selectors.people import has_second_factor, live_memberships
from network_portal.core.actor import Actor

SESSION_KEY = "working_library"
RANK = {Role.PATRON: 0, Role.LIBRARIAN: 1, Role.MANAGER: 2, Role.COORDINATOR: 3}


@dataclass(frozen=True)
class Working:
    """The person's live memberships, the one they work in, and the actor that follows from it."""

    actor: Actor
    memberships: tuple[Membership, ...] = ()
    current: Membership | None = None
    second_factor_missing: bool = False  # staff pages stay shut until one is set up
    withheld: frozenset[Capability] = frozenset()  # what the second factor would open

    @property
    def choices(self) -> list[Membership]:
        """One membership for each library the person may switch to: the highest confirmed role there."""
        best: dict[int, Membership] = {}
        for membership in self.memberships:
            if membership.is_confirmed:
                best.setdefault(membership.library_id, membership)
        return list(best.values())

    @property
    def is_staff(self) -> bool:
        return self.current is not None and self.current.is_confirmed and self.current.role in STAFF_ROLES

    @property
    def waiting(self) -> list[Membership]:
        """Libraries that have not decided yet."""
        return [m for m in self.memberships if m.status == MembershipStatus.PENDING]


def working_anonymous() -> Working:
    return Working(actor=Actor.anonymous())


def working_of(user: User, *, library_id: int | None = None, channel: str = "web") -> Working:
    """The person at the chosen library; without a (valid) choice, where their confirmed role is highest.

    All confirmed roles at that library count together. One query.
    """
    memberships = sorted(
        live_memberships(user), key=lambda m: (m.is_confirmed, RANK.get(Role(m.role), 0)), reverse=True
    )
    confirmed = [m for m in memberships if m.is_confirmed]
    chosen = [m for m in confirmed if m.library_id == library_id]
    current = next(iter(chosen or confirmed or memberships), None)
    if current is None:
        return _without_library(user, channel)
    allowed = _capabilities_at(current, confirmed)
    withheld: frozenset[Capability] = frozenset()
    if SECOND_FACTOR.now() and not getattr(current, "has_second_factor", False):
        withheld = allowed - READER_CAPABILITIES
    return Working(
        actor=Actor(
            user_id=user.pk, user_name=str(user), library_id=current.library_id,
            library_name=current.library.name, channel=channel, role=current.role,
            capabilities=frozenset(str(capability) for capability in allowed - withheld),
        ),
        memberships=tuple(memberships),
        current=current,
        second_factor_missing=bool(withheld),
        withheld=withheld,
    )  # fmt: skip


def _capabilities_at(current: Membership, confirmed: list[Membership]) -> frozenset[Capability]:
    roles = [m.role for m in confirmed if m.library_id == current.library_id]
    allowed: frozenset[Capability] = frozenset().union(*(capabilities_of(role) for role in roles))
    return allowed if current.library.is_active else allowed - NOT_WHILE_INACTIVE


def _without_library(user: User, channel: str) -> Working:
    """Nobody's reader and nobody's staff. Only who installed the portal must be able to admit the first library."""
    allowed = capabilities_of(Role.COORDINATOR) if user.is_superuser else frozenset()
    withheld = allowed if SECOND_FACTOR.now() and allowed and not has_second_factor(user) else frozenset()
    actor = Actor(
        user_id=user.pk, user_name=str(user), channel=channel,
        role=Role.COORDINATOR if user.is_superuser else "",
        capabilities=frozenset(str(capability) for capability in allowed - withheld),
    )  # fmt: skip
    return Working(actor=actor, second_factor_missing=bool(withheld), withheld=withheld)
