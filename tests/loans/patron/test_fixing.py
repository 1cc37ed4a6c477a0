"""A reader completes what the library asked about, and says yes or no to a price."""

from __future__ import annotations

from decimal import Decimal

from django.urls import reverse

from loans.citation import Citation
from loans.models import MediationRule, Request
from loans.workflow import engine
from tests.loans.pages import client_of, text_of
from tests.loans.world import World


def _article(world: World) -> Request:
    citation = Citation(genre="article", title="Gizi", container="Medika", year="1998")
    request = world.submit(edition=None, citation=citation, origin="blank", purpose="research")
    return Request.objects.get(pk=request.pk)


def test_reader_completes_what_the_library_asked(world: World) -> None:
    request = _article(world)
    engine.transition(request, "ask_patron", world.desk, note="Which volume?")
    client = client_of(world, "patron")
    url = reverse("loans:my_request_step", args=[request.number, "fix"])
    assert url in client.get(reverse("loans:my_request", args=[request.number])).content.decode()
    assert "Which volume?" in text_of(client.get(url))
    client.post(
        url, {"title": "Gizi", "container": "Medika", "year": "1998", "volume": "3", "doi": "10.1000/182"}
    )
    request.refresh_from_db()
    assert request.status != "needs_patron_fix"
    assert (request.part["volume"], request.identifiers) == ("3", {"doi": "10.1000/182"})


def test_incomplete_correction_is_not_taken(world: World) -> None:
    request = _article(world)
    engine.transition(request, "ask_patron", world.desk, note="Which volume?")
    url = reverse("loans:my_request_step", args=[request.number, "fix"])
    page = client_of(world, "patron").post(url, {"title": "Gizi", "container": "", "year": "1998"})
    assert list(page.context["form"].errors) == ["container"]
    request.refresh_from_db()
    assert request.status == "needs_patron_fix"


def test_reader_says_yes_to_the_price_and_the_rules_decide_again(world: World) -> None:
    request = world.submit(cost_limit=Decimal(1000))
    MediationRule.objects.create(library=world.home, effect="auto")
    engine.transition(request, "ask_cost", world.desk, amount=Decimal(25_000), note="Postage")
    client = client_of(world, "patron")
    url = reverse("loans:my_request_step", args=[request.number, "approve_cost"])
    assert "25" in text_of(client.get(url))
    client.post(url, {})
    request.refresh_from_db()
    assert request.cost_approved_at is not None
    assert (request.status, request.unmediated) == ("asked", True)


def test_reader_says_no_to_the_price(world: World) -> None:
    request = world.submit()
    engine.transition(request, "ask_cost", world.desk, amount=Decimal(25_000), note="Postage")
    url = reverse("loans:my_request_step", args=[request.number, "decline_cost"])
    client_of(world, "patron").post(url, {})
    request.refresh_from_db()
    assert request.status == "cancelled"
