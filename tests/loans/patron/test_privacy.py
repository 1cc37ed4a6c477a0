"""Who borrowed what is forgotten in time: no name is left, counters go on."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from loans.intake.limits import membership_of, patron_standing
from loans.models import Charge, Message, Request, RequestEvent, RequestFlag
from loans.services.privacy import anonymise_due
from loans.workflow import engine
from members.models import LibraryPolicy, Membership, PatronCategory
from network_portal.core.models import AuditEntry, OutgoingMail
from tests.loans.world import World

pytestmark = pytest.mark.django_db
NAME, EMAIL = "Ayu Lestari", "ayu@example.org"


def _finished(world: World, days_ago: int, **values: Any) -> Request:
    """Refused at the desk, so long ago."""
    request = engine.transition(
        world.submit(**values), "refuse", world.desk, reason="other", note=f"{NAME} was told at the desk"
    )
    Request.objects.filter(pk=request.pk).update(closed_at=timezone.now() - timedelta(days=days_ago))
    return request


def _privacy(world: World, choice: str) -> None:
    Membership.objects.filter(user=world.patron).update(history_privacy=choice)


def test_history_is_anonymised_after_the_librarys_period_and_counters_survive(world: World) -> None:
    LibraryPolicy.objects.create(library=world.home, service="loan", anonymise_after_days=30)
    category = PatronCategory.objects.create(library=world.home, code="m", name="M", max_per_year=1)
    Membership.objects.filter(user=world.patron).update(category=category)
    request = _finished(world, 29)
    Request.objects.filter(pk=request.pk).update(status="completed", outcome="filled")
    assert anonymise_due() == 0
    Request.objects.filter(pk=request.pk).update(closed_at=timezone.now() - timedelta(days=31))
    assert anonymise_due() == 1
    assert anonymise_due() == 0
    request.refresh_from_db()
    assert (request.patron, request.patron_note, request.title) == (None, "", "Laskar Pelangi")
    membership = membership_of(world.patron.pk, world.home.pk)
    assert membership is not None
    assert patron_standing(membership).code == "limit_year"


def test_anonymised_request_has_no_name_left_in_events_mails_and_messages(world: World) -> None:
    request = _finished(world, 400, note="Call me")
    Message.objects.create(
        request=request, from_library=world.home, to_library=world.libraries["JKT"], author_name="Desk",
        body=f"For {NAME.upper()}, please.",
    )  # fmt: skip
    Message.objects.create(
        request=request, from_library=world.home, kind="patron", author_name=NAME, body="My private words"
    )
    assert anonymise_due() == 1
    told = [
        *(f"{event.actor_name} {event.data} {event.before}" for event in RequestEvent.objects.all()),
        *(f"{mail.to_name} {mail.to_email} {mail.subject} {mail.body_text} {mail.body_html}"
          for mail in OutgoingMail.objects.all()),
        *(f"{message.author_name} {message.body}" for message in Message.objects.all()),
        str(Request.objects.filter(pk=request.pk).values().get()),
        *(f"{entry.actor_name} {entry.target_name} {entry.data}" for entry in AuditEntry.objects.all()),
    ]  # fmt: skip
    assert AuditEntry.objects.filter(actor_name__startswith="reader ").exists()
    assert OutgoingMail.objects.count() > 0
    for text in told:
        assert NAME.lower() not in text.lower()
        assert EMAIL not in text
        assert "private words" not in text
        assert "Call me" not in text


def test_other_peoples_events_keep_their_names(world: World) -> None:
    _finished(world, 400)
    anonymise_due()
    assert RequestEvent.objects.get(action="refuse").actor_name == "lib-bdg"


@pytest.mark.parametrize(("choice", "days", "forgotten"), [
    ("keep", 4000, 0), ("after_return", 0, 1), ("after_period", 179, 0), ("after_period", 181, 1),
])  # fmt: skip
def test_reader_chooses_how_long_it_is_kept(world: World, choice: str, days: int, forgotten: int) -> None:
    _privacy(world, choice)
    _finished(world, days)
    assert anonymise_due() == forgotten


def test_open_request_is_never_forgotten(world: World) -> None:
    _privacy(world, "after_return")
    world.submit()
    assert anonymise_due() == 0


def test_request_is_kept_while_the_reader_owes_for_it(world: World) -> None:
    request = _finished(world, 400)
    charge = Charge.objects.create(
        request=request, kind="supply", state="due", payee_library=world.home, amount=5000, currency="IDR"
    )
    assert anonymise_due() == 0
    Charge.objects.filter(pk=charge.pk).update(state="settled")
    assert anonymise_due() == 1


def test_batch_stops_at_its_limit(world: World) -> None:
    first = _finished(world, 400)
    second = _finished(world, 300)
    assert anonymise_due(1) == 1
    assert Request.objects.get(pk=first.pk).anonymised_at is not None
    assert Request.objects.get(pk=second.pk).anonymised_at is None


def test_name_written_beside_a_loss_and_its_cost_is_taken_out(world: World) -> None:
    request = engine.transition(
        world.request_in("lent"), "report_lost", world.desk, note=f"{NAME} left it on a train"
    )
    supplier = world.supplier(request)
    request = engine.transition(
        request, "claim_cost", supplier, amount=Decimal(90_000), note=f"As {NAME} knows"
    )
    request = engine.transition(request, "settle_cost", supplier, reason="waived")
    request = engine.transition(request, "write_off", supplier)
    assert [flag for flag in RequestFlag.objects.all() if NAME in str(flag.data)]
    Request.objects.filter(pk=request.pk).update(closed_at=timezone.now() - timedelta(days=400))
    assert anonymise_due() == 1
    assert not [flag for flag in RequestFlag.objects.all() if NAME in str(flag.data)]
    assert Charge.objects.get().note == "As – knows"
