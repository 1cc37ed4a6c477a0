"""Working hours: breaks, closed days, time zones and changes of the clock."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from members.calendars import (
    DEFAULT_WEEK,
    Calendar,
    add_working_hours,
    calendar_of,
    calendars_of,
    calendars_remembered,
    closing_on_or_after,
    is_open,
    next_opening,
    working_hours_between,
)
from members.choices import Role
from members.models import ClosedDay, WorkingHours
from members.services.calendars import closed_day_add, closed_day_remove, hours_set
from members.working import working_of
from network_portal.core.errors import RuleViolation
from tests.members.world import make_library, make_member

JAKARTA, NEW_YORK, GAZA = ZoneInfo("Asia/Jakarta"), ZoneInfo("America/New_York"), ZoneInfo("Asia/Gaza")
EVERY_DAY = (((time(0), time(23, 59)),),) * 7
# Friday, with the break for the midday prayer.
FRIDAY_BREAK = (*DEFAULT_WEEK[:4], ((time(8), time(11, 30)), (time(13), time(16))), (), ())


def at(zone: ZoneInfo, *parts: int) -> datetime:
    return datetime(*parts, tzinfo=zone)  # type: ignore[arg-type]


def test_hours_run_on_over_night_and_weekend() -> None:
    calendar = Calendar(JAKARTA)
    thursday = at(JAKARTA, 2026, 11, 26, 15)
    assert add_working_hours(calendar, thursday, 10) == at(JAKARTA, 2026, 11, 30, 9)
    assert add_working_hours(calendar, thursday, 1) == at(JAKARTA, 2026, 11, 26, 16)
    assert add_working_hours(calendar, thursday, 0) == thursday


def test_deadline_skips_friday_break_and_holidays() -> None:
    calendar = Calendar(JAKARTA, FRIDAY_BREAK, frozenset({date(2026, 11, 30)}))
    friday = at(JAKARTA, 2026, 11, 27, 11)
    assert add_working_hours(calendar, friday, 1) == at(JAKARTA, 2026, 11, 27, 13, 30)
    # 3.5 hours of Friday are left; Monday is a holiday, so the rest is done on Tuesday.
    assert add_working_hours(calendar, friday, 4) == at(JAKARTA, 2026, 12, 1, 8, 30)
    assert working_hours_between(calendar, friday, at(JAKARTA, 2026, 12, 1, 9)) == Decimal("4.5")
    assert not is_open(calendar, at(JAKARTA, 2026, 11, 27, 12))
    assert next_opening(calendar, at(JAKARTA, 2026, 11, 27, 12)) == at(JAKARTA, 2026, 11, 27, 13)


def test_dst_gap_neither_loses_nor_doubles_an_hour() -> None:
    """On 8 March 2026 New York's clocks jump from 2 to 3: that day has 23 hours."""
    night = Calendar(NEW_YORK, EVERY_DAY)
    start = at(NEW_YORK, 2026, 3, 8, 0)
    assert add_working_hours(night, start, 3) == at(NEW_YORK, 2026, 3, 8, 4)
    assert working_hours_between(night, start, at(NEW_YORK, 2026, 3, 8, 6)) == 5
    skipped = Calendar(NEW_YORK, (*((),) * 6, ((time(1), time(2, 30)), (time(2, 45), time(4)))))
    assert skipped.openings(date(2026, 3, 8)) == [
        (at(NEW_YORK, 2026, 3, 8, 1), at(NEW_YORK, 2026, 3, 8, 3)),
        (at(NEW_YORK, 2026, 3, 8, 3), at(NEW_YORK, 2026, 3, 8, 4)),
    ]


def test_an_hour_that_comes_twice_counts_as_the_two_hours_it_is() -> None:
    """On 1 November 2026 New York's clocks go from 2 back to 1."""
    night = Calendar(NEW_YORK, EVERY_DAY)
    start = at(NEW_YORK, 2026, 11, 1, 0)
    assert add_working_hours(night, start, 3) == at(NEW_YORK, 2026, 11, 1, 2)
    day = Calendar(NEW_YORK)
    friday = at(NEW_YORK, 2026, 10, 30, 15)
    assert add_working_hours(day, friday, 2) == at(NEW_YORK, 2026, 11, 2, 9)


def test_a_clock_that_jumps_at_midnight_is_no_trouble() -> None:
    """Gaza's clocks have jumped at midnight and in the small hours: every day keeps its 24 hours but two."""
    whole = Calendar(GAZA, (((time(0), time(12)), (time(12), time(23, 59, 59))),) * 7)
    lengths = {
        round(sum((end - start).total_seconds() for start, end in whole.openings(day)) / 3600)
        for day in (date(2026, 1, 1) + timedelta(days=n) for n in range(365))
    }
    assert lengths <= {23, 24, 25}
    assert 24 in lengths


@settings(max_examples=60, deadline=None)
@given(
    zone=st.sampled_from([JAKARTA, NEW_YORK, GAZA, ZoneInfo("Australia/Lord_Howe")]),
    start=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1), timezones=st.just(timezone.utc)),
    hours=st.integers(1, 60),
)
def test_what_is_added_is_what_is_counted(zone: ZoneInfo, start: datetime, hours: int) -> None:
    for week in (FRIDAY_BREAK, EVERY_DAY):
        calendar = Calendar(zone, week)
        end = add_working_hours(calendar, start, hours)
        assert working_hours_between(calendar, start, end) == hours


