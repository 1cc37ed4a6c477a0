"""Every row of the table, taken by everybody it names and refused everywhere else, on requests that stand there.

The rows are read from the table itself, so one that is added is walked too, or fails: see loans/workflow/table.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, transaction

from loans.choices import Service
from loans.models import Request, RequestFlag, SupplyAttempt
from loans.workflow import backwards, engine
from loans.workflow.states import LIVE_ATTEMPT, STATES, state_of
from loans.workflow.steps import ACTIONS, STEP_BY
from loans.workflow.vocabulary import Side, Step, Undo
from network_portal.core import events
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation
from network_portal.core.models import AuditEntry, OutgoingMail
from tests.loans.workflow.stage import Stand, Unreachable, params_of, request_in, stand
from tests.loans.world import World, params_for

PLACES = sorted({(source, service) for source, _action, service in STEP_BY})
STANDING = sorted((code, service.value) for code, state in STATES.items() for service in state.services)
# Taken by the portal while it looks for a library, never asked for by themselves.
pytestmark = pytest.mark.django_db
BY_ROUTING = ("ask_supplier", "offer_all", "hand_over", "hand_in", "end_rota")


@pytest.fixture
def news(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What was published."""
    heard: list[dict[str, Any]] = []
    monkeypatch.setitem(events._receivers, engine.CHANGED, [lambda **payload: heard.append(payload)])
    return heard


@pytest.mark.parametrize(("source", "service"), PLACES)
def test_every_step_of_the_table_is_taken_by_everybody_it_names(
    world: World, news: list[dict[str, Any]], source: str, service: str
) -> None:
    failed: list[str] = []
    for (start, action, of), step in STEP_BY.items():
        if (start, of) != (source, service):
            continue
        for side in sides_of(step):
            point = transaction.savepoint()
            news.clear()
            try:
                walk(world, source, step, service, side, news)
            except (AssertionError, RuleViolation, Unreachable, StopIteration, IndexError) as error:
                failed.append(f"{action} by {side.value}: {type(error).__name__} {error}")
            transaction.savepoint_rollback(point)
    assert failed == []


def sides_of(step: Step) -> list[Side]:
    """Everybody whom the table lets take the step."""
    also = [Side.COORDINATOR] if step.coordinator and Side.COORDINATOR not in step.sides else []
    return [*step.sides, *also]


def walk(world: World, source: str, step: Step, service: str, side: Side, news: list[dict[str, Any]]) -> None:
    here = stand(world, source, step, service)
    before = rows_of(here.request)
    first = len(connection.run_on_commit)
    taken = take(here, side)
    for _savepoints, call, _robust in connection.run_on_commit[first:]:
        call()
    agrees(here, taken, source, step)
    published = {"request_id": taken.pk, "action": step.action, "from_status": source,
                 "to_status": step.target_from(source).value}  # fmt: skip
    assert published in news, "nobody heard of it"
    if step.undo is not Undo.NO and side is step.side:
        backwards.undo(taken, here.actor(side))
        assert rows_of(taken) == before, "taken back, it does not stand as it stood"


def rows_of(request: Request) -> list[Any]:
    """What a request and its suppliers' parts are, beside the numbers that only count up and whose turn it is."""
    counted = ("version", "changed_at", "undo_until", "epoch", "deadline_at", "times_out_at", "owner_side",
               "owner_library_id", "search")  # fmt: skip
    rows = [*Request.objects.filter(pk=request.pk).values(), *request.attempts.order_by("pk").values()]
    flags = [list(request.flags.filter(cleared_at=None).order_by("kind").values_list("kind", "raised_at"))]
    return [{name: value for name, value in row.items() if name not in counted} for row in rows] + flags


def take(here: Stand, side: Side) -> Request:
    if here.step.action in BY_ROUTING:
        engine.resume_routing(here.request.pk)
        return Request.objects.get(pk=here.request.pk)
    actor = here.actor(side)
    params = params_of(here, side)
    offer = {"attempt": here.attempt} if here.step.action == "award" else {}
    return engine.transition(here.request, here.step.action, actor, version=1, **offer, **params)


def agrees(here: Stand, taken: Request, source: str, step: Step) -> None:
    """The request, its supplier, its flags, its history and its mails are as the table says."""
    now = Request.objects.get(pk=taken.pk)
    target = step.target_from(source).value
    steps = list(now.events.filter(version__gt=1).order_by("version"))
    assert (steps[0].action, steps[0].from_status, steps[0].to_status) == (step.action, source, target)
    assert [row.version for row in steps] == list(range(2, now.version + 1))
    assert (
        len(steps) == 1
        or step.then_route
        or step.then_check
        or target in ("coordinator_in", "coordinator_out")
    )
    rests = steps[-1].to_status
    assert now.status == rests == taken.status
    state = state_of(rests)
    assert now.outcome == (state.outcome.value if state.outcome else "")
    assert (now.owner_side != "none", now.deadline_at is not None) == (not state.is_terminal,) * 2
    assert (now.closed_at is not None) == state.is_terminal
    agrees_flags(now, step, at_end=state.is_terminal)
    agrees_attempt(here, now, step, routed=len(steps) > 1)
    code = f"loans.request.{step.action}"
    assert AuditEntry.objects.filter(code=code, target_id=str(now.pk)).count() == 1
    agrees_mails(here, now, step)


