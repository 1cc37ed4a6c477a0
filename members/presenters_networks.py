"""How a network is told on its pages: its three axes, each with a sentence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from members.choices import Centre, ClaimMode, Topology
from members.models import Network, NetworkMember


@dataclass(frozen=True)
class NetworkCard:
    name: str
    code: str
    size: int
    facts: list[tuple[str, Any]]


def network_cards(networks: Iterable[Network]) -> list[NetworkCard]:
    """One per network; they come with `size`."""
    return [
        NetworkCard(one.name, one.code, one.size, network_facts(one))  # type: ignore[attr-defined]
        for one in networks
    ]


def network_facts(network: Network) -> list[tuple[str, Any]]:
    shape, centre = Topology(network.topology), Centre(network.centre)
    rows: list[tuple[str, Any]] = [(_("Shape"), f"{shape.label}. {shape.meaning}")]
    if shape is Topology.BUS:
        rows.append((_("Who gets a request"), ClaimMode(network.claim_mode).label))
    if shape in (Topology.RING, Topology.STAR) and network.hub is not None:
        label = _("Mediator") if shape is Topology.RING else _("Hub")
        rows.append((label, network.hub.name))
    rows.append((_("Guided"), _guided(network)))
    named = (
        f" ({network.centre_library.name})" if network.centre_library and centre is not Centre.NONE else ""
    )
    rows.append((_("Special centre"), f"{centre.label}{named}. {centre.meaning}"))
    return rows


@dataclass(frozen=True)
class Branch:
    """A member of a tree with those below it."""

    name: str
    below: list[Branch]


def ring_of(members: Iterable[NetworkMember]) -> list[str]:
    """The names in the order in which a request goes round."""
    placed = [
        (one.ring_position, one.library.name)
        for one in members
        if one.ring_position is not None and one.is_active
    ]
    return [name for _place, name in sorted(placed)]


def tree_of(members: Iterable[NetworkMember]) -> list[Branch]:
    """The members that stand below nobody, each with its own below it."""
    below: dict[int | None, list[NetworkMember]] = defaultdict(list)
    for one in sorted(members, key=lambda row: row.library.name):
        below[one.parent_id].append(one)

    def branch(one: NetworkMember) -> Branch:
        return Branch(one.library.name, [branch(child) for child in below[one.pk]])

    return [branch(one) for one in below[None]]


def _guided(network: Network) -> str:
    if not network.guided or network.coordinator_library is None:
        return _("No. Members deal with one another directly.")
    return _("Yes. Every request and every message passes %(library)s.") % {
        "library": network.coordinator_library.name
    }
