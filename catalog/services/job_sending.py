"""Handing jobs to the workers, also while their queue is away. Called by the services that make jobs, and by tasks.py.

A job that could not be sent keeps waiting: its log says so, and the dispatcher sends it once the queue is back.
"""

from __future__ import annotations

import structlog
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from catalog.selectors.probe import EXPLAIN, PROBE
from catalog.selectors.report_jobs import OVERLAP, QUALITY
from network_portal.core.choices import JobStatus
from network_portal.core.models import JobRun
from network_portal.core.sending import task_send

log = structlog.get_logger(__name__)
_TASKS = {
    PROBE: "catalog.tasks.probe_source",
    EXPLAIN: "catalog.tasks.explain_source",
    QUALITY: "catalog.tasks_reports.quality_job",
    OVERLAP: "catalog.tasks_reports.overlap_count",
}
_OF_A_SOURCE = (PROBE, EXPLAIN)  # their tasks are told which one, before the job


def job_send(job_id: int) -> None:
    """Put the job at the end of the workers' queue, or let it say that it waits for the queue. Raises nothing."""
    job = JobRun.objects.get(pk=job_id)
    try:
        task_send(_TASKS[job.kind], *_values(job))
    except OperationalError as error:
        log.warning("job_send_lost", job=job.pk, kind=job.kind, error=str(error))
        line = _("The workers' queue can't be reached. The job waits and is sent as soon as it can be.")
        job.log = f"{timezone.now():%H:%M:%S} {line}\n"
        job.save(update_fields=["log"])


def jobs_send_again() -> int:
    """Send those that wait for the queue: nothing else writes into the log of a job that has not begun."""
    lost = JobRun.objects.filter(kind__in=_TASKS, status=JobStatus.QUEUED).exclude(log="")
    sent = 0
    for job_id in lost.order_by("pk").values_list("pk", flat=True):
        if lost.filter(pk=job_id).update(log=""):
            job_send(job_id)
            sent += 1
    return sent


def _values(job: JobRun) -> tuple[int, ...]:
    return (int(job.target_id), job.pk) if job.kind in _OF_A_SOURCE else (job.pk,)
