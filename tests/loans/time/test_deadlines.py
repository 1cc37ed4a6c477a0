"""Deadlines of requests follow the calendar of whoever has to act."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from loans.choices import Level
from loans.models import Request, RequestFlag
from loans.workflow import duties
from loans.workflow.deadlines import deadline_for, due_default, due_for_patron, hold_shelf_days, transit_days
from members.models import (
    ClosedDay,
    Library,
    LibraryPolicy,
    Network,
    NetworkMember,
    TransitTime,
    WorkingHours,
)
from tests.loans.world import World

JAKARTA = ZoneInfo("Asia/Jakarta")
THURSDAY = datetime(2026, 11, 26, 15, tzinfo=JAKARTA)


def close(library: Library | None, day: date, days: int = 1) -> None:
    ClosedDay.objects.create(
        library=library, day=day, until=day + timedelta(days=days - 1), name="Tutup", year=day.year
    )


def only_jakarta(world: World) -> Library:
    """One library has the title, so that it is clear who is asked."""
    world.edition.holdings.exclude(library=world.libraries["JKT"]).delete()
    return world.libraries["JKT"]


def asked(world: World, **values: object) -> datetime | None:
    request = world.request_in("asked")
    for name, value in values.items():
        setattr(request, name, value)
    return deadline_for(request, request.attempts.get(), now=THURSDAY)


def test_working_days_are_those_the_supplier_works(world: World) -> None:
    supplier = only_jakarta(world)
    assert asked(world) == datetime(2026, 12, 1, 16, tzinfo=JAKARTA)
    Request.objects.all().delete()
    close(supplier, date(2026, 11, 30))
    close(None, date(2026, 12, 2))
    assert asked(world) == datetime(2026, 12, 3, 16, tzinfo=JAKARTA)


def test_the_askers_closed_days_do_not_help_the_supplier(world: World) -> None:
    close(world.home, date(2026, 11, 30))
    assert asked(world) == datetime(2026, 12, 1, 16, tzinfo=JAKARTA)


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (Level.RUSH, datetime(2026, 11, 27, 15, tzinfo=JAKARTA)),
        (Level.EXPRESS, datetime(2026, 11, 27, 9, tzinfo=JAKARTA)),
    ],
)
def test_urgent_levels_count_hours_of_work(world: World, level: str, expected: datetime) -> None:
    assert asked(world, level=level) == expected


def test_a_network_sets_its_own_hours(world: World) -> None:
    network = Network.objects.create(code="N", name="N", timers={"asked": {"normal": 4}})
    assert asked(world, network=network) == datetime(2026, 11, 27, 11, tzinfo=JAKARTA)


def test_library_closed_for_a_year_is_stuck_not_silent(world: World) -> None:
    supplier = only_jakarta(world)
    close(supplier, timezone.localdate() - timedelta(days=1), days=400)
    request = world.request_in("asked")
    assert request.deadline_at is not None
    assert timedelta(days=50) < request.deadline_at - timezone.now() < timedelta(days=200)


def test_parcels_have_the_time_their_way_takes(world: World) -> None:
    request = world.request_in("shipped")
    supplier = request.attempts.get().supplier
    assert transit_days(supplier.pk, world.home.pk) == 3
    network = Network.objects.create(code="N", name="N", transit_days=5)
    NetworkMember.objects.create(network=network, library=supplier)
    assert transit_days(supplier.pk, world.home.pk) == 5
    TransitTime.objects.create(from_library=supplier, to_library=world.home, days=9)
    assert transit_days(supplier.pk, world.home.pk) == 9
    # Nine days and two to unpack: Monday 7 December.
    assert deadline_for(request, request.attempts.get(), now=THURSDAY) == datetime(
        2026, 12, 7, 16, tzinfo=JAKARTA
    )


def test_the_due_date_counts_the_way_both_ways(world: World) -> None:
    attempt = world.request_in("will_supply").attempts.get()
    supplier = attempt.supplier
    today = timezone.localdate(timezone=ZoneInfo(supplier.time_zone))
    assert due_default(attempt) == today + timedelta(days=supplier.loan_days + 6)
    TransitTime.objects.create(from_library=supplier, to_library=world.home, days=2)
    TransitTime.objects.create(from_library=world.home, to_library=supplier, days=9)
    assert due_default(attempt) == today + timedelta(days=supplier.loan_days + 11)
    attempt.due_on = due_default(attempt)
    assert due_for_patron(attempt, world.home) == attempt.due_on - timedelta(days=9)


def test_the_hold_shelf_is_as_patient_as_its_library(world: World) -> None:
    request = world.request_in("ready")
    assert hold_shelf_days(world.home.pk) == 10
    LibraryPolicy.objects.create(library=world.home, service="loan", hold_shelf_days=4)
    assert deadline_for(request, request.attempts.get(), now=THURSDAY) == datetime(
        2026, 11, 30, 16, tzinfo=JAKARTA
    )


def test_a_deadline_in_another_zone_is_that_zones_working_day(world: World) -> None:
    supplier = only_jakarta(world)
    Library.objects.filter(pk=supplier.pk).update(time_zone="America/New_York")
    WorkingHours.objects.create(library=supplier, weekday=6, opens=time(1), closes=time(4))
    request = world.request_in("asked")
    # Open on Sundays alone, from 1 to 4; on 8 March 2026 there is no hour from 2 to 3, so its day ends after two hours
    # of work, and the 24th comes a Sunday later than it would without that.
    start = datetime(2026, 2, 20, 12, tzinfo=JAKARTA)
    assert deadline_for(request, request.attempts.get(), now=start) == datetime(
        2026, 4, 19, 4, tzinfo=ZoneInfo("America/New_York")
    )


def test_the_next_duty_is_the_earliest_of_state_and_flags(world: World) -> None:
    request = world.request_in("lent")
    attempt = request.attempts.get()
    plain = duties.next_duty(request, [], attempt=attempt)
    assert (plain.side.value, plain.why) == ("patron", "lent")
    soon = timezone.now() + timedelta(hours=1)
    flag = RequestFlag.objects.create(
        request=request, kind="renew_asked", side="supplying", library=attempt.supplier, deadline_at=soon
    )
    duty = duties.next_duty(request, [flag], attempt=attempt)
    assert (duty.side.value, duty.library_id, duty.deadline, duty.why) == (
        "supplying", attempt.supplier_id, soon, "renew_asked",
    )  # fmt: skip
    flag.cleared_at = soon
    assert duties.next_duty(request, [flag], attempt=attempt) == plain
