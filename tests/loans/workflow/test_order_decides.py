"""Two sides act on one request at the same moment: the second waits for the row, then meets what the first has done.

Two connections and a real lock. The first step is held open until PostgreSQL reports that the second waits for it, so
that both orders are played, not hoped for.
"""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from django.db import connection, transaction

from loans.models import Request
from loans.workflow import backwards, engine
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation
from tests.loans.world import World, make_world, params_for

pytestmark = pytest.mark.django_db(transaction=True)
WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def in_this_order(request: Request, first: tuple[str, Actor], second: tuple[str, Actor]) -> str:
    """The first wins the row; returns "done" or the code with which the second is told."""
    told: list[str] = []

    def follow() -> None:
        try:
            _move(request, *second)
            told.append("done")
        except RuleViolation as rule:
            told.append(rule.code)
        finally:
            connection.close()

    thread = threading.Thread(target=follow)
    try:
        with transaction.atomic():
            _move(request, *first)
            thread.start()
            _until_it_waits()
            assert not told, "the second went past the lock of the first"
    finally:
        thread.join(20)
    return told[0]


def _move(request: Request, action: str, actor: Actor) -> Any:
    if action == "undo":
        return backwards.undo(request, actor)
    return engine.transition(request, action, actor, version=request.version, **params_for(action))


def _until_it_waits() -> None:
    until = time.monotonic() + 10
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
            time.sleep(0.01)
    raise AssertionError("nobody came to wait")


@pytest.fixture
def promised() -> tuple[World, Request]:
    world = make_world()
    return world, world.request_in("will_supply")


def test_sent_first_then_cancelled(promised: tuple[World, Request]) -> None:
    world, request = promised
    told = in_this_order(request, ("ship", world.supplier(request)), ("cancel_ask", world.reader))
    request.refresh_from_db()
    assert (told, request.status, request.flags.count()) == ("stale", "shipped", 0)


def test_cancelled_first_then_sent(promised: tuple[World, Request]) -> None:
    world, request = promised
    told = in_this_order(request, ("cancel_ask", world.reader), ("ship", world.supplier(request)))
    request.refresh_from_db()
    attempt = request.attempts.get()
    assert (told, request.status, attempt.shipped_at) == ("cancel_asked", "will_supply", None)
    assert request.owner_side == "supplying"


def test_promised_first_then_cancelled_at_once() -> None:
    world = make_world()
    request = world.request_in("asked")
    told = in_this_order(request, ("accept", world.supplier(request)), ("cancel", world.reader))
    request.refresh_from_db()
    assert (told, request.status) == ("stale", "will_supply")


def test_cancelled_at_once_first_then_promised() -> None:
    world = make_world()
    request = world.request_in("asked")
    told = in_this_order(request, ("cancel", world.reader), ("accept", world.supplier(request)))
    request.refresh_from_db()
    assert (told, request.status, request.outcome) == ("stale", "cancelled", "cancelled")


def test_taken_back_first_then_received() -> None:
    world = make_world()
    request = world.take(world.request_in("will_supply"), "ship")
    told = in_this_order(request, ("undo", world.supplier(request)), ("receive", world.desk))
    request.refresh_from_db()
    assert (told, request.status) == ("stale", "will_supply")


def test_received_first_then_taken_back() -> None:
    world = make_world()
    request = world.take(world.request_in("will_supply"), "ship")
    told = in_this_order(request, ("receive", world.desk), ("undo", world.supplier(request)))
    request.refresh_from_db()
    assert (told, request.status) == ("too_late_to_undo", "received")
