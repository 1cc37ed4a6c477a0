"""Letting a guided request go, by hand in the pages."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from loans.models import Request
from tests.loans.routing.networks import make_network
from tests.loans.world import World


def press(client: Client, world: World, who: str, request: Request, action: str) -> Request:
    client.force_login(world.people[who])
    where = {"number": request.number}
    page = client.get(reverse("loans:request", kwargs=where)).content.decode()
    address = reverse("loans:request_action", kwargs=where | {"action": action})
    assert address in page
    client.post(address, {"version": request.version})
    return Request.objects.get(pk=request.pk)


def test_coordinator_lets_a_guided_request_go_on_its_page(world: World, client: Client) -> None:
    make_network(world, guided=True, coordinator_library=world.home)
    request = world.take(world.submit(), "approve")
    request = press(client, world, "coordinator", request, "coordinator_release")
    assert request.status == "asked"


def test_desk_is_searched_and_its_tabs_count_what_was_found(world: World, client: Client) -> None:
    make_network(world, guided=True, coordinator_library=world.home)
    request = world.take(world.submit(), "approve")
    client.force_login(world.people["coordinator"])
    for word, count in ((request.title.split()[0], 1), ("zzz", 0)):
        page = client.get(reverse("loans:queue_desk"), {"q": word})
        assert [tab["count"] for tab in page.context["tabs"]] == [count, 0, 0, count]
        assert [row.number for row in page.context["rows"]] == [request.number][:count]
