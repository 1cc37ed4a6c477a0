"""Guided networks of the loan tests' libraries, and people at their desks."""

from __future__ import annotations

from typing import Any

from loans.models import Request
from loans.workflow import engine
from members.choices import MembershipStatus, Role
from members.models import Library, Membership, Network, NetworkLink
from members.permissions import ROLE_CAPABILITIES
from network_portal.core.actor import Actor
from tests.loans.routing.networks import make_network
from tests.loans.world import World


def person(world: World, code: str, role: str = Role.COORDINATOR) -> Actor:
    """Somebody with a role at a library."""
    library = world.libraries[code]
    user = world.people["coordinator" if role == Role.COORDINATOR else code]
    return Actor(
        user_id=user.pk, user_name=f"{role} {code}", library_id=library.pk, library_name=library.name, channel="web",
        capabilities=frozenset(str(one.value) for one in ROLE_CAPABILITIES[role]),
    )  # fmt: skip


def works_at(world: World, code: str) -> None:
    """The coordinator of the world works at another library from now on."""
    Membership.objects.filter(user=world.people["coordinator"]).update(library=world.libraries[code])


def star(world: World, *codes: str, **values: Any) -> Network:
    """Guided by MKS, which is also the hub; BDG asks, JKT and SMG lend."""
    hub = world.libraries["MKS"]
    return make_network(
        world, *codes, **{"guided": True, "topology": "star", "hub": hub, "coordinator_library": hub} | values
    )


def at_desk(world: World, **extra: Any) -> Request:
    return world.take(world.submit(**extra), "approve")


def two_networks(world: World) -> tuple[Network, Network]:
    """BDG and its coordinator JKT on one side; SMG, which holds the title, and its coordinator MKS on the other."""
    left = make_network(
        world, "BDG", "JKT", code="WEST", guided=True, coordinator_library=world.libraries["JKT"]
    )
    right = make_network(
        world, "SMG", "MKS", code="EAST", guided=True, coordinator_library=world.libraries["MKS"]
    )
    NetworkLink.objects.create(left=left, right=right, is_open=True)
    return left, right


def take(request: Request, action: str, actor: Actor, **params: Any) -> Request:
    return engine.transition(request, action, actor, **params)


__all__ = ["Library", "MembershipStatus", "at_desk", "person", "star", "take", "two_networks", "works_at"]