def test_a_library_without_an_open_hour_is_said_to_be_closed() -> None:
    closed = frozenset(date(2026, 11, 1) + timedelta(days=n) for n in range(366))
    with pytest.raises(RuleViolation) as caught:
        add_working_hours(Calendar(JAKARTA, DEFAULT_WEEK, closed), at(JAKARTA, 2026, 11, 23, 9), 1)
    assert caught.value.code == "calendar_closed"


def test_a_day_ends_when_the_library_closes() -> None:
    calendar = Calendar(JAKARTA, FRIDAY_BREAK)
    assert closing_on_or_after(calendar, date(2026, 11, 27)) == at(JAKARTA, 2026, 11, 27, 16)
    assert closing_on_or_after(calendar, date(2026, 11, 28)) == at(JAKARTA, 2026, 11, 30, 16)


@pytest.mark.django_db
def test_calendars_of_many_libraries_take_three_queries(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    libraries = [make_library(f"LIB{n}") for n in range(5)]
    WorkingHours.objects.create(library=libraries[0], weekday=5, opens=time(9), closes=time(12))
    day = date.today() + timedelta(days=3)
    ClosedDay.objects.create(library=libraries[1], day=day, until=day, name="x", year=day.year)
    ClosedDay.objects.create(day=day + timedelta(1), until=day + timedelta(2), name="y", year=day.year)
    with django_assert_num_queries(3), calendars_remembered():
        found = calendars_of(library.pk for library in libraries)
        assert calendar_of(libraries[4].pk) is found[libraries[4].pk]
    assert found[libraries[0].pk].week == ((), (), (), (), (), ((time(9), time(12)),), ())
    assert found[libraries[2].pk].week == DEFAULT_WEEK
    assert found[libraries[1].pk].closed == {day + timedelta(n) for n in range(3)}
    assert found[libraries[2].pk].closed == {day + timedelta(n) for n in (1, 2)}


@pytest.mark.django_db
def test_manager_sets_hours_and_closed_days_of_the_own_library_only() -> None:
    own, other = make_library("SENDIRI"), make_library("LAIN")
    manager = working_of(make_member("m@example.org", own, Role.MANAGER)).actor
    hours_set(library=own, actor=manager, week={0: [(time(13), time(17)), (time(8), time(12))]})
    assert calendar_of(own.pk).week[0] == ((time(8), time(12)), (time(13), time(17)))
    day = date.today() + timedelta(days=1)
    row = closed_day_add(library=own, actor=manager, day=day, until=day, name="Rapat")
    assert day in calendar_of(own.pk).closed
    assert day not in calendar_of(other.pk).closed
    closed_day_remove(closed_day=row, actor=manager)
    assert day not in calendar_of(own.pk).closed
    with override("en"), pytest.raises(RuleViolation, match="own library"):
        hours_set(library=other, actor=manager, week={})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("week", "code"),
    [
        ({0: [(time(12), time(8))]}, "hours_order"),
        ({0: [(time(8), time(12)), (time(11), time(15))]}, "hours_overlap"),
    ],
)
def test_hours_that_make_no_sense_are_refused(week, code: str) -> None:  # type: ignore[no-untyped-def]
    library = make_library("JAM")
    actor = working_of(make_member("m@example.org", library, Role.MANAGER)).actor
    with pytest.raises(RuleViolation) as caught:
        hours_set(library=library, actor=actor, week=week)
    assert caught.value.code == code
    assert not WorkingHours.objects.exists()


@pytest.mark.django_db
def test_a_closed_day_is_entered_once_and_days_for_all_are_the_coordinators() -> None:
    library = make_library("LIBUR")
    manager = working_of(make_member("m@example.org", library, Role.MANAGER)).actor
    coordinator = working_of(make_member("c@example.org", library, Role.COORDINATOR)).actor
    day = date.today() + timedelta(days=9)
    closed_day_add(library=None, actor=coordinator, day=day, until=day, name="Hari libur nasional")
    with pytest.raises(RuleViolation) as caught:
        closed_day_add(library=None, actor=coordinator, day=day, until=day, name="Hari libur nasional")
    assert caught.value.code == "closed_twice"
    assert day in calendar_of(library.pk).closed
    with pytest.raises(PermissionDenied):
        closed_day_add(library=None, actor=manager, day=day, until=day, name="x")


@pytest.mark.django_db
def test_calendar_page_saves_the_week_and_shows_what_is_wrong(client) -> None:  # type: ignore[no-untyped-def]
    library = make_library("HALAMAN")
    client.force_login(make_member("m@example.org", library, Role.MANAGER))
    url = "/members/HALAMAN/calendar/"
    assert "from_0_1" in client.get(url).content.decode()
    wrong = client.post(url, {"do": "hours", "from_0_1": "09:00", "to_0_1": "08:00"})
    assert wrong.status_code == 200
    assert wrong.context["week"].errors
    half = client.post(url, {"do": "hours", "from_0_1": "09:00"})
    assert half.context["week"].errors
    assert not WorkingHours.objects.exists()
    sent = client.post(
        url, {"do": "hours", "from_0_1": "09:00", "to_0_1": "12.30", "from_0_2": "13:00", "to_0_2": "17:00"}
    )
    assert sent.status_code == 302
    assert calendar_of(library.pk).week[0] == ((time(9), time(12, 30)), (time(13), time(17)))
    day = date.today() + timedelta(days=4)
    assert client.post(url, {"do": "close", "day": day.isoformat(), "name": "Rapat"}).status_code == 302
    row = ClosedDay.objects.get()
    assert (row.day, row.until, row.library) == (day, day, library)
    assert "Rapat" in client.get(url).content.decode()
    assert client.post(url, {"do": "open", "closed_day": row.pk}).status_code == 302
    assert not ClosedDay.objects.exists()
