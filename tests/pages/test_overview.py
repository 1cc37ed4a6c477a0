"""The coordinator's first page: what waits for a decision, four figures with their weeks, the members."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from lxml import html

from catalog.models import Run
from loans.models import Request
from network_portal.pages import overview
from tests.catalog.search.world import library
from tests.loans.world import World, make_person, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def coordinator(world: World, client: Client) -> Client:
    client.force_login(make_person("ikhtisar@example.org", world.home, "coordinator"))
    client.cookies["django_language"] = "en"
    cache.clear()
    return client


def page_of(client: Client) -> Any:
    response = client.get("/overview/")
    assert response.status_code == 200
    return html.fromstring(response.content.decode())


def alike(world: World, number: int) -> list[Request]:
    """As many requests in the same state, of other readers."""
    first = world.request_in("asked")
    made = [first]
    for place in range(1, number):
        other = Request.objects.get(pk=first.pk)
        other.pk, other.number, other.patron = None, f"{first.number}-{place}", None
        other.reader_name, other.patron_key = f"Pembaca {place}", f"{place:064}"
        other.save()
        made.append(other)
    return made


def waiting(page: Any) -> dict[str, int]:
    links = page.xpath("//ul[contains(@class, 'decisions')]//a")
    return {
        " ".join(link.text_content().split()).partition(" ")[2]: int(link.find("strong").text)
        for link in links
    }


def test_what_waits_is_counted_and_the_longest_wait_comes_first(coordinator: Client, world: World) -> None:
    late = world.request_in("asked")
    Request.objects.filter(pk=late.pk).update(deadline_at=timezone.now() - timedelta(days=9))
    source = library("HELD", "Perpustakaan Menahan").sources.create(name="Katalog")
    Run.objects.create(
        source=source, status="done", deletes_held=500, finished_at=timezone.now() - timedelta(days=1)
    )
    found = waiting(page_of(coordinator))
    assert list(found)[:2] == ["Requests past their deadline", "Catalogues that hold a large deletion back"]
    assert found["Requests past their deadline"] == 1
    # A later run has settled it.
    Run.objects.create(source=source, status="done", finished_at=timezone.now())
    assert "Catalogues that hold a large deletion back" not in waiting(page_of(coordinator))


def test_nothing_waits_is_said(coordinator: Client) -> None:
    page = page_of(coordinator)
    assert waiting(page) == {} and "Nothing waits" in page.text_content()


def test_figures_are_of_four_weeks_with_their_twelve(world: World) -> None:
    cache.clear()
    for days, request in zip((1, 2, 40), alike(world, 3), strict=True):
        Request.objects.filter(pk=request.pk).update(created_at=timezone.now() - timedelta(days=days))
    with override("en"):
        requests = overview.trends()[0]
    assert (requests.label, requests.value, requests.before) == ("Requests", "2", "1")
    assert requests.text.endswith("0; 0; 0; 0; 0; 0; 1; 0; 0; 0; 0; 2")
    assert [bar.height for bar in requests.bars] == [16, 32]


def test_the_page_costs_the_same_however_much_waits(
    coordinator: Client, world: World, django_assert_max_num_queries: Any
) -> None:
    alike(world, 5)
    page_of(coordinator)
    cache.clear()
    with django_assert_max_num_queries(40):
        page_of(coordinator)


def test_coordinators_land_here_and_others_may_not_see_it(coordinator: Client, world: World) -> None:
    assert coordinator.get("/account/after-login/").headers["Location"] == "/overview/"
    librarian = Client()
    librarian.force_login(make_person("lain@example.org", world.home, "librarian"))
    assert librarian.get("/overview/").status_code == 403
