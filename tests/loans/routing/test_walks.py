"""Requests on their way through networks of each kind, with the real engine."""

from __future__ import annotations

from loans.models import PairBalance, Request, RingToken
from loans.workflow import engine
from members.permissions import Capability
from network_portal.core.actor import Actor
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


def test_offers_are_ranked_when_their_time_is_over(world: World) -> None:
    make_network(world, topology="bus", claim_mode="offers")
    request = world.take(world.submit(), "approve")
    assert request.status == "offered"
    assert request.attempts.filter(status="offered").count() == 3


def test_what_was_sent_counts_between_the_two_libraries(world: World) -> None:
    world.request_in("shipped")
    row = PairBalance.objects.get()
    assert (row.supplier, row.requester, row.count_supplied) == (world.libraries["JKT"], world.home, 1)
