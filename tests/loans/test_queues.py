"""The work lists: tabs, search, empty ones, the coordinator's, and what they cost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from loans.models import Request
from loans.services import message_send
from tests.loans.pages import another, client_of, text_of
from tests.loans.world import World


def test_queue_tabs_count_what_they_show(world: World) -> None:
    late = world.submit()
    Request.objects.filter(pk=late.pk).update(deadline_at=timezone.now() - timedelta(days=2))
    world.take(world.submit(edition=another(world)), "approve")
    response = client_of(world, "BDG").get(reverse("loans:queue_requesting"))
    assert {tab["label"]: tab["count"] for tab in response.context["tabs"]} == {
        "To do": 1, "Waiting": 1, "Overdue": 1, "All": 2,
    }  # fmt: skip
    assert [row.number for row in response.context["rows"]] == [late.number]
    assert "2 days late" in text_of(response)


@pytest.mark.parametrize("query", ["Bumi", "000002", "ayu"])
def test_queue_is_searched_by_title_number_and_reader(world: World, query: str) -> None:
    world.submit()
    wanted = world.submit(edition=another(world))
    rows = client_of(world, "BDG").get(reverse("loans:queue_requesting"), {"q": query}).context["rows"]
    assert wanted.number in [row.number for row in rows]
    assert len(rows) == (2 if query == "ayu" else 1)


@pytest.mark.parametrize("name", ["queue_requesting", "queue_supplying"])
@pytest.mark.parametrize("tab", ["todo", "waiting", "overdue", "all"])
def test_empty_queue_says_a_friendly_word(world: World, name: str, tab: str) -> None:
    page = client_of(world, "BDG").get(reverse(f"loans:{name}"), {"tab": tab})
    assert 'class="empty"' in page.content.decode()


def test_coordinator_sees_and_narrows_all_requests(world: World) -> None:
    loan = world.request_in("asked")
    client = client_of(world, "coordinator")
    url = reverse("loans:queue_network")
    assert loan.number in text_of(client.get(url))
    assert loan.number in text_of(client.get(url, {"status": "asked", "library": world.libraries["JKT"].pk}))
    assert loan.number not in text_of(client.get(url, {"status": "lent"}))
    assert loan.number not in text_of(client.get(url, {"library": world.libraries["MKS"].pk}))
    assert client.get(reverse("loans:request", args=[loan.number])).status_code == 200
    assert client_of(world, "BDG").get(url).status_code == 403


def test_queues_cost_the_same_for_one_row_and_for_twenty(world: World) -> None:
    pages = {
        "BDG": "queue_requesting",
        "JKT": "queue_supplying",
        "coordinator": "queue_network",
        "patron": "my_requests",
    }
    _fill(world, 1)
    counts = {who: _queries(client_of(world, who), name) for who, name in pages.items()}
    _fill(world, 19)
    assert counts == {who: _queries(client_of(world, who), name) for who, name in pages.items()}


def _fill(world: World, count: int) -> None:
    for number in range(count):
        loan = world.take(world.submit(edition=another(world, f"Book {number}")), "approve")
        message_send(request=loan, attempt=loan.attempts.get(), body="Hello", actor=world.desk)


def _queries(client: Client, name: str) -> int:
    client.get(reverse(f"loans:{name}"))
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(reverse(f"loans:{name}"), {"tab": "all"}).status_code == 200
    return len(captured)
