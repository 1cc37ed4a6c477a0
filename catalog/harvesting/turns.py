"""When a run gives its worker back before its end: somebody paused it, the night is over, or others wait.

Called by services/runs.py around a run. What was read stays, and the run goes on at its checkpoint.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from catalog.choices import RunKind, RunStatus
from catalog.harvesting.kinds import SCHEDULED
from catalog.harvesting.nights import is_open, next_opening
from catalog.harvesting.pipeline import Progress
from catalog.harvesting.schedule import others_wait
from catalog.harvesting.write import Counts
from catalog.models import Run
from network_portal.core.choices import JobStatus
from network_portal.core.models import JobRun


class RunYields(Exception):
    """The run leaves its worker. `until`: when it may go on; None: as soon as it is its turn again."""

    def __init__(self, status: RunStatus, until: datetime | None = None) -> None:
        super().__init__(status)
        self.status, self.until = status, until


@dataclass
class Turn:
    """One worker's time with a run. `shares`: the worker has other runs to carry out (a command line has not)."""

    run: Run
    shares: bool = True
    began: float = field(default_factory=time.monotonic)

    def watching(self, progress: Progress | None) -> Progress:
        """A progress that also looks, after each page, whether to leave. Raises RunYields."""

        def advance(run: Run, counts: Counts) -> None:
            if progress:
                progress(run, counts)
            self.check()

        return advance

    def check(self) -> None:
        asked = Run.objects.filter(pk=self.run.pk).values("pause_asked", "stop_asked", "any_hour").first()
        if asked is None or asked["stop_asked"]:
            return  # the reader sees that itself
        if asked["pause_asked"]:
            raise RunYields(RunStatus.PAUSED)
        now = timezone.now()
        if keeps_hours(self.run) and not asked["any_hour"] and not is_open(self.run.source, now):
            raise RunYields(RunStatus.QUEUED, next_opening(self.run.source, now))
        spent = time.monotonic() - self.began
        if self.shares and spent >= settings.HARVEST_SLICE_SECONDS and others_wait(self.run):
            raise RunYields(RunStatus.QUEUED)


def end_turn(run: Run, at: datetime | None) -> None:
    """Count the turn that ended at that time to what the run was worked on. The caller saves it."""
    if run.turn_at and at:
        run.worked_seconds += max(0.0, (at - run.turn_at).total_seconds())
    run.turn_at = None


def keeps_hours(run: Run) -> bool:
    """Whether the source's night window holds for this run: for what is fetched by itself, not for what people send."""
    fetched = run.kind == RunKind.HARVEST and not run.stored_path and run.source.kind in SCHEDULED
    return fetched and not run.any_hour


def held_by_source(run: Run) -> bool:
    """Whether it can't go on because its whole source is paused."""
    return run.source.paused_at is not None and run.kind == RunKind.HARVEST and not run.stored_path


def may_start(run: Run) -> bool:
    """Whether a worker may take the run now. One that comes outside its source's hours is put off to them."""
    if run.status != RunStatus.QUEUED:
        return run.status == RunStatus.RUNNING  # left behind by a lost worker
    now = timezone.now()
    if run.not_before and run.not_before > now:
        return False
    if not keeps_hours(run) or is_open(run.source, now):
        return True
    waiting = Run.objects.filter(pk=run.pk, status=RunStatus.QUEUED)
    waiting.update(not_before=next_opening(run.source, now))
    return False


def step_aside(run: Run, leaves: RunYields) -> None:
    """Leave the run as its next worker is to find it. A pause that was taken back meanwhile is none."""
    now = timezone.now()
    end_turn(run, now)
    turn = {"heartbeat_at": now, "turn_at": run.turn_at, "worked_seconds": run.worked_seconds}
    mine = Run.objects.filter(pk=run.pk, status=RunStatus.RUNNING)
    paused = leaves.status == RunStatus.PAUSED and mine.filter(pause_asked=True).update(
        status=RunStatus.PAUSED, pause_asked=False, **turn
    )
    if not paused:
        mine.update(status=RunStatus.QUEUED, not_before=leaves.until, **turn)
    # The tracker took the leaving for a failure.
    JobRun.objects.filter(pk=run.job_id or 0).update(status=JobStatus.QUEUED, finished_at=None, error="")
    run.refresh_from_db()
