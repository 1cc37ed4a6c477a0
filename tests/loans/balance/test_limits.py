"""Managers are written before a limit they set is reached, when it is, and when requests come again; each once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from loans.balance.limit_letters import limits_tell
from loans.balance.limits import limits_of_many
from loans.choices import Service
from loans.models import LimitNotice
from members.choices import LibraryStatus, Role
from members.models import LibraryPolicy
from network_portal.core.models import AuditEntry, OutgoingMail
from tests.loans.figures.facts import Facts
from tests.members.world import make_library, make_member

pytestmark = pytest.mark.django_db
# Friday, the 31st: the seventh day after it lies in the next week, month and year.
EVENING = timezone.make_aware(datetime(2027, 12, 31, 23, 30))


@pytest.fixture
def facts() -> Facts:
    facts = Facts()
    make_member("pemberi@example.org", facts.lender, Role.MANAGER)
    make_member("orang-lain@example.org", facts.home, Role.MANAGER)
    return facts


def supplied(facts: Facts, times: int) -> None:
    for _time in range(times):
        facts.supplied(at=EVENING, hours=0)


def letters() -> list[str]:
    return [row.subject for row in OutgoingMail.objects.filter(to_email="pemberi@example.org").order_by("pk")]


def test_each_crossing_is_told_once_to_the_librarys_managers(facts: Facts) -> None:
    LibraryPolicy.objects.create(library=facts.lender, service=Service.LOAN, max_week=5)
    supplied(facts, 3)
    assert limits_tell(EVENING) == 0 and letters() == []
    supplied(facts, 1)
    assert [limits_tell(EVENING), limits_tell(EVENING)] == [1, 0]
    supplied(facts, 1)
    assert [limits_tell(EVENING), limits_tell(EVENING + timedelta(hours=1))] == [1, 0]
    assert len(letters()) == 2 and "batas" in letters()[1]
    assert not OutgoingMail.objects.exclude(to_email="pemberi@example.org").exists()
    codes = (
        AuditEntry.objects.filter(code__startswith="loans.limit.")
        .order_by("pk")
        .values_list("code", flat=True)
    )
    assert list(codes) == ["loans.limit.near", "loans.limit.reached"]


def test_seven_days_later_in_another_year_it_is_over_and_that_is_told(facts: Facts) -> None:
    LibraryPolicy.objects.create(library=facts.lender, service=Service.LOAN, max_week=2, max_month=10)
    supplied(facts, 2)
    assert limits_tell(EVENING) == 1
    assert limits_tell(EVENING + timedelta(days=7, hours=1)) == 0, (
        "still within seven days: they were answered two hours after they came"
    )
    assert limits_tell(EVENING + timedelta(days=7, hours=3)) == 1
    assert not LimitNotice.objects.exists()
    assert AuditEntry.objects.filter(code="loans.limit.over").count() == 1
    assert limits_tell(EVENING + timedelta(days=8)) == 0


def test_what_was_near_and_is_no_more_is_not_worth_a_letter(facts: Facts) -> None:
    LibraryPolicy.objects.create(library=facts.lender, service=Service.LOAN, max_month=5)
    supplied(facts, 4)
    assert limits_tell(EVENING) == 1
    assert limits_tell(EVENING + timedelta(days=31)) == 0
    assert len(letters()) == 1 and not LimitNotice.objects.exists()


def test_a_limit_that_is_taken_away_or_a_library_that_pauses_is_forgotten(facts: Facts) -> None:
    policy = LibraryPolicy.objects.create(library=facts.lender, service=Service.LOAN, max_week=1)
    supplied(facts, 1)
    limits_tell(EVENING)
    assert LimitNotice.objects.get().level == "reached"
    facts.lender.status = LibraryStatus.SUSPENDED
    facts.lender.save()
    assert limits_tell(EVENING) == 0 and not LimitNotice.objects.exists()
    facts.lender.status = LibraryStatus.ACTIVE
    facts.lender.save()
    policy.max_week = None
    policy.save()
    assert limits_tell(EVENING) == 0 and len(letters()) == 1


def test_limits_of_many_ask_no_more_than_those_of_one(facts: Facts, django_assert_num_queries: Any) -> None:
    fields = {"service": Service.LOAN, "max_week": 5, "max_month": 9, "max_open": 3, "pause_deficit": 4}
    libraries = [facts.lender, *(make_library(f"BTS{number}") for number in range(6))]
    for library in libraries:
        LibraryPolicy.objects.create(library=library, **fields)
    supplied(facts, 1)
    with django_assert_num_queries(9):
        found = limits_of_many([library.pk for library in libraries], EVENING)
    assert {pk: len(limits) for pk, limits in found.items()} == {library.pk: 4 for library in libraries}
    with django_assert_num_queries(9):
        limits_of_many([facts.lender.pk], EVENING)
