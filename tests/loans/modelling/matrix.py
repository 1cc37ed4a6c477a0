"""A network for the permission matrix: its one member is the world's library; with a draft and a version."""

from __future__ import annotations

from typing import Any

from loans.modelling.drafts import draft_create
from members.models import Network, NetworkMember
from network_portal.core.actor import Actor


def a_model(world: Any) -> dict[str, Any]:
    network = Network.objects.create(code="MODEL", name="Jaringan")
    NetworkMember.objects.create(network=network, library=world.library)
    return {"code": network.code}


def a_draft(world: Any) -> dict[str, Any]:
    network = Network.objects.get(**a_model(world))
    return {"code": network.code, "pk": draft_create(network=network, actor=Actor.system()).pk}


def a_version(world: Any) -> dict[str, Any]:
    """Beginning a draft keeps the version that counts."""
    return {"code": a_draft(world)["code"], "number": 1}
