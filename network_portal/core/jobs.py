"""Long work that people can watch: a JobRun row with counts, progress and a log."""

from __future__ import annotations

import time
from datetime import timedelta
from types import TracebackType
from typing import Any

from django.db import models
from django.utils import timezone

from network_portal.core.actor import Actor
from network_portal.core.choices import JobStatus
from network_portal.core.models import JobRun

SILENT = timedelta(
    minutes=5
)  # after so long without a sign, the worker of a job that is safe to repeat is given up


class JobStopped(Exception):
    """Somebody asked the job to stop; raised at the next `advance`."""


def job_create(
    *, kind: str, label: str, actor: Actor, total: int | None = None, target: models.Model | None = None,
    library_id: int | None = None,
) -> JobRun:  # fmt: skip
    """A queued run, to be taken up by `JobTracker(run)` in a worker."""
    return JobRun.objects.create(
        kind=kind, label=label[:200], total=total, actor_id=actor.user_id, actor_name=actor.user_name[:200],
        library_id=library_id if library_id is not None else actor.library_id,
        target_type=target._meta.label_lower if target else "", target_id=str(target.pk) if target else "",
    )  # fmt: skip


def jobs_to_do(kind: str) -> models.QuerySet[JobRun]:
    """Those of a kind that nobody has begun, or whose worker has not been heard of for some minutes."""
    dead = models.Q(status=JobStatus.RUNNING, heartbeat_at__lt=timezone.now() - SILENT)
    return JobRun.objects.filter(models.Q(status=JobStatus.QUEUED) | dead, kind=kind)


def job_claim(kind: str, run_id: int) -> JobRun | None:
    """Take a job up, from its beginning; None where another worker has it, or it is done."""
    taken = jobs_to_do(kind).filter(pk=run_id)
    if not taken.update(status=JobStatus.RUNNING, heartbeat_at=timezone.now(), done=0, counts={}):
        return None
    return JobRun.objects.get(pk=run_id)


class JobTracker:
    """`with JobTracker(run) as job: job.advance(100, created=80)`.

    Writes at most every half second, so a tight loop may call it freely. The row is written outside the work's
    own transaction only if the caller is outside one: call it between pages, not inside them.
    """

    INTERVAL = 0.5

    def __init__(self, run: JobRun) -> None:
        self.run = run
        self._last = 0.0
        self._lines: list[str] = []

    def __enter__(self) -> JobTracker:
        now = timezone.now()
        self.run.status = JobStatus.RUNNING
        self.run.started_at = self.run.started_at or now
        self.run.heartbeat_at = now
        self.run.save(update_fields=["status", "started_at", "heartbeat_at"])
        return self

    def advance(self, units: int = 0, **counts: int) -> None:
        self.run.done += units
        for name, value in counts.items():
            self.run.counts[name] = self.run.counts.get(name, 0) + value
        if time.monotonic() - self._last >= self.INTERVAL:
            self.flush()

    def log(self, text: str) -> None:
        self._lines.append(f"{timezone.now():%H:%M:%S} {text}")
        self.flush()

    def flush(self) -> None:
        """Write progress; raises JobStopped when the row was set to stopped meanwhile."""
        self._last = time.monotonic()
        if self._lines:
            self.run.log = (self.run.log + "\n".join(self._lines) + "\n")[-100_000:]
            self._lines = []
        written = JobRun.objects.filter(pk=self.run.pk, status=JobStatus.RUNNING).update(
            done=self.run.done, total=self.run.total, counts=self.run.counts, log=self.run.log,
            heartbeat_at=timezone.now(),
        )  # fmt: skip
        if not written:
            raise JobStopped(self.run.label)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        status = JobStatus.DONE if error is None else JobStatus.FAILED
        if isinstance(error, JobStopped):
            status = JobStatus.STOPPED
        values: dict[str, Any] = {
            "status": status, "finished_at": timezone.now(), "done": self.run.done, "counts": self.run.counts,
            "log": self.run.log + "".join(f"{line}\n" for line in self._lines),
            "error": str(error)[:2000] if error is not None else "",
        }  # fmt: skip
        JobRun.objects.filter(pk=self.run.pk).update(**values)
        self.run.refresh_from_db()
        return isinstance(error, JobStopped)
