"""Comparing two sources of a library, of which one replaces the other: a run of RunKind.SURVEY, called by readers.py.

It changes nothing in the catalogue. A run that is taken up again begins anew, or ends, where it had found its answer.
"""

from __future__ import annotations

from django.db import connection
from django.utils import timezone

from catalog.harvesting.pipeline import Progress, check_stop
from catalog.harvesting.twins import Scope, find_pairs
from catalog.harvesting.write import Counts
from catalog.models import Run


def survey(run: Run, *, progress: Progress | None = None) -> None:
    """Keep in the checkpoint what was found, as Finding.as_json(). Raises RunStopped between two steps.

    Its turn is not cut short for others: the half of a comparison is worth nothing.
    """
    if "found" in run.checkpoint:
        return

    def step(done: int, steps: int) -> None:
        run.checkpoint = {**run.checkpoint, "steps_done": done, "steps": steps}
        run.heartbeat_at = timezone.now()
        run.save(update_fields=["checkpoint", "heartbeat_at"])
        check_stop(run)

    with connection.cursor() as cursor:
        found = find_pairs(cursor, Scope.of(run.source_id, run.checkpoint), step)
    counts = Counts(read=found.old + found.new)
    run.read = counts.read
    run.checkpoint = {**run.checkpoint, "found": found.as_json()}
    run.save(update_fields=["read", "checkpoint"])
    if progress:
        progress(run, counts)
