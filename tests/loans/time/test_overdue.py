"""The ladder of reminders for books that should be back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from loans.models import DeskNotice, Request, RequestFlag
from loans.presenters.stuck import unblocking
from loans.selectors.stuck import stuck_requests
from loans.services.overdue import overdue_remind, overdue_step
from members.models import Library
from network_portal.core.models import OutgoingMail
from tests.loans.world import World


def mails() -> list[tuple[str, str]]:
    found = OutgoingMail.objects.filter(template__startswith="loan_overdue").order_by("pk")
    return [(mail.template, mail.to_email) for mail in found]


def lent(world: World) -> tuple[Request, datetime]:
    """A loan, and noon of the day it is due."""
    request = world.request_in("lent")
    assert request.due_on is not None
    noon = datetime.combine(request.due_on, datetime.min.time(), tzinfo=timezone.get_current_timezone())
    return request, noon + timedelta(hours=12)


@pytest.mark.parametrize(("days", "rung"), [(0, 0), (1, 1), (6, 1), (7, 2), (13, 2), (14, 3), (90, 3)])
def test_rungs(days: int, rung: int) -> None:
    assert overdue_step(days) == rung


def test_reader_is_reminded_once_a_rung_and_the_library_at_the_last(world: World) -> None:
    request, due = lent(world)
    reader, desk = world.patron.email, world.home.email
    assert overdue_remind(now=due) == 0
    assert not RequestFlag.objects.exists()
    for days, written in ((1, 1), (2, 0), (7, 1), (8, 0), (14, 2), (40, 0)):
        assert overdue_remind(now=due + timedelta(days=days)) == written, days
    assert mails() == [
        ("loan_overdue_1", reader), ("loan_overdue_2", reader), ("loan_overdue_3", reader), ("loan_overdue_3", desk),
    ]  # fmt: skip
    flag = RequestFlag.objects.get(request=request)
    assert (flag.kind, flag.side, flag.is_open) == ("overdue", "patron", True)


def test_the_owner_is_told_once_after_three_weeks_and_may_report_the_book_lost(world: World) -> None:
    request, due = lent(world)
    owner = request.attempts.get().supplier
    for days in (14, 20, 21, 22, 30):
        overdue_remind(now=due + timedelta(days=days))
    assert list(DeskNotice.objects.values_list("library", "request", "template")) == [
        (owner.pk, request.pk, "late")
    ]
    Request.objects.filter(pk=request.pk).update(deadline_at=timezone.now() - timedelta(days=21))
    actor = world.supplier(request)
    (late,) = stuck_requests(actor)
    step = unblocking(late, "", actor)
    assert step is not None
    assert step.action == "report_lost"


def test_a_tick_that_was_missed_writes_the_highest_rung_alone(world: World) -> None:
    _request, due = lent(world)
    overdue_remind(now=due + timedelta(days=9))
    assert [template for template, _to in mails()] == ["loan_overdue_2"]


def test_a_book_that_is_back_is_left_in_peace(world: World) -> None:
    request, due = lent(world)
    overdue_remind(now=due + timedelta(days=1))
    world.take(request, "take_back")
    assert overdue_remind(now=due + timedelta(days=8)) == 0
    assert not RequestFlag.objects.filter(cleared_at=None).exists()


def test_a_longer_loan_starts_the_ladder_anew(world: World) -> None:
    request, due = lent(world)
    overdue_remind(now=due + timedelta(days=7))
    Request.objects.filter(pk=request.pk).update(due_on=request.due_on + timedelta(days=14))  # type: ignore[operator]
    assert overdue_remind(now=due + timedelta(days=10)) == 0
    assert overdue_remind(now=due + timedelta(days=15)) == 1
    assert [template for template, _to in mails()] == ["loan_overdue_2", "loan_overdue_1"]


def test_late_is_late_where_the_reader_lives(world: World) -> None:
    _request, due = lent(world)
    evening = due.replace(hour=23)
    assert overdue_remind(now=evening) == 0
    Library.objects.filter(pk=world.home.pk).update(time_zone="Asia/Jayapura")  # there it is past midnight
    assert overdue_remind(now=evening) == 1
