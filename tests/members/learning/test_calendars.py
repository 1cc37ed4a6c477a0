"""Feeds, read back as calendar programs do, and the month."""

from __future__ import annotations

from datetime import date, timedelta

from django.test import Client
from icalendar import Calendar

from members.learning.calendars import month_grid, month_of, own_link, own_link_renew
from members.learning.programmes import step_take
from members.models import Library, User
from tests.members.learning.world import make_programme, register
from tests.members.world import actor_of


def events(path: str) -> list[Calendar]:
    answer = Client().get(path)
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/calendar")
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))  # RFC 5545, 3.1
    calendar = Calendar.from_ical(answer.content)
    assert calendar["VERSION"] == "2.0" and calendar["PRODID"]
    return list(calendar.walk("VEVENT"))


def test_the_public_feed_says_the_moment_in_utc_and_keeps_the_online_address(bandung: Library) -> None:
    programme = make_programme(
        bandung, sessions=2, title="Naskah; kuno, dan \\ baru", online_url="https://rapat.example/rahasia",
        place="Ruang baca yang namanya sangat panjang sekali supaya barisnya harus dilipat oleh siapa pun",
    )  # fmt: skip
    first, second = events("/learning/calendar.ics")
    session = programme.sessions.all()[0]
    assert first["SUMMARY"] == "Naskah; kuno, dan \\ baru: Hari 1"
    assert first["DTSTART"].dt == session.starts_at.replace(microsecond=0)
    assert first["DTSTART"].dt.utcoffset() == timedelta(0)
    assert first["DTEND"].dt - first["DTSTART"].dt == timedelta(hours=3)
    assert first["UID"] != second["UID"]
    assert "rahasia" not in str(first)


def test_a_cancelled_programme_stays_in_the_feed_and_says_so(bandung: Library, manager: User) -> None:
    programme = make_programme(bandung)
    step_take(programme=programme, action="cancel", actor=actor_of(manager), reason="Banjir.")
    [event] = events("/learning/calendar.ics")
    assert (event["STATUS"], int(event["SEQUENCE"])) == ("CANCELLED", 1)


def test_the_own_feed_holds_what_one_has_a_place_in_and_ends_with_a_new_link(
    bandung: Library, librarian: User
) -> None:
    mine = make_programme(bandung, title="Milik saya", online_url="https://rapat.example/rahasia")
    make_programme(bandung, title="Lain")
    register(mine, librarian)
    link = own_link(librarian.pk)
    [event] = events(link)
    assert str(event["SUMMARY"]).startswith("Milik saya") and "rahasia" in event["LOCATION"]
    new = own_link_renew(actor=actor_of(librarian))
    assert Client().get(link).status_code == 404
    assert len(events(new)) == 1
    librarian.is_active = False
    librarian.save()
    assert Client().get(new).status_code == 404


def test_a_wrong_link_opens_nothing(db: None) -> None:
    for token in ("x", "1:2", "WzEsMV0:1vK:abc"):
        assert Client().get(f"/learning/mine/{token}.ics").status_code == 404


def test_a_proposal_stands_in_no_calendar(bandung: Library) -> None:
    make_programme(bandung, status="proposed")
    assert events("/learning/calendar.ics") == []


def test_the_month_begins_on_monday_and_holds_whole_weeks() -> None:
    weeks = month_grid(2026, 2, [])
    assert weeks[0][0].date == date(2026, 1, 26)
    assert all(len(week) == 7 for week in weeks) and len(weeks) == 5
    assert month_of("2026-02") == date(2026, 2, 1)
    assert month_of("nonsense").day == 1
