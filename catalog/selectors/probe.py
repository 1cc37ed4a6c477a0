"""The latest examination of a source's server, as its page shows it. Read by presenters and services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from catalog.models import Source
from network_portal.core.choices import JobStatus
from network_portal.core.models import JobRun

PROBE, EXPLAIN = "catalog.probe", "catalog.explain"  # kinds of jobs: of an OAI-PMH server, of an SRU server
# Longer than six requests that are each waited for; a job that is older has lost its worker.
LOST_AFTER = timedelta(minutes=30)
SHOWN_FOR = timedelta(days=1)


@dataclass(frozen=True)
class ProbeJob:
    is_live: bool
    error: str  # a sentence, where it failed


def probe_job(source: Source) -> ProbeJob | None:
    """None where nobody asked for one lately."""
    now = timezone.now()
    job = JobRun.objects.filter(
        kind__in=(PROBE, EXPLAIN), target_type=Source._meta.label_lower, target_id=str(source.pk),
        created_at__gt=now - SHOWN_FOR,
    ).first()  # fmt: skip
    if job is None:
        return None
    open_ = job.status in (JobStatus.QUEUED, JobStatus.RUNNING)
    return ProbeJob(open_ and job.created_at > now - LOST_AFTER, job.error)
