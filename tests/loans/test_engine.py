"""Who may take a step; stale pages and double clicks; the item's dates. tests.loans.workflow walks every row."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from loans.choices import RequestStatus, Service
from loans.models import Request, SupplyAttempt
from loans.workflow import engine
from loans.workflow.guards import MAX_ROUNDS
from loans.workflow.states import STATES
from loans.workflow.steps import STEPS
from loans.workflow.vocabulary import Side, Step
from network_portal.core.actor import Actor
from network_portal.core.errors import Conflict, RuleViolation
from network_portal.core.models import OutgoingMail
from tests.loans.world import GOOD, World, arrows_walked, params_for

ARROWS = arrows_walked()


def walked(step: Step) -> list[str]:
    return [source for source, action in ARROWS if action == step.action and source != "approved"]


MANNED = [
    step for step in STEPS if step.side is not Side.PORTAL and Service.LOAN in step.services and walked(step)
]


def test_good_path_ends_filled_with_every_date(world: World) -> None:
    request = world.take(world.submit(), *GOOD)
    attempt = request.attempts.get()
    assert (request.status, request.outcome, attempt.status) == ("completed", "filled", "completed")
    assert (
        request.closed_at
        and attempt.closed_at
        and request.deadline_at is None
        and attempt.deadline_at is None
    )
    moments = (
        attempt.asked_at,
        attempt.answered_at,
        attempt.shipped_at,
        attempt.received_at,
        attempt.returned_at,
    )
    assert list(moments) == sorted(m for m in moments if m)
    assert (attempt.barcode, attempt.tracking) == ("B-1", "JX-8841")
    assert request.due_on == attempt.due_on - timedelta(days=3)  # type: ignore[operator]
    assert (
        request.version == request.events.count() == 1 + len(GOOD) + 1
    )  # submitted, steps, the supplier asked


@pytest.mark.parametrize(
    "step",
    [step for step in MANNED if step.requires and Side.PATRON not in step.by],
    ids=lambda step: step.action,
)
def test_step_needs_its_capability(world: World, step) -> None:  # type: ignore[no-untyped-def]
    request = world.request_for(walked(step)[0], step.action)
    with pytest.raises(PermissionDenied):
        engine.transition(request, step.action, world.reader, **params_for(step.action))


@pytest.mark.parametrize(
    "step", [step for step in MANNED if step.side is not Side.COORDINATOR], ids=lambda step: step.action
)
def test_another_librarian_cannot_take_the_step(world: World, step) -> None:  # type: ignore[no-untyped-def]
    request = world.request_for(walked(step)[-1], step.action)
    with pytest.raises(Conflict) as refused:
        engine.transition(request, step.action, world.actor("MKS"), **params_for(step.action))
    assert refused.value.code == "not_with_you"


def test_requesting_library_cannot_act_as_supplier(world: World) -> None:
    request = world.request_in("asked")
    with pytest.raises(Conflict):
        engine.transition(request, "accept", world.desk)


def test_people_cannot_take_the_portals_steps(world: World) -> None:
    with pytest.raises(PermissionDenied):
        engine.transition(world.request_in("asked"), "expire", world.actor("coordinator"))


def test_supplier_cannot_ship_before_accepting(world: World) -> None:
    request = world.request_in("asked")
    with pytest.raises(Conflict):
        engine.transition(request, "ship", world.supplier(request), **params_for("ship"))


@pytest.mark.parametrize("step", [step for step in MANNED if step.coordinator], ids=lambda step: step.action)
def test_coordinator_takes_the_steps_the_table_grants(world: World, step) -> None:  # type: ignore[no-untyped-def]
    request = world.request_for(walked(step)[-1], step.action)
    taken = engine.transition(request, step.action, world.actor("coordinator"), **params_for(step.action))
    assert taken.version > request.version


def test_coordinator_cannot_lend_for_a_library(world: World) -> None:
    with pytest.raises(PermissionDenied):
        engine.transition(world.request_in("ready"), "lend", world.actor("coordinator"))


def test_another_reader_cannot_cancel(world: World) -> None:
    request = world.submit()
    with pytest.raises(Conflict):
        engine.transition(request, "cancel", world.actor("SMG"))


def test_reader_cannot_cancel_once_the_book_is_sent(world: World) -> None:
    request = world.request_in("shipped")
    with pytest.raises(Conflict) as late:
        engine.transition(request, "cancel", world.reader)
    assert late.value.code == "stale"
    assert request.attempts.get().status == "shipped"


def test_double_click_is_told_and_does_nothing_twice(world: World) -> None:
    request = world.submit()
    engine.transition(request, "approve", world.desk, version=1)
    mails = OutgoingMail.objects.count()
    with pytest.raises(Conflict) as second:
        engine.transition(request, "approve", world.desk, version=1)
    assert second.value.code == "already_done"
    assert request.attempts.count() == 1
    assert OutgoingMail.objects.count() == mails


def test_stale_page_cannot_act_on_what_others_changed(world: World) -> None:
    request = world.request_in("asked")
    seen = request.version
    engine.transition(request, "decline", world.supplier(request), reason="on_loan")
    with pytest.raises(Conflict) as stale:  # still "asked", but of another library
        engine.transition(request, "withdraw", world.desk, version=seen, reason="other", note="x")
    assert stale.value.code == "stale"


def test_declined_request_goes_to_the_next_library(world: World) -> None:
    request = world.request_in("asked")
    first = request.attempts.get().supplier
    request = world.take(request, "decline")
    second = engine.live_attempt(request)
    assert second is not None and second.supplier != first
    assert list(request.attempts.values_list("status", "reason_unfilled")) == [
        ("refused", "on_loan"),
        ("asked", ""),
    ]


def test_supplier_who_promised_can_still_say_no(world: World) -> None:
    request = world.take(world.request_in("will_supply"), "decline")
    assert request.status == "asked"
    assert request.attempts.count() == 2


def test_after_the_last_no_the_librarian_decides(world: World) -> None:
    request = world.take(world.request_in("asked"), "decline", "decline", "decline")
    assert (request.status, request.attempts.count()) == ("end_of_rota", 3)
    assert OutgoingMail.objects.filter(template="loan_end_of_list", to_email="desk@bdg.example").count() == 1


def test_new_round_asks_only_who_might_say_yes_now(world: World) -> None:
    request = world.request_in("asked")
    jakarta = request.attempts.get().supplier
    engine.transition(request, "decline", world.supplier(request), reason="not_held")
    request = world.take(Request.objects.get(pk=request.pk), "decline", "decline", "retry")
    assert request.round == 2
    live = engine.live_attempt(request)
    assert live is not None and live.supplier != jakarta
    plan = request.plans.get(round=2)
    assert jakarta.pk not in [row["library"] for stage in plan.stages for row in stage["candidates"]]
    assert [row["rule"] for row in plan.excluded if row["library"] == jakarta.pk] == ["tried"]


def test_rounds_are_limited_so_that_every_request_ends(world: World) -> None:
    request = world.request_in("end_of_rota")
    Request.objects.filter(pk=request.pk).update(round=MAX_ROUNDS)
    with pytest.raises(RuleViolation) as refused:
        engine.transition(request, "retry", world.desk)
    assert refused.value.code == "too_many_rounds"


@pytest.mark.parametrize(
    ("status", "action", "params", "code"),
    [
        ("asked", "decline", {}, "reason_missing"),
        ("asked", "decline", {"reason": "no such"}, "reason_missing"),
        ("submitted", "refuse", {"reason": "other", "note": " "}, "note_missing"),
        ("will_supply", "ship", {}, "due_date_missing"),
        ("will_supply", "ship", {"due_on": timezone.localdate()}, "due_date_missing"),
        ("asked", "fly", {}, "unknown_action"),
    ],
)
def test_incomplete_form_is_refused(world: World, status: str, action: str, params: dict, code: str) -> None:  # type: ignore[type-arg]
    request = world.request_in(status)
    with pytest.raises(RuleViolation) as refused:
        engine.transition(request, action, Actor.system("test"), **params)
    assert refused.value.code == code
    assert Request.objects.get(pk=request.pk).version == request.version


def test_database_refuses_a_status_outside_the_table(world: World) -> None:
    request = world.submit()
    with pytest.raises(IntegrityError), transaction.atomic():
        Request.objects.filter(pk=request.pk).update(status="lost")


def test_database_refuses_a_second_live_attempt(world: World) -> None:
    request = world.request_in("asked")
    with pytest.raises(IntegrityError, match="attempt_one_live"), transaction.atomic():
        SupplyAttempt.objects.create(
            request=request, round=2, position=1, supplier=world.home, status="asked"
        )


def test_database_refuses_the_same_supplier_twice_in_a_round(world: World) -> None:
    request = world.request_in("asked")
    supplier = request.attempts.get().supplier
    with pytest.raises(IntegrityError, match="attempt_once_per_round"), transaction.atomic():
        SupplyAttempt.objects.create(
            request=request, round=1, position=2, supplier=supplier, status="refused"
        )


def test_deadline_is_the_end_of_a_working_day_where_the_work_is_done(world: World) -> None:
    makassar = world.libraries["MKS"]
    makassar.time_zone = "Asia/Makassar"
    makassar.save()
    world.edition.holdings.exclude(library=makassar).delete()
    request = world.request_in("asked")
    local = request.deadline_at.astimezone(ZoneInfo("Asia/Makassar"))  # type: ignore[union-attr]
    assert (local.hour, local.minute) == (16, 0)
    assert local.weekday() < 5


def test_statuses_of_the_table_are_those_of_the_database() -> None:
    assert set(STATES) <= set(RequestStatus.values)