def agrees_flags(now: Request, step: Step, *, at_end: bool) -> None:
    opened = set(RequestFlag.objects.filter(request=now, cleared_at=None).values_list("kind", flat=True))
    raised = {kind.value for kind in step.raises}
    if at_end:
        assert opened == set()
    else:
        assert raised <= opened
        assert not opened & {kind.value for kind in step.clears}
    flags = RequestFlag.objects.filter(request=now)
    assert all(flag.raised_at and (flag.deadline_at or flag.kind == "damaged") for flag in flags)


def agrees_attempt(here: Stand, now: Request, step: Step, *, routed: bool) -> None:
    live = list(now.attempts.filter(status__in=LIVE_ATTEMPT))
    wanted = state_of(now.status).attempt
    assert len(live) == (1 if wanted else 0)
    if live and not step.attempt_to and here.step.target is not None:
        assert live[0].status == wanted
    before = here.attempt
    if before is None or before.pk is None:
        return
    after = SupplyAttempt.objects.get(pk=before.pk)
    if step.ends_attempt and before.status in LIVE_ATTEMPT:
        assert (after.status, after.closed_at is not None) == (step.ends_attempt.value, True)
    if step.attempt_to:
        assert after.status == step.attempt_to.value


def agrees_mails(here: Stand, now: Request, step: Step) -> None:
    written = set(OutgoingMail.objects.filter(target_id=str(now.pk)).values_list("template", flat=True))
    supplier = now.attempts.exists()
    led = now.network is not None and now.network.coordinator_library_id is not None
    for mail in step.mails:
        if (mail.to is Side.SUPPLYING and not supplier) or (mail.to is Side.COORDINATOR and not led):
            continue
        assert mail.template in written, f"no {mail.template} to {mail.to.value}"


@pytest.mark.parametrize(("status", "service"), STANDING)
def test_every_other_step_is_refused_and_changes_nothing(world: World, status: str, service: str) -> None:
    point = transaction.savepoint()
    request = request_in(world, status, service)
    if (wanted := state_of(status).attempt) is not None:
        SupplyAttempt.objects.create(
            request=request, position=1, supplier=world.libraries["JKT"], status=wanted
        )
    before = everything_of(request)
    actor, taken = Actor.system("timer"), []
    for action in sorted({*ACTIONS, "no_such_step"}):
        if (status, action, service) in STEP_BY:
            continue
        try:
            engine.transition(request, action, actor, **params_for(action))
        except RuleViolation as refused:
            assert str(refused) and refused.code in ("stale", "unknown_action")
        else:
            taken.append(action)
    assert taken == []
    assert everything_of(request) == before
    transaction.savepoint_rollback(point)


def everything_of(request: Request) -> list[Any]:
    pk = str(request.pk)
    return [
        list(Request.objects.filter(pk=request.pk).values()), list(request.attempts.values()),
        list(request.events.values()), list(request.flags.values()),
        AuditEntry.objects.filter(target_id=pk).count(), OutgoingMail.objects.filter(target_id=pk).count(),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"guard": "moon"}, "moon"),
        ({"side": Side.NONE, "by": ()}, "none"),
        ({"form": "wish"}, "amount_missing"),
    ],
)
def test_a_row_that_cannot_be_walked_is_noticed(
    world: World, news: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, change: dict[str, Any],
    complaint: str,
) -> None:  # fmt: skip
    """What a new row of the table meets here when nobody has told how to bring a request before it."""
    if "form" in change:  # one that the walk does not know how to fill in, but the guards ask
        change = {"form": STEP_BY["submitted", "ask_cost", "loan"].form}
        monkeypatch.setattr("tests.loans.workflow.test_every_step.params_of", lambda here, side: {})
    row = replace(STEP_BY["submitted", "ask_cost", "loan"], **change)
    monkeypatch.setitem(STEP_BY, ("submitted", "ask_cost", "loan"), row)
    point = transaction.savepoint()
    with pytest.raises((Unreachable, RuleViolation)) as noticed:
        walk(world, "submitted", row, Service.LOAN.value, row.side, news)
    transaction.savepoint_rollback(point)
    assert complaint in f"{noticed.value} {getattr(noticed.value, 'code', '')}"
