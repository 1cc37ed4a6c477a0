"""What every plan of every network keeps, whatever the libraries answer: the invariants of the routing engine."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from loans.routing import runtime
from loans.routing.compiler import compile
from loans.routing.eligibility import why_not
from loans.routing.model import Facts, Plan, Policy, Snapshot, path
from loans.routing.runtime import Ask, Award, EndOfRota, HandToCoordinator, Offer, Progress, following
from loans.routing.store import as_json, from_json
from tests.loans.routing.worlds import COORDINATOR, NOW, facts, policies, snapshots

quick = settings(max_examples=60, deadline=None)


def walk(plan: Plan, answers: list[str]) -> list[tuple[str, tuple[int, ...]]]:
    """Play a round: (what happened, the libraries it happened to), until it ends. One answer per question."""
    log: list[tuple[str, tuple[int, ...]]] = []
    tried: set[int] = set()
    released, volunteers = False, frozenset[int]()
    for answer in [*answers, *["no"] * 100]:
        move = following(plan, Progress(frozenset(tried), None, volunteers, {}, released))
        if isinstance(move, EndOfRota):
            log.append(("end", ()))
            return log
        if isinstance(move, HandToCoordinator):
            log.append(("coordinator", (move.library_id,)))
            released = True
            continue
        if isinstance(move, Award):
            log.append(("filled", (move.library_id,)))
            return log
        asked = (move.candidate,) if isinstance(move, Ask) else move.candidates
        log.append(("ask" if isinstance(move, Ask) else "offer", tuple(c.library_id for c in asked)))
        tried |= {c.library_id for c in asked}
        if answer == "yes" and isinstance(move, Offer) and move.offers:
            volunteers = frozenset(c.library_id for c in asked[-2:])
        elif answer == "yes":
            log.append(("filled", (asked[0].library_id,)))
            return log
    raise AssertionError("the round did not end")


replies = st.lists(st.sampled_from(["no", "no", "no", "silence", "yes"]), max_size=20)


@quick
@given(policies(), facts(), snapshots(), replies)
def test_supplier_is_tried_at_most_once_per_round(
    policy: Policy, wish: Facts, now: Snapshot, answers: list[str]
) -> None:
    asked = [library for what, who in walk(compile(policy, wish, now, seed="s"), answers) for library in who
             if what in ("ask", "offer")]  # fmt: skip
    assert len(asked) == len(set(asked))
    assert wish.requester not in asked


@quick
@given(policies(), facts(), snapshots(), replies)
def test_attempts_are_bounded_and_every_request_ends(
    policy: Policy, wish: Facts, now: Snapshot, answers: list[str]
) -> None:
    plan = compile(policy, wish, now, seed="s")
    log = walk(plan, answers)
    assert log[-1][0] in ("end", "filled")
    questions = sum(len(who) for what, who in log if what in ("ask", "offer"))
    assert questions <= runtime.most_attempts(plan) <= len(now.suppliers) + 3


@quick
@given(policies(), facts(), snapshots(), replies)
def test_at_most_one_live_commitment_per_request(
    policy: Policy, wish: Facts, now: Snapshot, answers: list[str]
) -> None:
    """One library alone is asked at a time; where several are, exactly one of them gets it."""
    plan = compile(policy, wish, now, seed="s")
    log = walk(plan, answers)
    assert all(len(who) == 1 for what, who in log if what == "ask")
    assert sum(1 for what, _who in log if what == "filled") <= 1
    for what, who in log:
        if what == "offer":
            assert policy.topology == "bus" or (wish.service == "copy" and len(who) <= 2)


@quick
@given(policies(), facts(), snapshots())
def test_guided_network_has_no_edge_between_members(policy: Policy, wish: Facts, now: Snapshot) -> None:
    plan = compile(policy, wish, now, seed="s")
    if not policy.guided:
        return
    assert isinstance(following(plan, Progress()), HandToCoordinator)
    for stage in plan.stages:
        for candidate in stage.candidates:
            hops = path(plan, stage, candidate.library_id)
            assert hops[0] == wish.requester and hops[1] == COORDINATOR


@quick
@given(policies(), facts(), snapshots())
def test_between_two_guided_networks_only_coordinators_speak(
    policy: Policy, wish: Facts, now: Snapshot
) -> None:
    plan = compile(policy, wish, now, seed="s")
    for stage in plan.stages:
        if stage.kind == "neighbour_guided":
            assert [row.library_id for row in stage.candidates] == [200]
            assert stage.by_hand is policy.guided
        if policy.guided and stage.kind.startswith("neighbour"):
            assert COORDINATOR in stage.via


@quick
@given(policies(), facts(), snapshots())
def test_same_snapshot_and_seed_give_the_same_plan(policy: Policy, wish: Facts, now: Snapshot) -> None:
    again = Snapshot(**{**vars(now), "taken_at": NOW + timedelta(days=1)})
    assert compile(policy, wish, now, seed="s") == compile(policy, wish, again, seed="s")
    assert now.fingerprint() == again.fingerprint()


@quick
@given(policies(), facts(), snapshots())
def test_each_holder_stands_in_one_place_or_is_left_with_a_reason(
    policy: Policy, wish: Facts, now: Snapshot
) -> None:
    plan = compile(policy, wish, now, seed="s")
    placed = [row.library_id for row in plan.candidates if row.library_id < 100]
    left = [row.library_id for row in plan.left if row.library_id < 100]
    assert sorted(placed + left) == sorted(s.library_id for s in now.suppliers)
    assert all(why_not(row.supplier, wish) is None for row in plan.candidates)


@quick
@given(policies(), facts(), snapshots(), replies)
def test_stored_plan_goes_the_same_way(
    policy: Policy, wish: Facts, now: Snapshot, answers: list[str]
) -> None:
    plan = compile(policy, wish, now, seed="s")
    assert walk(from_json(as_json(plan, now), wish, "s"), answers) == walk(plan, answers)
