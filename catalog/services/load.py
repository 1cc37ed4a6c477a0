"""Loading files without a browser, the way that uploads take. Used by load_file and the demo network."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from catalog.choices import RunStatus
from catalog.harvesting.errors import RunFailed
from catalog.harvesting.pipeline import Progress
from catalog.models import Run, Source
from catalog.services.runs import run_execute, run_queue, runs_settle
from network_portal.core.actor import Actor


@dataclass
class LoadResult:
    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    deleted: int = 0
    rejected: int = 0
    deletes_held: int = 0
    seconds: float = 0.0
    records_per_second: float = 0.0

    def as_dict(self) -> dict[str, float]:
        return asdict(self)

    def add(self, run: Run) -> None:
        for name in ("read", "created", "updated", "unchanged", "deleted", "rejected", "deletes_held"):
            setattr(self, name, getattr(self, name) + getattr(run, name))


def load_paths(
    *, source: Source, paths: Sequence[str | Path], actor: Actor, progress: Progress | None = None
) -> LoadResult:
    """Load files one after the other, each as a run; of a snapshot source they together are the catalogue.

    Raises RunFailed (code, message) at the first file that can't be read; those before it stay loaded.
    A run of the source that was interrupted on the very same file goes on where it stopped.
    """
    started = time.monotonic()
    result, runs = LoadResult(), []
    for path in map(Path, paths):
        run = _interrupted(source, path) or run_queue(
            source=source, actor=actor, stored_path=str(path.absolute()), file_name=path.name
        )
        done = run_execute(
            run_id=run.pk, actor=actor, trusted=True, sweep_after=len(paths) == 1, progress=progress
        )
        if done is None:
            raise RunFailed("run_live", _("Another process is loading this source."))
        if done.status == RunStatus.FAILED:
            raise RunFailed(done.message_code, f"{path}: {_(done.message)}")
        if done.status == RunStatus.STOPPED:
            raise RunFailed("stopped", f"{path}: {_('The loading was stopped.')}")
        if done.status == RunStatus.PAUSED:
            raise RunFailed("paused", f"{path}: {_('The loading was paused.')}")
        runs.append(done)
    if len(runs) > 1:
        runs_settle(source, runs)
    for run in runs:
        result.add(run)
    result.seconds = round(time.monotonic() - started, 3)
    result.records_per_second = round(result.read / result.seconds, 1) if result.seconds else 0.0
    return result


def _interrupted(source: Source, path: Path) -> Run | None:
    live = [RunStatus.RUNNING, RunStatus.QUEUED]
    return Run.objects.filter(source=source, status__in=live, stored_path=str(path.absolute())).first()
