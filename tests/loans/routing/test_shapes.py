"""Each shape of a network asks in its own way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from loans.routing import token
from loans.routing.compiler import compile
from loans.routing.model import Facts, Neighbour, Plan, Policy
from loans.routing.runtime import Ask, Award, EndOfRota, Offer, Progress, following
from loans.routing.scoring import fill_of
from loans.routing.topologies.ring import order_from
from tests.loans.routing.worlds import CENTRE, COORDINATOR, HUB, NOW, REQUESTER, snapshot, supplier

WISH = Facts("T-1", REQUESTER)
LEASE = timedelta(hours=8)


def asked(plan: Plan, **progress: object) -> list[int]:
    """The libraries of a plan in the order in which a round of noes meets them."""
    tried: list[int] = []
    while True:
        move = following(plan, Progress(tried=frozenset(tried), released=True, **progress))  # type: ignore[arg-type]
        if isinstance(move, Ask):
            tried.append(move.candidate.library_id)
        elif isinstance(move, Offer):
            tried += [row.library_id for row in move.candidates]
        else:
            return tried


def planned(policy: Policy, *suppliers: object, wish: Facts = WISH, **told: object) -> Plan:
    return compile(policy, wish, snapshot(*suppliers, **told), seed="s")  # type: ignore[arg-type]


def test_bus_shows_the_request_to_everyone_at_once_and_only_once() -> None:
    plan = planned(Policy(topology="bus"), *(supplier(n) for n in range(1, 6)))
    move = following(plan, Progress())
    assert isinstance(move, Offer) and len(move.candidates) == 5 and not move.offers
    assert isinstance(following(plan, Progress(tried=frozenset({1}))), EndOfRota)


def test_offers_window_ranks_before_awarding() -> None:
    near, far = supplier(7, km=5), supplier(8, km=900)
    plan = planned(Policy(topology="bus", claim_mode="offers"), far, near)
    move = following(plan, Progress())
    assert isinstance(move, Offer) and move.offers and move.hours == 4
    tried = frozenset({7, 8})
    assert following(plan, Progress(tried=tried, volunteers=tried)) == Award(7)
    assert following(plan, Progress(tried=tried, volunteers=frozenset({8}))) == Award(8)


def test_ring_goes_on_from_the_requester_whatever_the_rank() -> None:
    ring = (5, 6, REQUESTER, 7, 8)
    plan = planned(
        Policy(topology="ring", hub=HUB), supplier(5), supplier(8, km=1), supplier(7, km=900), ring=ring
    )
    assert asked(plan) == [7, 8, 5]


def test_ring_begins_at_its_cursor_where_it_has_one() -> None:
    now = snapshot(ring=(5, 6, REQUESTER, 7, 8), cursor=6)
    assert order_from(REQUESTER, now) == [6, 7, 8, 5]


def test_mediator_leaves_the_ring_for_an_express_request() -> None:
    express = replace(WISH, level="express")
    rows = (supplier(5), supplier(8, km=1), supplier(7, km=900))
    plan = planned(Policy(topology="ring", hub=HUB), *rows, wish=express, ring=(5, 6, REQUESTER, 7, 8))
    assert asked(plan)[0] == 8
    assert plan.stages[0].kind == "ring_broken"


def test_ring_rejects_a_message_of_an_old_epoch() -> None:
    first = token.start((5, 6, 7), NOW, LEASE, members=4)
    assert first is not None
    second = token.pass_on(first, (5, 6, 7), NOW, LEASE)
    assert second is not None and (second.holder, second.epoch) == (6, 2)
    second.accepts(6, 2)
    with pytest.raises(token.StaleEpoch):
        second.accepts(5, 1)
    with pytest.raises(token.StaleEpoch):
        second.accepts(6, 1)


@pytest.mark.parametrize("members", [2, 3, 9])
def test_ring_token_ttl_is_n_minus_one(members: int) -> None:
    order = tuple(range(1, 30))
    held, hops = token.start(order, NOW, LEASE, members=members), 0
    while held is not None:
        hops += 1
        held = token.pass_on(held, order, NOW, LEASE)
    assert hops == members - 1


def test_lost_token_is_regenerated_after_its_lease_and_past_those_who_left() -> None:
    held = token.start((5, 6, 7), NOW, LEASE, members=4)
    assert held is not None
    assert token.regenerate(held, (5, 6, 7), NOW + LEASE / 2, LEASE) == held
    again = token.regenerate(held, (5, 6, 7), NOW + LEASE, LEASE, skip=frozenset({6}))
    assert again is not None and (again.holder, again.epoch) == (7, 2)


def test_star_passes_everything_through_the_hub() -> None:
    plan = planned(Policy(topology="star", hub=HUB), supplier(7), supplier(8))
    assert {stage.via for stage in plan.stages} == {(HUB,)}


@pytest.mark.parametrize(("centre", "place"), [("supplies_first", 0), ("supplies_last", -1)])
def test_star_hub_first_and_last(centre: str, place: int) -> None:
    """Whatever its rank: here it is the farthest, and then the nearest."""
    policy = Policy(topology="star", hub=HUB, centre=centre, centre_library=HUB)
    rows = (supplier(7, km=10), supplier(8, km=20), supplier(HUB, km=3000 if place == 0 else 0))
    order = asked(planned(policy, *rows))
    assert order[place] == HUB and sorted(order) == [HUB, 7, 8]


def test_clearing_centre_changes_no_order() -> None:
    rows = [supplier(n, km=10 * n) for n in (CENTRE, 7, 8)]
    plain = planned(Policy(), *rows)
    cleared = planned(Policy(centre="clearing", centre_library=CENTRE), *rows)
    assert asked(plain) == asked(cleared)
    assert cleared.notes == ("clearing",)


TREE = {REQUESTER: 2, 10: 2, 11: 2, 12: 2, 20: 3, 2: 1, 3: 1, 1: None}


def test_tree_asks_the_own_region_first_and_climbs() -> None:
    policy = Policy(topology="tree", retain_holders=3)
    plan = planned(policy, supplier(20, km=1), supplier(10, km=900), supplier(1, km=2), parents=TREE)
    assert asked(plan)[0] == 10
    assert set(asked(plan)[1:]) == {1, 20}


def test_tree_does_not_leave_a_region_with_three_holders() -> None:
    policy = Policy(topology="tree", retain_holders=3)
    plan = planned(policy, *(supplier(n) for n in (10, 11, 12, 20)), parents=TREE)
    assert set(asked(plan)) == {10, 11, 12}
    assert [(row.library_id, row.rule) for row in plan.left] == [(20, "retained")]
    two = planned(policy, *(supplier(n) for n in (10, 11, 20)), parents=TREE)
    assert asked(two)[-1] == 20


def test_holders_that_said_no_before_still_keep_the_request_in_their_region() -> None:
    policy = Policy(topology="tree", retain_holders=3)
    rows = (supplier(10), supplier(11), supplier(12, tried=True), supplier(20))
    assert set(asked(planned(policy, *rows, parents=TREE))) == {10, 11}


def test_tree_climbs_when_the_regions_time_is_over() -> None:
    policy = Policy(topology="tree", climb_hours=8)
    plan = planned(policy, supplier(10), supplier(11), supplier(20), parents=TREE)
    move = following(plan, Progress(tried=frozenset({10}), hours_in_stage={0: 8.0}))
    assert isinstance(move, Ask) and move.candidate.library_id == 20


def test_circle_in_the_tree_ends_the_climb() -> None:
    plan = planned(
        Policy(topology="tree"), supplier(10), supplier(20), parents={REQUESTER: 2, 2: 3, 3: 2, 10: 3}
    )
    assert asked(plan) == [10, 20]


def test_mesh_asks_two_at_once_for_a_copy_and_one_for_a_loan() -> None:
    policy = Policy(parallel=2)
    rows = [supplier(n, km=n) for n in (5, 6, 7)]
    copy = following(planned(policy, *rows, wish=replace(WISH, service="copy")), Progress())
    assert isinstance(copy, Offer) and [row.library_id for row in copy.candidates] == [5, 6]
    assert isinstance(following(planned(policy, *rows), Progress()), Ask)


def test_neighbour_is_asked_after_everyone_at_home() -> None:
    near = Neighbour(2, "Neighbour", False, None, (supplier(200, km=0), supplier(7)))
    plan = planned(Policy(), supplier(7, km=900), supplier(8, km=900), neighbours=(near,))
    assert sorted(asked(plan)[:2]) == [7, 8]
    assert asked(plan)[2:] == [200]


def test_guided_neighbour_waits_for_the_coordinators_hand() -> None:
    near = Neighbour(2, "Neighbour", True, 250, (supplier(200), supplier(201)))
    guided = Policy(guided=True, coordinator=COORDINATOR)
    plan = planned(guided, supplier(7), neighbours=(near,))
    assert asked(plan) == [7]
    assert asked(plan, by_hand=True) == [7, 250]
    assert plan.stages[-1].candidates[0].supplier.stands_for == 2


def test_pause_when_deficit_and_no_reciprocity_lifts_it() -> None:
    giver = supplier(7, net_surplus=31.0, pause_deficit=30)
    assert planned(Policy(), giver).left[0].rule == "paused"
    assert asked(planned(Policy(), replace(giver, net_surplus=30.0))) == [7]
    assert asked(planned(Policy(), replace(giver, no_reciprocity=True))) == [7]


@pytest.mark.parametrize(
    ("told", "rule"),
    [
        ({"active": False}, "not_active"), ({"supplies": False}, "service"), ({"tried": True}, "tried"),
        ({"availability": "reference"}, "on_the_spot"), ({"formats": frozenset({"map"})}, "format"),
        ({"levels": frozenset({"rush"})}, "level"), ({"do_not_route": "never_ask"}, "do_not_route"),
        ({"open_supplies": 5, "max_open": 5}, "cap"),
        ({"supplied_week": 2, "max_week": 2}, "week"), ({"supplied_month": 8, "max_month": 8}, "month"),
        ({"served_this_year": 3, "max_per_requester": 3}, "yearly"), ({"cost": Decimal(20)}, "cost"),
    ],
)  # fmt: skip
def test_library_that_may_not_be_asked_is_left_with_the_rule(told: dict[str, object], rule: str) -> None:
    plan = planned(
        Policy(),
        supplier(7, **told),
        supplier(8, cost=Decimal(1)),
        wish=replace(WISH, cost_limit=Decimal(10)),
    )
    assert [(row.library_id, row.rule) for row in plan.left] == [(7, rule)]
    assert asked(plan) == [8]


def test_reference_copy_can_be_copied_from() -> None:
    plan = planned(Policy(), supplier(7, availability="reference"), wish=replace(WISH, service="copy"))
    assert asked(plan) == [7]


def test_closed_library_is_passed_over_unless_all_are_closed() -> None:
    closed = supplier(7, closed_hours=200.0)
    assert asked(planned(Policy(), closed, supplier(8, closed_hours=62.0))) == [8]
    assert asked(planned(Policy(), closed)) == [7]


def test_no_holder_ends_at_once_and_says_so() -> None:
    assert following(planned(Policy()), Progress()) == EndOfRota("nobody")


def better(*rows: object, **told: object) -> int:
    return asked(planned(Policy(), *rows, **told))[0]


def test_each_factor_alone_moves_a_library_up() -> None:
    assert better(supplier(7), supplier(8, pair_surplus=-10)) == 8
    assert better(supplier(7), supplier(8, net_surplus=-10)) == 8
    assert better(supplier(7, open_supplies=9), supplier(8)) == 8
    assert better(supplier(7, median_hours=40, answered=9), supplier(8, median_hours=4, answered=9)) == 8
    assert better(supplier(7, fill_rate=0.2, fill_answers=9), supplier(8, fill_rate=0.9, fill_answers=9)) == 8
    assert better(supplier(7, told_days=900), supplier(8, told_days=2)) == 8
    assert better(supplier(7, km=400), supplier(8, km=20)) == 8


def test_no_score_outweighs_availability_agreement_or_cell() -> None:
    strong = {
        "km": 0,
        "fill_rate": 1.0,
        "fill_answers": 99,
        "median_hours": 1.0,
        "answered": 99,
        "pair_surplus": -99.0,
    }
    assert better(supplier(7, availability="on_loan", **strong), supplier(8, km=3000)) == 8
    assert better(supplier(7, **strong), supplier(8, km=3000, agreement_rank=2)) == 8
    assert better(supplier(7, **strong), supplier(8, km=3000, same_cell=True)) == 8


def test_few_answers_count_little() -> None:
    """One lucky answer does not beat a long good record."""
    lucky = supplier(7, fill_rate=1.0, fill_answers=1)
    steady = supplier(8, fill_rate=0.95, fill_answers=200)
    assert better(lucky, steady) == 8


def test_success_with_this_format_leans_on_success_with_all_and_that_on_the_networks() -> None:
    now = snapshot(fill_rate=0.8)
    known = {"fill_rate": 0.9, "fill_answers": 95.0}
    assert fill_of(supplier(7), now) == 0.8
    assert fill_of(supplier(7, **known), now) == pytest.approx(0.895)
    assert fill_of(supplier(7, **known, format_fill=0.1, format_answers=5.0), now) == pytest.approx(0.4975)


def test_success_with_this_format_decides_between_libraries_alike_in_all() -> None:
    known = {"fill_rate": 0.8, "fill_answers": 60.0, "format_answers": 20.0}
    assert better(supplier(7, format_fill=0.1, **known), supplier(8, format_fill=0.9, **known)) == 8


def test_ties_are_drawn_and_not_always_for_the_same_library() -> None:
    now = snapshot(supplier(7), supplier(8), supplier(9))
    firsts = {compile(Policy(), WISH, now, seed=str(n)).candidates[0].library_id for n in range(40)}
    assert firsts == {7, 8, 9}
