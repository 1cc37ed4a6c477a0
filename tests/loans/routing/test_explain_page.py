"""The dry run: a coordinator sees which libraries would be asked, and why; nothing is sent."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from loans.models import RoutingPlan, SupplyAttempt
from members.models import LibraryPolicy
from tests.loans.routing.networks import make_network
from tests.loans.world import World


def ask(client: Client, world: World, **values: Any) -> Any:
    client.force_login(world.people["coordinator"])
    wish = {"library": world.home.pk, "title": world.edition.pk, "service": "loan", "level": "normal"}
    return client.get(reverse("loans:routing_explain"), wish | values, HTTP_ACCEPT_LANGUAGE="en")


def test_plan_is_shown_with_every_factor_and_who_is_left_out(world: World, client: Client) -> None:
    make_network(world, name="Jawa Barat")
    LibraryPolicy.objects.create(library=world.libraries["MKS"], service="loan", supplies=False)
    answer = ask(client, world)
    page = answer.content.decode()
    assert [row.name for row in answer.context["stages"][0].candidates] == [
        "Perpustakaan Jakarta", "Perpustakaan Semarang",
    ]  # fmt: skip
    assert "Jawa Barat" in page and "Perpustakaan Makassar" in page
    assert len(answer.context["stages"][0].candidates[0].factors) == 6
    assert RoutingPlan.objects.count() == SupplyAttempt.objects.count() == 0


def test_title_nobody_has_and_unknown_numbers_are_told(world: World, client: Client) -> None:
    world.edition.holdings.all().delete()
    assert ask(client, world).context["stages"] == []
    assert "title" in ask(client, world, title="999999").context["form"].errors
    assert "title" in ask(client, world, title="9780306406157").context["form"].errors
    assert "title" in ask(client, world, title="<script>").context["form"].errors


def test_page_without_a_question_shows_the_form_alone(world: World, client: Client) -> None:
    client.force_login(world.people["coordinator"])
    answer = client.get(reverse("loans:routing_explain"))
    assert answer.status_code == 200 and "stages" not in answer.context


def test_request_tells_why_these_libraries_to_its_own_side_only(world: World, client: Client) -> None:
    request = world.request_in("asked")
    address = reverse("loans:request_libraries", kwargs={"number": request.number})
    for who, status in (("BDG", 200), ("coordinator", 200), ("JKT", 404), ("SMG", 404)):
        client.force_login(world.people[who])
        assert client.get(address).status_code == status, who
    client.force_login(world.people["BDG"])
    page = client.get(address).content.decode()
    assert page.index("Perpustakaan Jakarta") < page.index("Perpustakaan Semarang")
    assert address in client.get(reverse("loans:request", kwargs={"number": request.number})).content.decode()


def test_request_that_is_not_approved_has_no_plan_yet(world: World, client: Client) -> None:
    client.force_login(world.people["BDG"])
    address = reverse("loans:request_libraries", kwargs={"number": world.submit().number})
    assert client.get(address).context["rounds"] == []
