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
    assert len(answer.context["stages"][0].candidates[0].factors) == 5
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
