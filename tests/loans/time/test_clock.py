"""The clock turned on: what the portal does in each state, and about each question, that nobody answers in time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from loans.choices import OPEN_STATUSES, Level, Service
from loans.models import Delivery, Request, RequestFlag, SupplyAttempt
from loans.services.digests import digests_send
from loans.services.timers import expire_unanswered, tell_late
from loans.workflow.duties import DRIVEN_ELSEWHERE
from loans.workflow.flags import FLAGS
from loans.workflow.states import STATES
from members.models import LibraryPolicy, Network
from network_portal.core.models import OutgoingMail
from tests.loans.copies.scene import copy_request, scanning
from tests.loans.world import World

MINUTE = timedelta(minutes=1)


def pass_time(request: Request, moment: datetime | None) -> None:
    """Turn everything about the request back, so that `moment` was a minute ago."""
    assert moment is not None
    gone = moment - timezone.now() + MINUTE
    for rows, columns in (
        (
            Request.objects.filter(pk=request.pk),
            ("waiting_since", "deadline_at", "times_out_at", "created_at"),
        ),
        (SupplyAttempt.objects.filter(request=request), ("asked_at", "answered_at", "deadline_at")),
        (RequestFlag.objects.filter(request=request), ("raised_at", "deadline_at")),
    ):
        rows.update(**{column: F(column) - gone for column in columns})
    request.refresh_from_db()


def tick() -> int:
    OutgoingMail.objects.all().delete()
    done = expire_unanswered()
    tell_late()
    digests_send()
    return done


def mails() -> set[tuple[str, str]]:
    return set(OutgoingMail.objects.values_list("template", "to_email"))


@pytest.mark.parametrize(
    ("status", "then"),
    [
        ("needs_patron_fix", "cancelled"), ("cost_approval", "cancelled"), ("asked", "asked"), ("conditional", "asked"),
        ("retry_asked", "asked"), ("will_supply", "asked"), ("ready", "returned"),
    ],
)  # fmt: skip
def test_silence_moves_a_loan_on(world: World, status: str, then: str) -> None:
    request = world.request_in(status)
    before = set(request.attempts.values_list("supplier_id", flat=True))
    assert tick() == 0
    pass_time(request, request.times_out_at)
    assert tick() == 1
    request.refresh_from_db()
    assert request.status == then
    if then == "asked":
        assert request.owner_library_id not in before
    assert tick() == 0


@pytest.mark.parametrize(
    "status", ["submitted", "needs_metadata", "shipped", "received", "returned", "sent_back", "end_of_rota"]
)
def test_where_a_person_must_act_silence_is_told_once(world: World, status: str) -> None:
    request = world.request_in(status)
    assert request.times_out_at is None
    pass_time(request, request.deadline_at)
    assert tick() == 0
    told = {("loan_digest", request.owner_library.email)}  # type: ignore[union-attr]
    if status in ("shipped", "sent_back"):  # both ends look for a parcel
        told = {("loan_digest", world.home.email), ("loan_digest", request.attempts.get().supplier.email)}
    assert mails() == told
    assert tick() == 0
    assert mails() == set()
    request.refresh_from_db()
    assert request.status == status


def test_a_promise_is_reminded_of_before_it_is_given_up(world: World) -> None:
    request = world.request_in("will_supply")
    assert request.deadline_at is not None
    assert request.times_out_at is not None
    assert request.deadline_at < request.times_out_at
    supplier = request.attempts.get().supplier
    pass_time(request, request.deadline_at)
    assert tick() == 0
    assert mails() == {("loan_digest", supplier.email)}
    pass_time(request, request.times_out_at)
    assert tick() == 1
    assert request.attempts.get(supplier=supplier).status == "expired"


@pytest.mark.parametrize(
    ("status", "then"), [("scanning", "asked"), ("resend_asked", "asked"), ("released", "purged")]
)
def test_silence_moves_a_copy_on(world: World, status: str, then: str) -> None:
    request = copy_request(world, edition=world.edition, part_key="p", status=status)
    attempt = scanning(world, request)
    past = timezone.now() - MINUTE
    Request.objects.filter(pk=request.pk).update(times_out_at=past, deadline_at=past)
    if status == "released":
        SupplyAttempt.objects.filter(pk=attempt.pk).update(status="uploaded")
        Delivery.objects.create(
            request=request, attempt=attempt, token_hash="t", expires_at=past, purge_at=past, max_views=5
        )
    assert tick() == 1
    request.refresh_from_db()
    assert request.status == then


def test_a_flags_day_does_not_end_the_time_of_the_state(world: World) -> None:
    request = world.take(world.request_in("asked"), "acknowledge", "cancel_ask")
    flag = request.flags.get()
    assert request.times_out_at is not None
    assert flag.deadline_at is not None
    assert request.deadline_at == flag.deadline_at < request.times_out_at
    pass_time(request, flag.deadline_at)
    assert tick() == 1
    request.refresh_from_db()
    assert (request.status, request.attempts.get().status) == (
        "cancelled",
        "withdrawn",
    )  # nobody had promised


def test_silence_after_a_promise_never_cancels(world: World) -> None:
    request = world.take(world.request_in("will_supply"), "cancel_ask")
    pass_time(request, request.flags.get().deadline_at)
    assert tick() == 1
    request.refresh_from_db()
    assert request.status == "will_supply"
    assert not request.flags.filter(cleared_at=None).exists()
    assert ("loan_cancel_refused", world.patron.email) in mails()


def test_a_price_nobody_agrees_to_is_declined(world: World) -> None:
    request = world.take(world.request_in("conditional"), "ask_patron_cost")
    first = request.attempts.get().supplier
    pass_time(request, request.flags.get().deadline_at)
    assert tick() == 1
    request.refresh_from_db()
    assert request.status == "asked"
    assert request.attempts.get(supplier=first).status == "refused"
    assert not request.flags.filter(cleared_at=None).exists()


def test_a_longer_loan_nobody_answered_never_becomes_a_no(world: World) -> None:
    request = world.take(world.request_in("lent"), "renew_ask")
    supplier, due = request.attempts.get().supplier, request.due_on
    pass_time(request, request.flags.get().deadline_at)
    assert tick() == 0
    assert ("loan_digest", supplier.email) in mails()
    request.refresh_from_db()
    assert (request.due_on, request.flags.get().cleared_at) == (due, None)
    assert tick() == 0
    assert mails() == set()


def test_a_longer_loan_nobody_answered_is_given_where_both_allow_it(world: World) -> None:
    request = world.take(world.request_in("lent"), "renew_ask")
    Request.objects.filter(pk=request.pk).update(
        network=Network.objects.create(code="N", name="N", auto_renew=True)
    )
    LibraryPolicy.objects.create(library=request.attempts.get().supplier, service="loan", auto_renew=True)
    due = request.due_on
    pass_time(request, request.flags.get().deadline_at)
    assert tick() == 1
    request.refresh_from_db()
    assert due is not None
    assert request.due_on is not None
    assert request.due_on > due
    assert request.flags.get().answer == "renew_auto"


def test_nothing_is_early_when_the_clock_is_set_back_nor_twice_when_it_is_set_on(world: World) -> None:
    request = world.request_in("asked")
    first = request.attempts.get()
    pass_time(request, request.times_out_at)
    assert tick() == 1
    request.refresh_from_db()
    # Set back by a day: what was moved on stays moved on, and its time is not up again.
    pass_time(request, timezone.now() - timedelta(days=1, minutes=1))
    assert tick() == 0
    assert request.attempts.filter(status="expired").get() == first
    assert request.events.filter(action="expire").count() == 1


@pytest.mark.parametrize("service", list(Service))
@pytest.mark.parametrize("level", list(Level))
def test_nothing_waits_without_owner_and_deadline(world: World, service: str, level: str) -> None:
    """Over every state that a loan or a copy can rest in, and every level."""
    from loans.workflow import duties

    network = Network.objects.create(
        code="N", name="N", guided=True, coordinator_library=world.libraries["MKS"]
    )
    for code in OPEN_STATUSES:
        state = STATES[code]
        if Service(service) not in state.services:
            continue
        supplier = world.libraries["JKT"] if state.attempt else None
        request = Request(
            number=code, service=service, level=level, status=code, network=network, requesting_library=world.home,
            patron=world.patron, title="x", waiting_since=timezone.now(),
        )  # fmt: skip
        attempt = SupplyAttempt(request=request, position=1, supplier=supplier) if supplier else None
        duty = duties.assign(request, attempt)
        assert duty.side.value not in ("none", ""), code
        assert request.deadline_at is not None, code
        assert request.deadline_at > timezone.now() - MINUTE, code
        assert duty.library_id is not None or duty.side.value == "portal", code
        if state.side.value == "coordinator":
            assert duty.library_id in (world.libraries["MKS"].pk, world.libraries["JKT"].pk)
        if state.on_timeout and state.on_timeout not in DRIVEN_ELSEWHERE:
            assert request.times_out_at is not None, code
            assert request.times_out_at >= request.deadline_at


def test_every_flag_with_a_step_of_the_clock_is_known() -> None:
    assert {kind: flag.on_timeout for kind, flag in FLAGS.items() if flag.on_timeout} == {
        "cancel_asked": "cancel_timeout", "cost_asked": "reject_conditions", "renew_asked": "renew_auto",
    }  # fmt: skip
