"""Carrying out the word on held deletions, in batches: a run of RunKind.DELETES. Called by readers.py."""

from __future__ import annotations

from catalog.harvesting.gone import keep_batch, take_out_batch
from catalog.harvesting.pipeline import Progress, check_stop
from catalog.harvesting.write import Counts
from catalog.models import Run


def decide(run: Run, *, progress: Progress | None = None) -> None:
    """Take out, or let stay, all that waits: `checkpoint["take_out"]`. Raises RunStopped between two batches.

    What a stop or a killed worker leaves waiting is asked about again, or gone on with.
    """
    batch = take_out_batch if run.checkpoint.get("take_out") else keep_batch
    while done := batch(run):
        if progress:
            progress(run, Counts(read=done))
        check_stop(run)
