"""Dates as people say them, in the language of the page."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.template import Context, Template
from django.utils import timezone, translation

JAKARTA = ZoneInfo("Asia/Jakarta")


def render(tag: str, value: object, language: str) -> str:
    with translation.override(language), timezone.override(JAKARTA):
        return Template("{% load look %}{% " + tag + " value %}").render(Context({"value": value}))


@pytest.mark.parametrize(("language", "words"), [("id", "5 Mar 2024, 14.30"), ("en", "5 Mar 2024, 14:30")])
def test_a_moment_is_written_in_the_readers_zone_and_way(language: str, words: str) -> None:
    moment = datetime(2024, 3, 5, 7, 30, tzinfo=ZoneInfo("UTC"))
    assert f">{words}</time>" in render("when", moment, language)


@pytest.mark.parametrize(
    ("days", "tone", "words"),
    [
        (-2, "late", "2 days late"), (-1, "late", "1 day late"), (0, "soon", "today"), (1, "soon", "tomorrow"),
        (9, "", "in 9 days"),
    ],
)  # fmt: skip
def test_a_deadline_says_how_near_it_is(days: int, tone: str, words: str) -> None:
    with timezone.override(JAKARTA):
        day: date = timezone.localdate() + timedelta(days=days)
    text = render("due", day, "en")
    assert words in text
    assert f'class="due {tone}"' in text


@time_machine.travel(datetime(2026, 11, 20, 14, 30, tzinfo=JAKARTA), tick=False)
def test_a_deadline_that_passed_an_hour_ago_is_late_today() -> None:
    assert "late since 13:30" in render("due", timezone.now() - timedelta(hours=1), "en")


@time_machine.travel(datetime(2026, 11, 20, 0, 30, tzinfo=JAKARTA), tick=False)
def test_just_after_midnight_an_hour_ago_was_yesterday() -> None:
    assert "1 day late" in render("due", timezone.now() - timedelta(hours=1), "en")


def test_nothing_is_due_without_a_day() -> None:
    assert render("due", None, "en") == "–"
