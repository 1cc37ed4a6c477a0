"""National holidays: what is certain, what only a decree says, and how a coordinator takes them over."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from members.choices import Role
from members.holidays import easter, has_proposals, holidays_of
from members.models import ClosedDay
from members.selectors.calendars import holiday_year_missing
from members.services.calendars import holidays_take
from members.working import working_of
from network_portal.core.errors import RuleViolation
from tests.members.world import make_library, make_member

DAY = (date(2027, 5, 1), date(2027, 5, 1), "Hari Buruh Internasional")


@pytest.mark.parametrize(
    ("year", "sunday"),
    [(2000, (4, 23)), (2008, (3, 23)), (2025, (4, 20)), (2026, (4, 5)), (2027, (3, 28)), (2038, (4, 25))],
)
def test_easter(year: int, sunday: tuple[int, int]) -> None:
    assert easter(year) == date(year, *sunday)


def test_what_a_decree_sets_is_only_proposed() -> None:
    found = {holiday.name: holiday for holiday in holidays_of(2027)}
    assert found["Proklamasi Kemerdekaan"].day == date(2027, 8, 17)
    assert found["Wafat Yesus Kristus"].day == date(2027, 3, 26)
    assert found["Proklamasi Kemerdekaan"].certain
    assert found["Wafat Yesus Kristus"].certain
    assert not found["Idulfitri 1448 H"].certain
    assert [holiday.day for holiday in holidays_of(2027)] == sorted(
        holiday.day for holiday in holidays_of(2027)
    )
    assert all(holiday.day.year == 2027 for holiday in holidays_of(2027))
    # A year nobody knows the decree of has the certain days alone.
    assert not has_proposals(2040)
    assert all(holiday.certain for holiday in holidays_of(2040))
    assert len(holidays_of(2040)) == 8


def test_taken_over_once_and_by_a_coordinator_alone(db: None) -> None:
    library = make_library("BDG")
    actor = working_of(make_member("net@example.org", library, Role.COORDINATOR)).actor
    assert holidays_take(year=2027, days=[DAY], actor=actor) == 1
    assert holidays_take(year=2027, days=[DAY], actor=actor) == 0
    assert ClosedDay.objects.get().library is None
    with pytest.raises(RuleViolation, match="2026"):
        holidays_take(year=2026, days=[DAY], actor=actor)
    manager = working_of(make_member("man@example.org", library, Role.MANAGER)).actor
    with pytest.raises(PermissionDenied):
        holidays_take(year=2027, days=[DAY], actor=manager)


def test_page_ticks_the_certain_days_and_lets_the_others_be_corrected(db: None, client: Client) -> None:
    library = make_library("BDG")
    client.force_login(make_member("net@example.org", library, Role.COORDINATOR))
    form = client.get("/network/closed-days/2027/").context["form"]
    assert all(form.fields[f"take_{n}"].initial is holiday.certain for n, holiday in enumerate(form.offered))
    place = next(n for n, holiday in enumerate(form.offered) if holiday.name == "Idulfitri 1448 H")
    sent = {f"take_{place}": "on", f"day_{place}": "2027-03-09", f"until_{place}": "2027-03-10"}
    assert client.post("/network/closed-days/2027/", sent).status_code == 302
    row = ClosedDay.objects.get()
    assert (row.day, row.until, row.name) == (date(2027, 3, 9), date(2027, 3, 10), "Idulfitri 1448 H")
    again = client.get("/network/closed-days/2027/").context["form"]
    assert "Idulfitri 1448 H" not in [holiday.name for holiday in again.offered]
    missing = {f"take_{0}": "on", "day_0": "", "until_0": ""}
    assert "day_0" in client.post("/network/closed-days/2027/", missing).context["form"].errors
    assert client.get("/network/closed-days/1999/").status_code == 404


def test_a_year_without_holidays_is_warned_of_in_time(db: None, client: Client) -> None:
    assert holiday_year_missing(date(2026, 11, 23)) == 2026
    ClosedDay.objects.create(
        library=None, day=date(2026, 12, 25), until=date(2026, 12, 25), name="x", year=2026
    )
    assert holiday_year_missing(date(2026, 6, 1)) is None
    assert holiday_year_missing(date(2026, 11, 23)) == 2027
    client.force_login(make_member("net@example.org", make_library("BDG"), Role.COORDINATOR))
    assert client.get("/network/closed-days/").context["missing"] in (
        None,
        timezone.localdate().year,
        timezone.localdate().year + 1,
    )
