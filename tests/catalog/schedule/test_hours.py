"""Sources that may be fetched only at night, in their library's own time."""

from __future__ import annotations

from collections import deque
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest

from catalog.choices import RunStatus
from catalog.harvesting.nights import is_open, next_opening
from catalog.models import Run
from catalog.services import schedule as services
from catalog.services.runs import run_execute, run_queue
from catalog.services.sources import source_start
from tests.catalog.building import SYSTEM, library, source
from tests.catalog.schedule.world import NIGHT, PAGE, file_source, jakarta

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("hour", "is_night", "opens"),
    [(21, False, jakarta(22)), (22, True, None), (23, True, None), (3, True, None), (4, False, jakarta(22))],
)
def test_a_night_may_pass_midnight(hour: int, is_night: bool, opens: datetime | None) -> None:
    own, now = source(**NIGHT), jakarta(hour)
    assert is_open(own, now) is is_night
    assert next_opening(own, now) == (opens or now)


def test_the_next_opening_after_a_morning_window_is_tomorrow() -> None:
    own = source(night_from=time(1), night_until=time(5))
    assert next_opening(own, jakarta(6)) == jakarta(1, day=11)
    assert next_opening(own, jakarta(0)) == jakarta(1)


def test_hours_are_those_of_the_library() -> None:
    makassar = source(library(time_zone="Asia/Makassar"), **NIGHT)
    at = jakarta(21)  # 22:00 in Makassar
    assert is_open(makassar, at)
    assert not is_open(source(**NIGHT), at)


def test_a_due_source_waits_for_its_hours(tmp_path: Path, clock: Any) -> None:
    own = file_source(tmp_path, 3, next_due_at=jakarta(12), **NIGHT)
    clock(jakarta(14))
    assert services.dispatch(actor=SYSTEM) == []
    clock(jakarta(22))
    assert [run.source for run in Run.objects.filter(pk__in=services.dispatch(actor=SYSTEM))] == [own]


def test_a_run_that_is_not_done_when_the_night_ends_goes_on_the_next(tmp_path: Path, clock: Any) -> None:
    file_source(tmp_path, 250, next_due_at=jakarta(22), **NIGHT)
    clock(jakarta(23))
    [number] = services.dispatch(actor=SYSTEM)
    clock_strikes = iter([jakarta(4, day=11)])

    def dawn(*_: object) -> None:
        if (morning := next(clock_strikes, None)) is not None:
            clock(morning)

    run = run_execute(run_id=number, actor=SYSTEM, progress=dawn)
    assert run is not None
    assert (run.status, run.read, run.not_before) == (RunStatus.QUEUED, PAGE, jakarta(22, day=11))
    clock(jakarta(14, day=11))
    assert services.dispatch(actor=SYSTEM) == []
    assert run_execute(run_id=number, actor=SYSTEM) is None
    clock(jakarta(22, day=11))
    assert services.dispatch(actor=SYSTEM) == [number]
    done = run_execute(run_id=number, actor=SYSTEM)
    assert done is not None
    assert (done.status, done.read, done.created) == (RunStatus.DONE, 250, 250)


def test_a_run_whose_turn_comes_only_by_day_is_put_off(tmp_path: Path, clock: Any) -> None:
    own = file_source(tmp_path, 3, **NIGHT)
    run = run_queue(source=own, actor=SYSTEM)
    clock(jakarta(9))
    assert run_execute(run_id=run.pk, actor=SYSTEM) is None
    run.refresh_from_db()
    assert (run.status, run.not_before) == (RunStatus.QUEUED, jakarta(22))


def test_whoever_starts_it_by_hand_does_not_wait_for_the_night(tmp_path: Path, clock: Any) -> None:
    own = file_source(tmp_path, 250, **NIGHT)
    clock(jakarta(9))
    run = source_start(source=own, actor=SYSTEM)
    done = run_execute(run_id=run.pk, actor=SYSTEM)
    assert done is not None
    assert (done.status, done.read) == (RunStatus.DONE, 250)


def test_a_run_that_waits_for_the_night_can_be_told_to_go_on(
    tmp_path: Path, clock: Any, queue: deque[int], django_capture_on_commit_callbacks: Any
) -> None:
    run = run_queue(source=file_source(tmp_path, 3, **NIGHT), actor=SYSTEM)
    clock(jakarta(9))
    run_execute(run_id=run.pk, actor=SYSTEM)
    with django_capture_on_commit_callbacks(execute=True):
        services.run_hurry(run=run, actor=SYSTEM)
        services.run_hurry(run=run, actor=SYSTEM)
    assert list(queue) == [run.pk]
    done = run_execute(run_id=run.pk, actor=SYSTEM)
    assert done is not None
    assert done.status == RunStatus.DONE


def test_new_hours_hold_for_what_waits_for_the_old_ones(tmp_path: Path, clock: Any) -> None:
    own = file_source(tmp_path, 3, **NIGHT)
    run = run_queue(source=own, actor=SYSTEM)
    clock(jakarta(9))
    run_execute(run_id=run.pk, actor=SYSTEM)
    services.source_hours(source=own, opens=None, closes=None, actor=SYSTEM)
    assert services.dispatch(actor=SYSTEM) == [run.pk]
    assert run_execute(run_id=run.pk, actor=SYSTEM) is not None
