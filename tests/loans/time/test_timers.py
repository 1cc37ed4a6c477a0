"""The clock: what moves on by itself, what is told, and that it holds for many at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from loans.choices import LIVE_ATTEMPTS
from loans.models import Request, RequestEvent, SupplyAttempt
from loans.services.digests import digests_send
from loans.services.timers import expire_unanswered, tell_late
from loans.tasks import expire_attempts
from loans.workflow import engine
from network_portal.core.models import AuditEntry, OutgoingMail
from tests.loans.world import World, make_edition, make_person

PAST = timedelta(hours=1)


def stale(world: World, count: int) -> list[int]:
    """Requests that a library was asked long ago, each by a reader of their own for a title of its own."""
    made = []
    for n in range(count):
        reader = make_person(f"reader{n}@example.org", world.home, "patron")
        edition = make_edition(f"Judul {n}")
        for code in ("JKT", "SMG"):
            world.hold(code, edition)
        world.people["patron"] = reader
        request = world.submit(edition=edition, actor=world.desk)
        made.append(engine.transition(request, "approve", world.desk).pk)
    late = timezone.now() - PAST
    Request.objects.filter(pk__in=made).update(deadline_at=late, times_out_at=late)
    SupplyAttempt.objects.filter(request_id__in=made, status="asked").update(deadline_at=late)
    return made


def test_silence_passes_requests_on_and_each_desk_gets_one_mail(world: World) -> None:
    ids = stale(world, 5)
    OutgoingMail.objects.all().delete()
    assert expire_unanswered() == 5
    for request in Request.objects.filter(pk__in=ids):
        first, second = request.attempts.order_by("position")
        assert (request.status, first.status, second.status) == ("asked", "expired", "asked")
        assert request.owner_library_id == second.supplier_id
        assert request.deadline_at is not None
        assert request.deadline_at > timezone.now()
    mails = OutgoingMail.objects.all()
    assert {mail.template for mail in mails} == {"loan_digest"}
    assert len(mails) == 2
    assert all("Judul 3" in mail.body_text for mail in mails)
    assert expire_unanswered() == 0


def test_every_step_of_the_clock_is_in_the_history_and_the_audit_trail(world: World) -> None:
    (pk,) = stale(world, 1)
    before = AuditEntry.objects.count()
    expire_unanswered()
    actions = list(RequestEvent.objects.filter(request_id=pk).values_list("action", flat=True))
    assert actions[-2:] == ["expire", "ask_supplier"]
    assert AuditEntry.objects.count() == before + 2


def test_one_broken_request_does_not_hold_up_the_others(world: World) -> None:
    ids = stale(world, 3)
    broken = ids[1]
    version = Request.objects.get(pk=broken).version
    # The place of the next step in its history is taken.
    RequestEvent.objects.create(
        request_id=broken, version=version + 1, action="x", to_status="asked", channel="web"
    )
    OutgoingMail.objects.all().delete()
    assert expire_unanswered() == 2
    left = Request.objects.get(pk=broken)
    assert left.status == "asked"
    assert left.stuck_since is not None
    assert all(left.number not in mail.body_text for mail in OutgoingMail.objects.all())


def test_what_waits_on_the_shelf_too_long_goes_back(world: World) -> None:
    request = world.request_in("ready")
    Request.objects.filter(pk=request.pk).update(times_out_at=timezone.now() - PAST)
    expire_unanswered()
    request.refresh_from_db()
    assert request.status == "returned"
    assert OutgoingMail.objects.filter(template="loan_not_collected", to_email=world.patron.email).exists()


def test_what_is_late_is_told_once_and_stays(world: World) -> None:
    request = world.request_in("received")
    Request.objects.filter(pk=request.pk).update(deadline_at=timezone.now() - PAST)
    OutgoingMail.objects.all().delete()
    assert tell_late() == 1
    assert tell_late() == 0
    assert digests_send() == 1
    assert digests_send() == 0
    request.refresh_from_db()
    assert request.status == "received"
    assert request.stuck_since is not None
    (mail,) = OutgoingMail.objects.all()
    assert (mail.template, mail.library_id) == ("loan_digest", world.home.pk)
    assert request.number in mail.body_text
    moved = world.take(request, "make_ready")
    assert moved.stuck_since is None


def test_the_minute_task_is_harmless_when_nothing_is_due(world: World) -> None:
    request = world.request_in("asked")
    assert expire_attempts() == 0
    assert Request.objects.get(pk=request.pk).version == request.version


def test_a_tick_costs_the_same_few_statements_for_each_request(
    world: World, django_assert_max_num_queries
) -> None:  # type: ignore[no-untyped-def]
    stale(world, 4)
    with django_assert_max_num_queries(60 + 4 * 26):
        assert expire_unanswered() == 4


@pytest.mark.parametrize("wrong", [{"deadline_at": None}, {"owner_side": "none"}, {"owner_side": "somebody"}])
def test_database_refuses_an_open_request_without_owner_or_deadline(
    world: World, wrong: dict[str, object]
) -> None:
    request = world.request_in("asked")
    with pytest.raises(IntegrityError), transaction.atomic():
        Request.objects.filter(pk=request.pk).update(**wrong)


@pytest.mark.parametrize(
    ("status", "side"),
    [
        ("submitted", "requesting"), ("asked", "supplying"), ("will_supply", "supplying"), ("shipped", "requesting"),
        ("received", "requesting"), ("ready", "patron"), ("lent", "patron"), ("returned", "requesting"),
        ("sent_back", "supplying"), ("end_of_rota", "requesting"), ("completed", "none"), ("cancelled", "none"),
    ],
)  # fmt: skip
def test_every_request_knows_whose_turn_it_is(world: World, status: str, side: str) -> None:
    request = world.request_in(status)
    assert request.owner_side == side
    live = request.attempts.filter(status__in=LIVE_ATTEMPTS).first()
    owners = {"none": None, "supplying": live.supplier_id if live else None}
    assert request.owner_library_id == owners.get(side, world.home.pk)
    assert (request.deadline_at is None) == (side == "none")
