"""Whatever way a request takes through the table, it ends. What else must hold: tests.loans.workflow.test_machine."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from django.core.exceptions import PermissionDenied
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from loans.models import Request
from loans.workflow import engine
from loans.workflow.guards import MAX_ROUNDS
from loans.workflow.states import LIVE_ATTEMPT, STATES
from loans.workflow.steps import ACTIONS
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation
from tests.loans.world import World, make_world, params_for

# Which of the steps that leave the present state: sequences get far into a loan, and all come to an end.
sensible = st.lists(st.integers(0, 5), max_size=30)


class SequencesOfSteps(TestCase):
    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    @given(sensible)
    def test_any_way_through_the_table_keeps_the_invariants_and_ends(self, choices: list[int]) -> None:
        world = make_world()
        request = world.submit()
        for choice in choices:
            _step(world, request, choice)
            _check(request)
        for _more in range(200):
            if Request.objects.get(pk=request.pk).closed_at:
                break
            _step(world, request, 0)
        assert Request.objects.get(pk=request.pk).outcome


def _try(request: Request, action: str, actor: Actor, version: int | None) -> None:
    before = Request.objects.get(pk=request.pk)
    try:
        engine.transition(request, action, actor, version=version, **params_for(action))
    except (RuleViolation, PermissionDenied):
        after = Request.objects.get(pk=request.pk)
        assert (after.status, after.version) == (before.status, before.version), "a refusal changes nothing"


def _step(world: World, request: Request, choice: int) -> None:
    """One of the steps that leave the present state, as whoever may take it."""
    status = Request.objects.get(pk=request.pk).status
    routing = ("ask_supplier", "end_rota")
    open_steps = [s.action for s in ACTIONS.values() if status in s.sources and s.action not in routing]
    if open_steps:
        action = open_steps[choice % len(open_steps)]
        _try(request, action, world.acting(request, action), None)


def _check(request: Request) -> None:
    now = Request.objects.get(pk=request.pk)
    state = STATES[now.status]
    attempts = list(now.attempts.all())
    live = [attempt for attempt in attempts if attempt.status in LIVE_ATTEMPT]
    assert len(live) <= 1
    standing = {
        state.attempt.value if state.attempt else None,
        "considering" if now.status == "asked" else None,
    }
    assert {attempt.status for attempt in live} <= standing
    assert bool(live) == bool(state.attempt)
    once: list[Any] = [(attempt.round, attempt.supplier_id) for attempt in attempts]
    assert len(once) == len(set(once))
    assert now.round <= MAX_ROUNDS
    assert bool(now.closed_at) == state.is_terminal == bool(now.outcome)
    assert now.status == "approved" or state.is_terminal or now.deadline_at
    events = list(now.events.values_list("version", "from_status", "to_status"))
    assert [version for version, _before, _after in events] == list(range(1, now.version + 1))
    assert all(a[2] == b[1] for a, b in pairwise(events))
    assert events[-1][2] == now.status
