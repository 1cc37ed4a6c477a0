"""Runs and sources that somebody pauses, resumes and stops."""

from __future__ import annotations

from collections import deque
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from catalog.choices import RunKind, RunStatus, SourceKind
from catalog.models import Run, SourceRecord
from catalog.services import schedule as services
from catalog.services.runs import run_execute, run_queue, run_stop
from catalog.services.sources import source_start
from network_portal.core.errors import RuleViolation
from network_portal.core.models import JobRun
from tests.catalog.building import SYSTEM, source
from tests.catalog.schedule.world import PAGE, file_source, pause_after

pytestmark = pytest.mark.django_db


def test_a_paused_run_leaves_after_its_page_and_goes_on_there(tmp_path: Path, queue: deque[int]) -> None:
    own = file_source(tmp_path, 250)
    run = run_queue(source=own, actor=SYSTEM)
    run_execute(run_id=run.pk, actor=SYSTEM, progress=pause_after(1))
    run.refresh_from_db()
    assert (run.status, run.pause_asked, run.read, run.checkpoint["position"]) == (
        RunStatus.PAUSED,
        False,
        PAGE,
        PAGE,
    )
    assert JobRun.objects.get(pk=run.job_id).status == "queued", "the job has not failed"

    services.run_resume(run=run, actor=SYSTEM)
    services.run_resume(run=run, actor=SYSTEM)
    done = run_execute(run_id=run.pk, actor=SYSTEM)
    assert done is not None
    assert (done.status, done.read, done.created, done.resumed) == (RunStatus.DONE, 250, 250, 0)


def test_nobody_takes_up_a_paused_run(tmp_path: Path, clock: Any) -> None:
    own = file_source(tmp_path, 3)
    run = services.run_pause(run=run_queue(source=own, actor=SYSTEM), actor=SYSTEM)
    assert run.status == RunStatus.PAUSED
    clock(timezone.now() + timedelta(days=3))
    assert services.dispatch(actor=SYSTEM) == []
    assert run_execute(run_id=run.pk, actor=SYSTEM) is None, "not even when its message comes late"
    assert SourceRecord.objects.count() == 0


def test_a_pause_can_be_taken_back_before_the_page_ends(tmp_path: Path) -> None:
    own = file_source(tmp_path, 250)
    run = run_queue(source=own, actor=SYSTEM)

    def change_of_mind(run: Run, counts: object) -> None:
        services.run_pause(run=run, actor=SYSTEM)
        services.run_resume(run=run, actor=SYSTEM)

    done = run_execute(run_id=run.pk, actor=SYSTEM, progress=change_of_mind)
    assert done is not None
    assert (done.status, done.read) == (RunStatus.DONE, 250)


def test_stopping_a_paused_run_ends_it_at_once_and_lets_the_source_go(tmp_path: Path) -> None:
    own = file_source(tmp_path, 250)
    run = run_queue(source=own, actor=SYSTEM)
    run_execute(run_id=run.pk, actor=SYSTEM, progress=pause_after(1))
    run_stop(run=run, actor=SYSTEM)
    run.refresh_from_db()
    assert run.status == RunStatus.STOPPED
    assert run.finished_at is not None
    assert JobRun.objects.get(pk=run.job_id).status == "stopped"
    assert SourceRecord.objects.count() == PAGE, "what was read stays"
    run_queue(source=own, actor=SYSTEM)
    with pytest.raises(RuleViolation):
        services.run_resume(run=run, actor=SYSTEM)


