"""A coordinator sets how requests travel: the forms, what they refuse, and what they change."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from loans.routing import reading
from members.models import Network, NetworkMember
from members.services import networks as services
from network_portal.core.models import AuditEntry
from tests.loans.routing.networks import make_network
from tests.loans.world import World

RULES = {
    "code": "JABAR", "name": "Jaringan Jawa Barat", "topology": "mesh", "hub_mode": "opaque", "claim_mode": "first",
    "offer_hours": 4, "parallel": 1, "retain_holders": 3, "climb_hours": 8, "centre": "none", "decay_days": 365,
    "copy_unit": "0.25", "weight_fill": 40, "weight_reciprocity": 30, "weight_load": 10, "weight_speed": 10,
    "weight_distance": 10, "weight_freshness": 5,
}  # fmt: skip


@pytest.fixture
def coordinator(world: World, client: Client) -> Client:
    client.force_login(world.people["coordinator"])
    return client


def post(client: Client, name: str, data: dict[str, Any], **kwargs: Any) -> Any:
    return client.post(reverse(f"members:{name}", kwargs=kwargs), data)


def test_network_is_made_with_its_rules_and_weights(coordinator: Client) -> None:
    assert post(coordinator, "network_new", RULES).status_code == 302
    network = Network.objects.get()
    assert (network.name, network.weights["fill"]) == ("Jaringan Jawa Barat", 0.4)
    assert coordinator.get(reverse("members:networks")).content.count(b"JABAR") >= 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"guided": "on"}, "coordinator_library"), ({"topology": "star"}, "hub"), ({"topology": "ring"}, "hub"),
        ({"centre": "supplies_first"}, "centre_library"), ({"topology": "line"}, "topology"),
        ({"weight_fill": -1}, "weight_fill"), ({"claim_mode": "loudest"}, "claim_mode"), ({"parallel": 3}, "parallel"),
    ],
)  # fmt: skip
def test_rule_that_cannot_work_is_refused_at_its_field(
    coordinator: Client, wrong: dict[str, Any], field: str
) -> None:
    answer = post(coordinator, "network_new", RULES | wrong)
    assert field in answer.context["form"].errors
    assert not Network.objects.exists()


@pytest.mark.parametrize(
    "rules",
    [
        {"topology": "bus", "claim_mode": "first"}, {"topology": "bus", "claim_mode": "offers", "offer_hours": 6},
        {"topology": "mesh", "parallel": 2}, {"topology": "ring", "ring_turns": True, "hub": 1},
        {"topology": "tree", "retain_holders": 0}, {"topology": "star", "hub": 1, "hub_mode": "transparent"},
    ],
)  # fmt: skip
def test_each_shape_can_be_set_in_the_form(world: World, coordinator: Client, rules: dict[str, Any]) -> None:
    typed = RULES | rules | ({"hub": world.home.pk} if "hub" in rules else {})
    assert post(coordinator, "network_new", typed).status_code == 302
    network = Network.objects.get()
    expected = rules | ({"hub": world.home} if "hub" in rules else {})
    assert {name: getattr(network, name) for name in rules} == expected
    for name in ("network_routing", "network_places"):
        assert coordinator.get(reverse(f"members:{name}", kwargs={"code": network.code})).status_code == 200


def test_networks_are_linked_and_parted_in_the_form(world: World, coordinator: Client) -> None:
    other = make_network(world, "MKS", code="EAST")
    assert post(coordinator, "network_new", RULES | {"linked": [other.pk]}).status_code == 302
    network = Network.objects.get(code="JABAR")
    assert reading.linked_with(network.pk) == [other.pk]
    assert reading.linked_with(other.pk) == [network.pk]
    assert post(coordinator, "network_routing", RULES, code="JABAR").status_code == 302
    assert reading.linked_with(network.pk) == []


def test_members_page_shows_the_ring_in_order_and_the_tree(world: World, coordinator: Client) -> None:
    network = make_network(world, "SMG", "BDG", "JKT", topology="ring", hub=world.home)
    page = coordinator.get(reverse("members:network_places", kwargs={"code": network.code}))
    assert page.context["ring"] == [world.libraries[code].name for code in ("SMG", "BDG", "JKT")]
    NetworkMember.objects.exclude(library=world.home).update(
        parent=NetworkMember.objects.get(library=world.home)
    )
    Network.objects.update(topology="tree")
    page = coordinator.get(reverse("members:network_places", kwargs={"code": network.code}))
    (root,) = page.context["tree"]
    assert root.name == world.home.name
    assert len(root.below) == 2


def test_saved_rules_raise_the_version_and_are_audited(coordinator: Client, world: World) -> None:
    network = make_network(world)
    rules = RULES | {"topology": "star", "hub": world.home.pk, "name": network.name}
    assert post(coordinator, "network_routing", rules, code=network.code).status_code == 302
    network.refresh_from_db()
    assert (network.topology, network.hub, network.version) == ("star", world.home, 2)
    assert AuditEntry.objects.get(code="members.network.updated").data["fields"]


def test_library_joins_last_in_the_ring_and_its_first_network_is_its_home(
    world: World, coordinator: Client
) -> None:
    network = make_network(world, "BDG", "JKT")
    assert post(
        coordinator, "network_places", {"what": "add", "library": world.libraries["MKS"].pk}, code=network.code
    ).status_code == 302  # fmt: skip
    member = NetworkMember.objects.get(library__short_code="MKS")
    assert (member.ring_position, member.is_home) == (3, True)


def places(network: Network, **changed: dict[str, Any]) -> dict[str, Any]:
    rows = list(network.members.order_by("ring_position", "library__name"))
    data: dict[str, Any] = {"place-TOTAL_FORMS": len(rows), "place-INITIAL_FORMS": len(rows)}
    for number, row in enumerate(rows):
        values = {
            "id": row.pk,
            "ring_position": row.ring_position,
            "parent": row.parent_id or "",
            "is_active": "on",
        }
        values |= changed.get(row.library.short_code, {})
        data |= {f"place-{number}-{name}": value for name, value in values.items()}
    return data


def test_two_libraries_exchange_their_places_in_the_ring(world: World, coordinator: Client) -> None:
    network = make_network(world, topology="ring", hub=world.home)
    data = places(network, BDG={"ring_position": 2}, JKT={"ring_position": 1})
    assert post(coordinator, "network_places", data, code=network.code).status_code == 302
    assert NetworkMember.objects.get(ring_position=1).library.short_code == "JKT"


def test_same_place_twice_and_a_circle_in_the_tree_are_refused(world: World, coordinator: Client) -> None:
    network = make_network(world, topology="ring", hub=world.home)
    by_code = {row.library.short_code: row for row in network.members.all()}
    twice = places(network, BDG={"ring_position": 2})
    assert post(coordinator, "network_places", twice, code=network.code).status_code == 200
    Network.objects.update(topology="tree")
    circle = places(network, BDG={"parent": by_code["JKT"].pk}, JKT={"parent": by_code["BDG"].pk})
    assert post(coordinator, "network_places", circle, code=network.code).status_code == 200
    assert not NetworkMember.objects.exclude(parent=None).exists()
    assert NetworkMember.objects.get(ring_position=2).library.short_code == "JKT"


def test_member_cannot_join_twice(world: World) -> None:
    network = make_network(world)
    with pytest.raises(ValidationError):
        services.member_add(network=network, library=world.home, actor=world.actor("coordinator"))


def test_unknown_network_is_not_found(coordinator: Client) -> None:
    assert coordinator.get(reverse("members:network_routing", kwargs={"code": "NONE"})).status_code == 404
