"""Two people at the same moment, on a real database: exactly one wins, the other is told."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection

from loans.models import Request, RequestEvent, SupplyAttempt
from loans.workflow import engine
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation
from network_portal.core.models import OutgoingMail
from tests.loans.world import make_world, params_for

pytestmark = pytest.mark.django_db(transaction=True)


def together(request: Request, *moves: tuple[str, Actor]) -> list[str]:
    """Every move at the same moment; returns "done" or the code of the refusal, in the order of the moves."""
    results: dict[int, str] = {}
    barrier = threading.Barrier(len(moves))

    def move(number: int, action: str, actor: Actor) -> None:
        try:
            barrier.wait(5)
            engine.transition(request, action, actor, version=request.version, **params_for(action))
            results[number] = "done"
        except RuleViolation as conflict:
            results[number] = conflict.code
        finally:
            connection.close()

    threads = [threading.Thread(target=move, args=(number, *what)) for number, what in enumerate(moves)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return [results[number] for number in range(len(moves))]


def test_yes_and_no_at_once_leave_one_answer() -> None:
    world = make_world()
    request = world.request_in("asked")
    supplier = world.supplier(request)
    results = together(request, ("accept", supplier), ("decline", supplier))
    assert sorted(results) == ["done", "stale"]
    assert SupplyAttempt.objects.filter(status__in=("asked", "will_supply")).count() == 1


def test_double_click_that_arrives_at_once_is_taken_once() -> None:
    world = make_world()
    request = world.request_in("submitted")
    results = together(request, *[("approve", world.desk)] * 6)
    assert sorted(results) == ["already_done"] * 5 + ["done"]
    assert RequestEvent.objects.filter(action="approve").count() == 1
    assert OutgoingMail.objects.filter(template="loan_asked").count() == 1


def test_answer_and_timer_at_once_leave_one_live_attempt() -> None:
    world = make_world()
    request = world.request_in("asked")
    moves: list[Any] = [("accept", world.supplier(request)), ("expire", Actor.system())]
    assert "done" in together(request, *moves)
    assert SupplyAttempt.objects.filter(status__in=("asked", "will_supply")).count() == 1
