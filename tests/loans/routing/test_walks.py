"""Requests on their way through networks of each kind, with the real engine."""

from __future__ import annotations

from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from loans.models import PairBalance, Request, RingToken
from loans.services import rings
from loans.services.offers_closing import close_offers
from loans.workflow import engine
from members.calendars import calendar_of
from members.models import NetworkMember, WorkingHours
from members.permissions import Capability
from network_portal.core.actor import Actor
from network_portal.core.errors import Conflict
from network_portal.core.models import OutgoingMail
from tests.loans.routing.networks import make_network
from tests.loans.world import World


def suppliers(request: Request) -> list[str]:
    return list(request.attempts.order_by("pk").values_list("supplier__short_code", flat=True))


def coordinator_at(world: World, code: str) -> Actor:
    library = world.libraries[code]
    return Actor(
        user_id=world.people["coordinator"].pk, user_name="Coordinator", library_id=library.pk,
        library_name=library.name, channel="web",
        capabilities=frozenset({Capability.NETWORK_DESK.value, Capability.NETWORK_MANAGE.value}),
    )  # fmt: skip


def test_guided_request_waits_for_the_coordinator_and_goes_out_through_it(world: World) -> None:
    make_network(world, guided=True, coordinator_library=world.libraries["MKS"])
    request = world.take(world.submit(), "approve")
    assert (request.status, request.owner_side) == ("coordinator_out", "coordinator")
    assert OutgoingMail.objects.filter(template="loan_coordinator", to_email="desk@mks.example").count() == 1
    request = engine.transition(request, "coordinator_release", coordinator_at(world, "MKS"))
    assert (request.status, request.released_round) == ("asked", 1)
    assert request.attempts.get().via == world.libraries["MKS"]
    request = world.take(request, "decline")
    assert request.status == "asked"  # let through once per round, not once per library


def test_refused_by_the_coordinator_no_library_is_ever_asked(world: World) -> None:
    make_network(world, guided=True, coordinator_library=world.libraries["MKS"])
    request = world.take(world.submit(), "approve")
    request = engine.transition(
        request, "refuse_out", coordinator_at(world, "MKS"), reason="other", note="Asked twice"
    )
    assert (request.status, request.attempts.count()) == ("refused", 0)


def test_star_asks_by_way_of_its_hub_and_the_centre_first(world: World) -> None:
    hub = world.libraries["MKS"]
    make_network(world, topology="star", hub=hub, centre="supplies_first", centre_library=hub)
    request = world.take(world.submit(), "approve", "decline")
    assert suppliers(request) == ["MKS", "JKT"]
    assert request.attempts.last().via == hub


def test_ring_hands_the_token_on_and_an_answer_takes_it_away(world: World) -> None:
    make_network(world, "BDG", "SMG", "MKS", "JKT", topology="ring", hub=world.home)
    request = world.take(world.submit(), "approve")
    first = RingToken.objects.get(request=request)
    assert (first.holder, first.epoch) == (world.libraries["SMG"], 1)
    request = world.take(request, "decline")
    second = RingToken.objects.get(request=request)
    assert (second.holder, second.epoch) == (world.libraries["MKS"], 2)
    assert second.lease_until == request.attempts.get(status="asked").deadline_at
    world.take(request, "accept")
    assert not RingToken.objects.exists()


def offered(world: World, **rules: str) -> Request:
    make_network(world, topology="bus", **rules)
    return world.take(world.submit(), "approve")


def time_is_up() -> int:
    Request.objects.update(deadline_at=timezone.now() - timedelta(minutes=1))
    return close_offers()


def test_best_placed_of_the_willing_gets_it_when_the_time_of_offers_is_over(world: World) -> None:
    request = offered(world, claim_mode="offers")
    for code in ("MKS", "SMG"):
        request = engine.transition(request, "volunteer", world.actor(code))
    assert request.status == "offered"
    assert time_is_up() == 1
    request.refresh_from_db()
    states = dict(request.attempts.values_list("supplier__short_code", "status"))
    assert (request.status, states) == (
        "will_supply", {"SMG": "will_supply", "MKS": "outbid", "JKT": "outbid"},
    )  # fmt: skip


def test_request_that_nobody_takes_moves_on_and_ends_with_the_librarian(world: World) -> None:
    request = offered(world)
    assert time_is_up() == 1
    request.refresh_from_db()
    assert request.status == "end_of_rota"
    assert set(request.attempts.values_list("status", flat=True)) == {"expired"}
    assert time_is_up() == 0


