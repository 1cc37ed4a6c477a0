"""A fetch that failed is tried again by itself."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from catalog.choices import RunStatus, SourceKind
from catalog.harvesting import schedule
from catalog.models import Run
from catalog.services import schedule as services
from catalog.services.runs import run_execute
from tests.catalog.building import SYSTEM, source
from tests.catalog.schedule.world import file_source, jakarta

pytestmark = pytest.mark.django_db


def test_a_failed_fetch_is_tried_after_one_hour_then_four_then_as_ever(
    clock: Any, django_capture_on_commit_callbacks: Any
) -> None:
    own = source(kind=SourceKind.PATH, path="/nowhere", interval_hours=24, next_due_at=jakarta(8))
    for hours in (1, 4, 24):
        clock(own.next_due_at or jakarta(8))
        began = own.next_due_at or jakarta(8)
        [number] = services.dispatch(actor=SYSTEM)
        with django_capture_on_commit_callbacks(execute=True):
            run = run_execute(run_id=number, actor=SYSTEM)
        assert run is not None
        assert run.status == RunStatus.FAILED
        own.refresh_from_db()
        assert own.next_due_at == began + timedelta(hours=hours)


def test_a_fetch_that_went_well_forgets_the_failures(tmp_path: Path) -> None:
    own = file_source(tmp_path, 3)
    for status in (RunStatus.FAILED, RunStatus.FAILED, RunStatus.DONE, RunStatus.FAILED):
        Run.objects.create(source=own, status=status)
    assert schedule.failures_in_a_row(own) == 1


def test_a_failed_upload_does_not_bring_the_schedule_forward(tmp_path: Path) -> None:
    own = file_source(tmp_path, 3, next_due_at=timezone.now() + timedelta(hours=20))
    run = Run.objects.create(source=own, status=RunStatus.FAILED, stored_path="/tmp/x.mrc")
    services.retry_failed(run.pk)
    before = own.next_due_at
    own.refresh_from_db()
    assert own.next_due_at == before
