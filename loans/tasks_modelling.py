"""The background of the network's model: comparing drafts with the latest requests."""

from __future__ import annotations

from celery import shared_task

from loans.modelling import preview


@shared_task(name="loans.tasks_modelling.preview_network", acks_late=True, time_limit=900)
def preview_network(run_id: int) -> bool:
    """Somebody waits for it. A second delivery of the message finds the job begun."""
    return preview.preview_job(run_id)


@shared_task(name="loans.tasks_modelling.preview_waiting", acks_late=True, time_limit=900)
def preview_waiting() -> int:
    """Every minute: what no worker took, or one has died over, goes on where it ended."""
    return sum(preview.preview_job(pk) for pk in preview.previews_waiting())
