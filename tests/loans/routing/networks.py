"""Networks made of the libraries of the loan tests' world."""

from __future__ import annotations

from typing import Any

from loans.models import Request
from members.models import Network, NetworkMember
from tests.loans.world import World


def make_network(world: World, *codes: str, code: str = "NET", **values: Any) -> Network:
    """A network of these libraries (all of the world when none are named), in this order round a ring."""
    network = Network.objects.create(**{"code": code, "name": f"Network {code}", "topology": "mesh"} | values)
    for position, short in enumerate(codes or ("BDG", "JKT", "SMG", "MKS"), start=1):
        NetworkMember.objects.create(
            network=network, library=world.libraries[short], ring_position=position,
            is_home=not NetworkMember.objects.filter(library=world.libraries[short]).exists(),
        )  # fmt: skip
    return network


def approved(world: World, **extra: Any) -> Request:
    """A request as routing meets it: in its first round, with nobody asked."""
    request = world.submit(**extra)
    Request.objects.filter(pk=request.pk).update(round=1)
    return Request.objects.select_related("requesting_library", "edition").get(pk=request.pk)