def test_a_paused_source_is_not_fetched_and_goes_on_where_it_stood(
    tmp_path: Path, queue: deque[int], django_capture_on_commit_callbacks: Any
) -> None:
    own = file_source(tmp_path, 250, next_due_at=timezone.now())
    run = run_queue(source=own, actor=SYSTEM)
    run_execute(
        run_id=run.pk, actor=SYSTEM, progress=lambda *_: services.source_pause(source=own, actor=SYSTEM)
    )
    run.refresh_from_db()
    assert (run.status, run.read) == (RunStatus.PAUSED, PAGE)
    assert services.dispatch(actor=SYSTEM) == []
    with pytest.raises(RuleViolation) as refusal:
        services.run_resume(run=run, actor=SYSTEM)
    assert refusal.value.code == "source_paused"
    with django_capture_on_commit_callbacks(execute=True):
        services.source_resume(source=own, actor=SYSTEM)
        services.source_resume(source=own, actor=SYSTEM)
    assert list(queue) == [run.pk]
    done = run_execute(run_id=run.pk, actor=SYSTEM)
    assert done is not None
    assert (done.status, done.read) == (RunStatus.DONE, 250)


def test_what_was_uploaded_goes_on_though_its_source_is_paused(tmp_path: Path) -> None:
    own = file_source(tmp_path, 3)
    upload = run_queue(source=own, actor=SYSTEM, stored_path=own.path)
    services.source_pause(source=own, actor=SYSTEM)
    done = run_execute(run_id=upload.pk, actor=SYSTEM)
    assert done is not None
    assert done.status == RunStatus.DONE


def test_a_paused_source_with_nothing_to_do_can_not_be_started(tmp_path: Path) -> None:
    own = file_source(tmp_path, 3, next_due_at=timezone.now())
    services.source_pause(source=own, actor=SYSTEM)
    own.refresh_from_db()
    assert services.dispatch(actor=SYSTEM) == []
    with pytest.raises(RuleViolation) as refusal:
        source_start(source=own, actor=SYSTEM)
    assert refusal.value.code == "source_paused"


def test_the_time_of_a_pause_is_no_time_of_work(tmp_path: Path, queue: deque[int], clock: Any) -> None:
    own = file_source(tmp_path, 250)
    run = run_queue(source=own, actor=SYSTEM)
    run_execute(run_id=run.pk, actor=SYSTEM, progress=pause_after(1))
    run.refresh_from_db()
    assert run.seconds is not None
    before = run.seconds
    clock(timezone.now() + timedelta(hours=10))
    services.run_resume(run=run, actor=SYSTEM)
    done = run_execute(run_id=run.pk, actor=SYSTEM)
    assert done is not None
    assert done.seconds is not None
    assert before <= done.seconds < 60
    done.refresh_from_db()
    assert (done.records_per_second or 0) > 250 / 60


def test_the_time_after_a_worker_was_lost_is_no_time_of_work(tmp_path: Path, clock: Any) -> None:
    own = file_source(tmp_path, 250)
    run = run_queue(source=own, actor=SYSTEM)
    run_execute(run_id=run.pk, actor=SYSTEM, progress=pause_after(1))
    turn = timezone.now() - timedelta(seconds=30)
    Run.objects.filter(pk=run.pk).update(  # as a killed worker leaves it
        status=RunStatus.RUNNING, turn_at=turn, heartbeat_at=turn + timedelta(seconds=20)
    )
    clock(timezone.now() + timedelta(hours=10))
    assert services.dispatch(actor=SYSTEM) == [run.pk]
    assert services.dispatch(actor=SYSTEM) == [], "nor is it sent with each turn"
    done = run_execute(run_id=run.pk, actor=SYSTEM)
    assert done is not None
    assert done.seconds is not None
    assert 20 <= done.seconds < 60


def test_what_an_agent_sends_is_worked_on_from_its_first_batch_to_its_end() -> None:
    begun = timezone.now() - timedelta(seconds=60)
    run = Run.objects.create(
        source=source(kind=SourceKind.PUSH), kind=RunKind.PUSH, status=RunStatus.RUNNING, read=600,
        started_at=begun, heartbeat_at=timezone.now(), checkpoint={"ended": True},
    )  # fmt: skip
    done = run_execute(run_id=run.pk, actor=SYSTEM)
    assert done is not None
    assert 5 < (done.records_per_second or 0) <= 10
