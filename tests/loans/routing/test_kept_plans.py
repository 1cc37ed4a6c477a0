"""Plans as they are kept: what of the libraries' settings counts, what they cost, and what comes next."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone, translation

from catalog.choices import ItemStatus
from loans.models import PairBalance, Request, RingCursor, RoutingPlan, SupplyAttempt
from loans.routing.explain import explain, explain_left
from loans.routing.plans import plan_store_many
from loans.routing.runtime import Ask, EndOfRota, HandToCoordinator, Offer
from loans.services import routing
from members.models import (
    AgreementParty,
    AgreementTerm,
    DoNotRoute,
    Library,
    LibraryPolicy,
    Network,
    NetworkLink,
    NetworkMember,
)
from tests.loans.routing.networks import approved, make_network
from tests.loans.world import World


def order(request: Request) -> list[str]:
    codes = {library.pk: library.short_code for library in Library.objects.all()}
    plan = routing.plan_store(request)
    return [codes[row["library"]] for stage in plan.stages for row in stage["candidates"]]


def left(request: Request) -> dict[str, str]:
    codes = {library.pk: library.short_code for library in Library.objects.all()}
    return {codes[row["library"]]: row["rule"] for row in routing.plan_store(request).excluded}


def policy(world: World, code: str, **values: Any) -> None:
    LibraryPolicy.objects.create(library=world.libraries[code], service="loan", **values)


def test_without_a_network_all_libraries_ask_one_another_nearest_first(world: World) -> None:
    assert order(approved(world)) == ["JKT", "SMG", "MKS"]


def test_plan_of_a_round_is_made_once_and_kept(world: World) -> None:
    request = approved(world)
    first = routing.plan_store(request)
    world.hold("BDG")
    assert routing.plan_store(request) == first
    assert RoutingPlan.objects.count() == 1
    assert len(first.snapshot_hash) == 16


def test_plan_costs_the_same_for_three_libraries_and_for_thirty(
    world: World, django_assert_max_num_queries: Any
) -> None:
    make_network(world)
    request = approved(world)
    with django_assert_max_num_queries(28) as few:
        routing.plan_store(request)
    RoutingPlan.objects.all().delete()
    for number in range(27):
        code = f"L{number:02d}"
        library = Library.objects.create(short_code=code, name=code, city="X", library_type="public")
        world.libraries[code] = library
        NetworkMember.objects.create(network=Network.objects.get(), library=library)
        world.hold(code)
    with django_assert_max_num_queries(len(few)):
        assert len(order(request)) == 30


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"supplies": False}, "service"), ({"lends_formats": ["map"]}, "format"),
        ({"max_open": 0}, "cap"), ({"max_per_requester_year": 0}, "yearly"),
    ],
)  # fmt: skip
def test_library_is_left_out_by_its_own_policy(world: World, values: dict[str, Any], rule: str) -> None:
    policy(world, "JKT", **values)
    request = approved(world)
    assert order(request) == ["SMG", "MKS"]
    assert left(request) == {"JKT": rule}


def test_price_above_the_readers_limit_leaves_a_library_out_unless_an_agreement_makes_it_free(
    world: World,
) -> None:
    policy(world, "JKT", cost_basis="fixed", cost_amount=Decimal(50_000))
    dear = approved(world)
    dear.cost_limit_amount, dear.currency = Decimal(10_000), "IDR"
    assert left(dear) == {"JKT": "cost"}
    agreement(world, "BDG", "JKT")
    RoutingPlan.objects.all().delete()
    assert order(dear)[0] == "JKT"


def agreement(world: World, *codes: str, **values: Any) -> AgreementTerm:
    term = AgreementTerm.objects.create(
        **{"name": "Pair", "scope": "pair", "valid_from": timezone.localdate()} | values
    )
    for code in codes:
        AgreementParty.objects.create(agreement=term, library=world.libraries[code])
    return term


def test_closer_agreement_comes_first_and_an_ended_one_counts_for_nothing(world: World) -> None:
    agreement(world, "BDG", "MKS")
    yesterday = timezone.localdate() - timedelta(days=1)
    agreement(world, "BDG", "SMG", valid_from=yesterday - timedelta(days=9), valid_until=yesterday)
    assert order(approved(world)) == ["MKS", "JKT", "SMG"]


@pytest.mark.parametrize(
    ("who", "other", "direction", "gone"),
    [
        ("BDG", "JKT", "never_ask", True), ("JKT", "BDG", "never_serve", True), ("JKT", "BDG", "both", True),
        ("JKT", "BDG", "never_ask", False), ("BDG", "JKT", "never_serve", False),
    ],
)  # fmt: skip
def test_do_not_route_keeps_two_libraries_apart_in_the_direction_named(
    world: World, who: str, other: str, direction: str, gone: bool
) -> None:
    DoNotRoute.objects.create(library=world.libraries[who], other=world.libraries[other], direction=direction)
    assert ("JKT" not in order(approved(world))) is gone


def test_giving_more_than_receiving_moves_down_and_pauses(world: World) -> None:
    PairBalance.objects.create(
        supplier=world.libraries["JKT"], requester=world.home, service="loan", units=40
    )
    assert order(approved(world))[0] == "SMG"
    policy(world, "JKT", pause_deficit=30)
    RoutingPlan.objects.all().delete()
    assert left(Request.objects.get()) == {"JKT": "paused"}


def test_what_was_given_long_ago_no_longer_pauses(world: World) -> None:
    PairBalance.objects.create(
        supplier=world.libraries["JKT"], requester=world.home, service="loan", units=40,
        as_of=timezone.now() - timedelta(days=365),
    )  # fmt: skip
    policy(world, "JKT", pause_deficit=30)
    assert "JKT" in order(approved(world))


def test_own_group_of_a_mesh_comes_first(world: World) -> None:
    make_network(world)
    NetworkMember.objects.filter(library__short_code__in=("BDG", "MKS")).update(cell="east")
    assert order(approved(world))[0] == "MKS"


def test_library_outside_the_network_or_pausing_is_left_with_its_reason(world: World) -> None:
    make_network(world, "BDG", "JKT", "SMG")
    NetworkMember.objects.filter(library__short_code="SMG").update(paused_until=timezone.localdate())
    request = approved(world)
    assert order(request) == ["JKT"]
    assert left(request) == {"MKS": "outside", "SMG": "not_active"}


def test_neighbouring_networks_libraries_come_last(world: World) -> None:
    own = make_network(world, "BDG", "MKS")
    near = make_network(world, "JKT", "SMG", code="NEAR")
    NetworkLink.objects.create(left=own, right=near)
    assert order(approved(world)) == ["MKS", "JKT", "SMG"]


def test_each_move_looks_again_at_who_can_be_asked(world: World) -> None:
    request = approved(world)
    move = routing.next_step(request)
    assert isinstance(move, Ask) and move.candidate.supplier.name == "Perpustakaan Jakarta"
    world.edition.holdings.filter(library__short_code="JKT").update(status=ItemStatus.REFERENCE)
    move = routing.next_step(request)
    assert isinstance(move, Ask) and move.position == 2
    Library.objects.exclude(pk=world.home.pk).update(lends=False)
    assert routing.next_step(request) == EndOfRota("nobody")


def test_seat_of_a_move_tells_what_the_attempt_keeps(world: World) -> None:
    request = approved(world)
    move = routing.next_step(request)
    assert isinstance(move, Ask)
    seat = routing.seats(request, move)[0]
    assert (seat.stage, seat.position, seat.mode, seat.call_number) == (0, 1, "seq", "899.221 3 HIR l")
    assert {row["code"] for row in seat.why} == {
        "reciprocity",
        "load",
        "speed",
        "fill",
        "freshness",
        "distance",
    }
    assert seat.rank["factors"]["availability"] == "available"


def test_bus_offers_to_all_and_star_goes_by_way_of_its_hub(world: World) -> None:
    network = make_network(world, topology="bus")
    request = approved(world)
    move = routing.next_step(request)
    assert isinstance(move, Offer) and len(routing.seats(request, move)) == 3
    RoutingPlan.objects.all().delete()
    Network.objects.filter(pk=network.pk).update(topology="star", hub=world.libraries["MKS"])
    request = Request.objects.get()
    move = routing.next_step(request)
    assert isinstance(move, Ask)
    assert routing.seats(request, move)[0].via_id == world.libraries["MKS"].pk


def test_ring_follows_its_order_and_its_cursor_moves_on(world: World) -> None:
    make_network(world, "JKT", "BDG", "SMG", "MKS", topology="ring", hub=world.libraries["MKS"])
    assert order(approved(world)) == ["SMG", "MKS", "JKT"]
    Network.objects.update(ring_turns=True)
    RingCursor.objects.create(network=Network.objects.get(), position=3)
    RoutingPlan.objects.all().delete()
    assert order(Request.objects.get())[0] == "MKS"
    assert RingCursor.objects.get().position == 4


def test_guided_request_goes_to_the_coordinator_until_it_is_let_go(world: World) -> None:
    make_network(world, guided=True, coordinator_library=world.libraries["MKS"])
    request = approved(world)
    assert routing.next_step(request) == HandToCoordinator(
        Network.objects.get().pk, world.libraries["MKS"].pk
    )
    request.released_round = 1
    assert isinstance(routing.next_step(request), Ask)


def test_many_requests_are_moved_on_with_the_queries_of_one(
    world: World, django_assert_max_num_queries: Any
) -> None:
    requests = []
    for number in range(8):
        edition = world.edition if not number else make_title(world, number)
        requests.append(approved(world, edition=edition))
    for request in requests:
        routing.plan_store(request)
    with django_assert_max_num_queries(6):
        assert all(isinstance(move, Ask) for move in routing.next_steps(requests).values())


def test_many_plans_are_made_with_the_queries_of_one_and_are_the_same(
    world: World, django_assert_max_num_queries: Any
) -> None:
    make_network(world, topology="ring", hub=world.libraries["BDG"], ring_turns=True)
    RingCursor.objects.create(network=Network.objects.get(), position=1)
    requests = [approved(world, edition=make_title(world, n, "JKT", "SMG", "MKS")) for n in range(6)]
    with django_assert_max_num_queries(30) as one:
        alone = [plan_store_many(requests[:1])[requests[0].pk]]
    with django_assert_max_num_queries(len(one)):
        together = plan_store_many(requests[1:])
    RingCursor.objects.update(position=2)
    RoutingPlan.objects.exclude(request=requests[0]).delete()
    for request in requests[1:]:
        alone.append(routing.plan_store(request))
        assert alone[-1].stages == together[request.pk].stages
        assert alone[-1].excluded == together[request.pk].excluded
        assert alone[-1].snapshot_hash == together[request.pk].snapshot_hash
    first = [plan.stages[0]["candidates"][0]["library"] for plan in alone]
    assert len(set(first)) == 3, "the ring is entered one library further on each time"


def make_title(world: World, number: int, *codes: str) -> Any:
    from tests.loans.world import make_edition

    edition = make_edition(f"Book {number}")
    for code in codes or ("JKT",):
        world.hold(code, edition)
    return edition


def test_plan_is_told_in_the_readers_language_with_every_factor(world: World) -> None:
    policy(world, "JKT", supplies=False)
    told = routing.stored(routing.plan_store(approved(world)))
    with translation.override("en"):
        stage = explain(told)[0]
        assert stage.sentence == "Asked one after the other, the best placed first."
        assert [factor.label for factor in stage.candidates[0].factors] == [
            "Success", "Give and take", "Load", "Speed", "Freshness", "Distance",
        ]  # fmt: skip
        assert "available" in stage.candidates[0].line
        assert explain_left(told) == [("Perpustakaan Jakarta", "does not offer this service")]


def test_dry_run_writes_nothing_and_tells_the_same_as_the_plan(world: World) -> None:
    told = routing.dry_run(network=None, library=world.home, edition=world.edition)
    assert [row["name"].split()[-1] for row in told["stages"][0]["candidates"]] == [
        "Jakarta",
        "Semarang",
        "Makassar",
    ]
    assert RoutingPlan.objects.count() == SupplyAttempt.objects.count() == 0
