"""The run of a push: its pages come from the API, so what is left to a worker is its end. Named in readers.RUNS."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from catalog.harvesting.pipeline import Progress, RunStopped
from catalog.harvesting.write import RunLost
from catalog.models import PushSession, Run

SILENT = timedelta(minutes=5)  # after that a session ends by itself


def end_push(run: Run, *, progress: Progress | None = None) -> None:
    """Let the run end: because its last batch came, or because nothing came for a while.

    Raises RunLost where neither is so, RunStopped where somebody stopped it.

    Only a list that came whole, and said that it was everything, tells what is gone.
    """
    session = PushSession.objects.filter(run=run).first()
    now = timezone.now()
    if not run.checkpoint.get("ended"):
        if session and session.heard_at > now - SILENT:
            raise RunLost(f"run {run.pk} is still being sent")
        run.checkpoint = {**run.checkpoint, "ended": True, "silent": True}
    if run.stop_asked:
        raise RunStopped
    run.resumed = 0  # nobody lost it
    run.source.is_snapshot = bool(run.checkpoint.get("whole"))
    if session and session.ended_at is None:
        session.ended_at = now
        session.save(update_fields=["ended_at"])
