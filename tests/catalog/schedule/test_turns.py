"""Many sources and few workers: nobody starves, and nobody gives up for making room."""

from __future__ import annotations

from collections import deque
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from catalog.choices import RunStatus, SourceKind
from catalog.harvesting import schedule
from catalog.models import Edition, Run, Source, SourceRecord
from catalog.services import schedule as services
from catalog.services.runs import run_execute, run_queue
from catalog.tasks import run_source
from tests.catalog.building import SYSTEM, library, source, state
from tests.catalog.schedule.world import PAGE, file_source

pytestmark = pytest.mark.django_db


def test_one_huge_source_does_not_keep_five_small_ones_waiting(
    tmp_path: Path, settings: Any, queue: deque[int]
) -> None:
    settings.HARVEST_SLICE_SECONDS = 0
    huge = run_queue(source=file_source(tmp_path, 5 * PAGE), actor=SYSTEM)
    small = [run_queue(source=file_source(tmp_path, 150), actor=SYSTEM) for _ in range(5)]
    queue.extend([huge.pk, *(run.pk for run in small)])
    finished = []
    while queue:  # one worker
        number = queue.popleft()
        run_source(number)
        if Run.objects.get(pk=number).status == RunStatus.DONE:
            finished.append(number)
    assert finished == [*(run.pk for run in small), huge.pk]
    huge.refresh_from_db()
    assert (huge.read, huge.created, huge.resumed) == (5 * PAGE, 5 * PAGE, 0)


def test_making_room_often_is_not_giving_up(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.HARVEST_SLICE_SECONDS = 0
    monkeypatch.setattr("catalog.services.runs.MAX_RESUMES", 2)
    waiting = run_queue(source=file_source(tmp_path, 1), actor=SYSTEM)
    run = run_queue(source=file_source(tmp_path, 5 * PAGE), actor=SYSTEM)
    times = 0
    while (left := run_execute(run_id=run.pk, actor=SYSTEM)) and left.status == RunStatus.QUEUED:
        times += 1
    assert times == 5
    assert left is not None
    assert left.status == RunStatus.DONE
    waiting.refresh_from_db()
    assert waiting.status == RunStatus.QUEUED


def test_taking_turns_ends_where_one_go_would(tmp_path: Path, settings: Any) -> None:
    own = file_source(tmp_path, 350)
    run_execute(run_id=run_queue(source=own, actor=SYSTEM).pk, actor=SYSTEM)
    undisturbed = state()
    SourceRecord.objects.all().delete()
    Run.objects.all().delete()
    Edition.objects.all().delete()
    settings.HARVEST_SLICE_SECONDS = 0
    run_queue(source=source(), actor=SYSTEM)
    run = run_queue(source=own, actor=SYSTEM)
    while (left := run_execute(run_id=run.pk, actor=SYSTEM)) and left.status == RunStatus.QUEUED:
        pass
    assert state() == undisturbed


def test_who_has_the_worker_alone_keeps_it(tmp_path: Path, settings: Any) -> None:
    settings.HARVEST_SLICE_SECONDS = 0
    run = run_queue(source=file_source(tmp_path, 250), actor=SYSTEM)
    services.run_pause(run=run_queue(source=source(), actor=SYSTEM), actor=SYSTEM)
    done = run_execute(run_id=run.pk, actor=SYSTEM)
    assert done is not None
    assert done.status == RunStatus.DONE, "a paused run does not wait for a worker"


def test_each_library_has_its_turn_before_one_has_its_second() -> None:
    past = timezone.now() - timedelta(hours=1)
    big, small = library(), library()

    def due(of: Any, minutes: int) -> Source:
        return source(
            of, kind=SourceKind.URL, interval_hours=24, next_due_at=past + timedelta(minutes=minutes)
        )

    first, second, third = (due(big, n) for n in range(3))
    other = due(small, 30)
    assert schedule.sources_due() == [first, other, second, third]


def test_a_source_whose_last_run_still_goes_on_sits_the_round_out(tmp_path: Path) -> None:
    own = file_source(tmp_path, 3, next_due_at=timezone.now() - timedelta(minutes=1))
    [number] = services.dispatch(actor=SYSTEM)
    Source.objects.update(next_due_at=timezone.now() - timedelta(minutes=1))
    assert services.dispatch(actor=SYSTEM) == []
    own.refresh_from_db()
    assert own.next_due_at is not None
    assert own.next_due_at > timezone.now() + timedelta(hours=23)
    assert Run.objects.get().pk == number
