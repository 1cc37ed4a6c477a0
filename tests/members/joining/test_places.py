"""Ring, tree and groups, one press at a time; circles are refused."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from members.models import Network, NetworkMember, User
from members.services import places
from tests.members.world import actor_of, client_of, make_library

pytestmark = pytest.mark.django_db


@pytest.fixture
def network() -> Network:
    network = Network.objects.create(code="JB", name="Jabar")
    for place, code in enumerate("ABC", start=1):
        NetworkMember.objects.create(
            network=network, library=make_library(f"P{code}"), ring_position=place * 3
        )
    return network


def member(code: str) -> NetworkMember:
    return NetworkMember.objects.get(library__short_code=code)


def ring() -> list[str]:
    rows = NetworkMember.objects.order_by("ring_position").select_related("library")
    return [row.library.short_code for row in rows]


def test_a_library_moves_up_and_down_and_stops_at_the_ends(network: Network, coordinator: User) -> None:
    page, url = client_of(coordinator), reverse("members:network_order", args=["JB"])
    version = network.version
    page.post(url, {"member": member("PC").pk, "step": "up"})
    assert ring() == ["PA", "PC", "PB"]
    page.post(url, {"member": member("PA").pk, "step": "down"})
    assert ring() == ["PC", "PA", "PB"]
    page.post(url, {"member": member("PC").pk, "step": "up"})
    assert ring() == ["PC", "PA", "PB"]
    network.refresh_from_db()
    assert network.version == version + 2  # what changes nothing makes no new version
    html = page.get(url).content.decode()
    assert html.count("disabled") == 2


def test_a_circle_in_the_tree_is_refused_and_told(network: Network, coordinator: User) -> None:
    page, url = client_of(coordinator), reverse("members:network_order", args=["JB"])
    page.post(url, {"member": member("PB").pk, "parent": member("PA").pk, "cell": "barat"})
    assert member("PB").parent == member("PA") and member("PB").cell == "barat"
    answer = page.post(url, {"member": member("PA").pk, "parent": member("PB").pk, "cell": ""})
    assert answer.status_code == 200 and answer.context["form"].non_field_errors()
    assert member("PA").parent is None
    assert answer.context["cells"] == [("barat", [member("PB").library.name])]


def test_a_member_of_another_network_is_no_place(network: Network, coordinator: User) -> None:
    other = Network.objects.create(code="X", name="X")
    stranger = NetworkMember.objects.create(network=other, library=make_library("PX"))
    with pytest.raises(ValidationError):
        places.member_put(
            network=network, member=member("PA"), parent_id=stranger.pk, cell="", actor=actor_of(coordinator)
        )
    url = reverse("members:network_order", args=["JB"])
    answer = client_of(coordinator).post(url, {"member": stranger.pk, "step": "up"})
    assert answer.status_code == 404
