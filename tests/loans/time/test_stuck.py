"""The page of what is late: what waits, with whom, since when, and why."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from loans.models import Request, RequestFlag
from loans.selectors.stuck import stuck_by_side, stuck_requests
from tests.loans.world import World


def late(world: World, status: str) -> Request:
    request = world.request_in(status)
    Request.objects.filter(pk=request.pk).update(deadline_at=timezone.now() - timedelta(days=2))
    return Request.objects.get(pk=request.pk)


def test_each_sees_what_concerns_them(world: World) -> None:
    request = late(world, "asked")
    supplier = request.attempts.get().supplier.short_code
    stranger = next(code for code in ("JKT", "SMG", "MKS") if code != supplier)
    for who in ("BDG", supplier, "coordinator"):
        assert list(stuck_requests(world.actor(who))) == [request]
        assert stuck_by_side(stuck_requests(world.actor(who))) == {"supplying": 1}
    assert not stuck_requests(world.actor(stranger))


def test_what_is_not_late_or_over_is_not_there(world: World) -> None:
    world.request_in("asked")
    assert not stuck_requests(world.actor("coordinator"))
    Request.objects.all().delete()
    over = world.request_in("cancelled")
    Request.objects.filter(pk=over.pk).update(deadline_at=timezone.now() - timedelta(days=2))
    assert not stuck_requests(world.actor("coordinator"))


def test_page_tells_whose_turn_it_is_and_why_but_not_who_reads(world: World, client: Client) -> None:
    request = late(world, "lent")
    attempt = request.attempts.get()
    RequestFlag.objects.create(
        request=request, kind="renew_asked", side="supplying", library=attempt.supplier,
        deadline_at=timezone.now() - timedelta(days=1),
    )  # fmt: skip
    client.force_login(world.people["coordinator"])
    (row,) = client.get("/queue/stuck/", headers={"accept-language": "en"}).context["rows"]
    assert (row.number, row.owner) == (request.number, f"the reader of {world.home.name}")
    assert row.why == "With the reader – Longer loan asked for"
    page = client.get("/queue/stuck/?side=patron").content.decode()
    assert request.number in page
    assert "Ayu" not in page
    assert request.number not in client.get("/queue/stuck/?side=supplying").content.decode()


def test_each_is_offered_what_they_can_do_about_it(world: World, client: Client) -> None:
    request = late(world, "asked")
    supplier = request.attempts.get().supplier.short_code
    for who, action in (("BDG", "pass_on"), (supplier, "accept"), ("coordinator", "pass_on")):
        client.force_login(world.people[who])
        page = client.get("/queue/stuck/", headers={"accept-language": "en"})
        (row,) = page.context["rows"]
        assert row.action_url == f"/requests/{request.number}/do/{action}/", who
        assert row.action in page.content.decode()
        assert client.get(row.action_url).status_code == 200
    # Only a word helps where the reader has to bring a book back, and the page is the lender's.
    Request.objects.all().delete()
    lent = late(world, "submitted")
    Request.objects.filter(pk=lent.pk).update(owner_library=world.libraries["JKT"])
    client.force_login(world.people["JKT"])
    (row,) = client.get("/queue/stuck/").context["rows"]
    assert (row.action, row.action_url) == ("", "")
    assert row.mail == ""


def test_page_costs_the_same_for_one_and_many(
    world: World, client: Client, django_assert_max_num_queries
) -> None:  # type: ignore[no-untyped-def]
    client.force_login(world.people["coordinator"])
    for _n in range(3):
        late(world, "submitted")
        world.edition = type(world.edition).objects.create(
            title="Lain", created_at=timezone.now(), changed_at=timezone.now()
        )
        for code in ("JKT", "SMG"):
            world.hold(code)
    with django_assert_max_num_queries(25):
        assert len(client.get("/queue/stuck/").context["rows"]) == 3


@pytest.mark.parametrize("side", ["", "nobody", "portal"])
def test_empty_page_says_so(world: World, client: Client, side: str) -> None:
    client.force_login(world.people["coordinator"])
    response = client.get(f"/queue/stuck/?side={side}", headers={"accept-language": "en"})
    assert response.status_code == 200
    assert response.context["rows"] == []
