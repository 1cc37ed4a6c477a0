"""What is judged to be wrong with a source, and what is not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from catalog.choices import RunStatus, SourceKind
from catalog.models import Run, Source
from catalog.selectors.alarms import ATTENTION, STOP, Alarm, Health, alarms_of, needs_care
from catalog.selectors.quality import Figures, Quality

NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)


def ago(**values: float) -> datetime:
    return NOW - timedelta(**values)


def health(*runs: Run, came: float | None = 1, **source: Any) -> Health:
    """A source that is fetched every day and was last fetched `came` hours ago; runs newest first."""
    values = {"kind": SourceKind.URL, "interval_hours": 24, "created_at": ago(days=300), **source}
    for number, run in enumerate(reversed(runs), 1):
        run.pk = number
    came_at = None if came is None else ago(hours=came)
    return Health(Source(**values), list(runs), came_at=came_at, changed_at=came_at)


def run(status: str = RunStatus.DONE, read: int = 1000, **values: Any) -> Run:
    return Run(status=status, read=read, **values)


def codes(of: Health) -> list[str]:
    return [alarm.code for alarm in alarms_of(of, NOW)]


def only(of: Health) -> Alarm:
    (alarm,) = alarms_of(of, NOW)
    return alarm


def test_a_source_that_was_fetched_in_time_raises_no_alarm() -> None:
    assert codes(health(run(), run())) == []
    assert not needs_care(alarms_of(health(run()), NOW))


def test_a_failed_run_is_told_with_its_reason_until_the_next_one_ends_well() -> None:
    failed = run("failed", message="No answer.")
    assert only(health(failed, run())).values["message"] == "No answer."
    assert codes(health(run("running"), failed)) == ["failed"]
    assert codes(health(run(), failed)) == []


@pytest.mark.parametrize(
    ("hours", "expected"),
    [(47, []), (49, [("late", ATTENTION)]), (24 * 8, [("late", STOP)])],
)
def test_late_is_who_brought_nothing_for_twice_the_interval(
    hours: float, expected: Sequence[tuple[str, int]]
) -> None:
    found = alarms_of(health(run(), came=hours), NOW)
    assert [(alarm.code, alarm.weight) for alarm in found] == expected


def test_a_source_that_never_brought_anything_is_late_too() -> None:
    assert codes(health(came=None, created_at=ago(hours=30))) == []
    assert codes(health(came=None, created_at=ago(hours=50))) == ["never"]


def test_a_file_that_people_upload_is_never_late() -> None:
    assert codes(health(run(), came=9000, kind=SourceKind.UPLOAD)) == []
    assert codes(health(run(), came=9000, interval_hours=None)) == []


def test_a_paused_source_is_not_late_and_needs_nobody() -> None:
    paused = health(run(), came=9000, paused_at=ago(days=3))
    assert codes(paused) == ["paused"]
    assert not needs_care(alarms_of(paused, NOW))


def test_a_source_that_is_switched_off_raises_nothing() -> None:
    assert codes(health(run("failed"), came=9000, enabled=False, told_count=7)) == []


def test_an_agent_that_no_longer_calls_is_silent() -> None:
    agent = health(run(), came=50, kind=SourceKind.PUSH, interval_hours=None)
    assert codes(agent) == ["silent"]
    agent.heard_at = ago(hours=2)
    assert codes(agent) == []
    assert codes(health(came=None, kind=SourceKind.PUSH)) == []


@pytest.mark.parametrize(("stored", "alarms"), [(985, []), (979, ["told"]), (1030, ["told"])])
def test_more_than_two_percent_between_what_it_says_and_what_is_stored_is_drift(
    stored: int, alarms: list[str]
) -> None:
    assert codes(health(run(), told_count=1000, record_count=stored)) == alarms


def test_a_list_that_keeps_deleted_records_may_be_longer_and_not_shorter() -> None:
    server = {"kind": SourceKind.OAI_PMH, "told_count": 1000}
    assert codes(health(run(), **server, record_count=900)) == []
    assert codes(health(run(), **server, record_count=1100)) == ["told"]
    forgets = {"oai_profile": {"quirks": ["no_deletes"]}}
    assert codes(health(run(), **server, **forgets, record_count=900)) == ["told"]


def test_counts_are_not_compared_while_the_source_is_being_read() -> None:
    assert codes(health(run("running"), told_count=1000, record_count=10)) == []


def test_titles_that_search_does_not_show_are_drift() -> None:
    drifted = health(run())
    drifted.titles, drifted.shown = 1000, 900
    assert only(drifted).values == {"titles": 1000, "shown": 900}
    drifted.shown = 990
    assert codes(drifted) == []


def test_far_more_rejects_than_usual_are_told() -> None:
    usual = [run(rejected=n) for n in (10, 12, 9)]
    assert codes(health(run(rejected=15), *usual)) == []
    assert only(health(run(rejected=60), *usual)).values["count"] == 60


def test_a_source_that_always_has_bad_records_is_used_to_them() -> None:
    assert codes(health(*[run(rejected=100) for _ in range(4)])) == []


def test_a_first_run_with_many_rejects_is_told() -> None:
    assert codes(health(run("partial", rejected=80))) == ["rejects"]
    assert codes(health(run("partial", read=20, rejected=5))) == []


def test_a_field_that_lost_more_than_five_points_is_named() -> None:
    fallen = health(run())
    now, before = Figures(1000), Figures(1000)
    now.cases.update(year=100, subject=240)
    before.cases.update(year=51, subject=100)
    fallen.quality = Quality(now, before)
    assert [check.code for check, _points in only(fallen).values["fields"]] == ["subject"]


def test_deletions_that_wait_for_a_word_are_told() -> None:
    held = run("partial", deletes_held=5)
    assert only(health(held)).code == "deletes_held"
    assert codes(health(run(kind="compare"), held)) == ["deletes_held"]
    assert codes(health(run(), held)) == []


def test_a_source_that_brings_the_same_for_months_may_be_an_old_file() -> None:
    same = health(run())
    same.changed_at = ago(days=91)
    assert only(same).values["days"] == 91
    same.changed_at = ago(days=60)
    assert codes(same) == []


def test_the_worst_comes_first() -> None:
    assert codes(health(run("failed", deletes_held=3), came=24 * 30)) == ["failed", "late", "deletes_held"]