def test_what_was_sent_counts_between_the_two_libraries(world: World) -> None:
    world.request_in("shipped")
    row = PairBalance.objects.get()
    assert (row.supplier, row.requester, row.count_supplied) == (world.libraries["JKT"], world.home, 1)


def in_ring(world: World) -> Request:
    """A request in a ring, asked of Jakarta, which stands behind Bandung."""
    make_network(world, topology="ring", hub=world.libraries["MKS"])
    return world.take(world.submit(), "approve")


def holder(request: Request) -> tuple[str, int]:
    token = RingToken.objects.select_related("holder").get(request=request)
    return token.holder.short_code, token.epoch


def test_lost_token_is_regenerated_after_its_lease(world: World) -> None:
    request = in_ring(world)
    assert holder(request) == ("JKT", 1)
    assert rings.tend_rings() == 0, "the holder still has time"
    RingToken.objects.update(lease_until=timezone.now() - timedelta(hours=1))
    Request.objects.update(stuck_since=timezone.now())  # the clock of the workflow has given it up
    assert rings.tend_rings() == 1
    assert holder(request) == ("SMG", 2)
    assert request.attempts.get(supplier__short_code="JKT").status == "expired"
    RingToken.objects.all().delete()
    assert rings.tend_rings() == 1
    assert holder(request) == ("SMG", 2), "made anew for whoever has the request"
    world.take(Request.objects.get(), "accept")
    assert not RingToken.objects.exists()


def test_ring_rejects_an_answer_of_an_old_epoch_and_keeps_the_request_where_it_is(world: World) -> None:
    request = in_ring(world)
    first = world.supplier(request)
    request = world.take(request, "expire")
    with pytest.raises(Conflict):
        engine.transition(request, "accept", first)  # it no longer holds the token
    second = world.supplier(request)
    with pytest.raises(Conflict) as late:
        engine.transition(request, "accept", second, epoch=1)  # a message from before
    assert late.value.code == "old_epoch"
    RingToken.objects.update(epoch=7)  # passed on meanwhile, by somebody this answer does not know of
    with pytest.raises(Conflict):
        engine.transition(request, "accept", second)
    RingToken.objects.update(epoch=2)
    assert engine.transition(request, "accept", second, epoch=2).status == "will_supply"


def test_token_takes_at_most_n_minus_one_hops_and_every_one_has_its_holders_deadline(world: World) -> None:
    request = in_ring(world)
    WorkingHours.objects.create(library=world.libraries["SMG"], weekday=2, opens=time(9), closes=time(10))
    seen = []
    while request.status == "asked":
        attempt = engine.live_attempt(request)
        assert attempt is not None and attempt.deadline_at is not None
        assert RingToken.objects.get().lease_until == attempt.deadline_at
        local = attempt.deadline_at.astimezone(ZoneInfo(attempt.supplier.time_zone))
        opening = calendar_of(attempt.supplier_id).openings(local.date())
        assert any(opened < attempt.deadline_at <= closed for opened, closed in opening)
        seen.append(attempt.supplier.short_code)
        request = world.take(request, "decline")
    assert seen == ["JKT", "SMG", "MKS"]
    assert request.status == "end_of_rota"
    assert not RingToken.objects.exists()


def test_request_climbs_when_the_regions_working_hours_are_over_not_its_nights(world: World) -> None:
    network = make_network(world, topology="tree", retain_holders=0, climb_hours=8)
    places = {place.library.short_code: place for place in network.members.select_related("library")}
    for code, above in {"BDG": "JKT", "SMG": "JKT", "JKT": "MKS"}.items():
        NetworkMember.objects.filter(pk=places[code].pk).update(parent=places[above])
    WorkingHours.objects.create(library=world.home, weekday=2, opens=time(9), closes=time(10))
    request = world.take(world.submit(), "approve")
    request.attempts.update(asked_at=timezone.now() - timedelta(hours=30))
    request = world.take(request, "decline")
    assert sorted(suppliers(request)) == ["JKT", "SMG"], "an hour of work at most has passed"
    WorkingHours.objects.all().delete()
    request.attempts.update(asked_at=timezone.now() - timedelta(days=9))
    request = world.take(request, "decline")
    assert suppliers(request)[-1] == "MKS", "more than eight hours of work: up it goes"
