"""Whether a report is being worked out. Asked by the services, so that it is done once, and by the pages."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from members.models import Library
from network_portal.core.choices import JobStatus
from network_portal.core.models import JobRun

QUALITY, OVERLAP = "catalog.quality", "catalog.overlap"
LOST = timedelta(hours=1)  # whatever has not ended by then has lost its worker


def report_job(kind: str, library: Library | None = None) -> JobRun | None:
    """The job of this kind that is waiting or running for the library; without one, for the network."""
    live = JobRun.objects.filter(kind=kind, status__in=(JobStatus.QUEUED, JobStatus.RUNNING))
    live = live.filter(created_at__gt=timezone.now() - LOST)
    return live.filter(library_id=library.pk).first() if library else live.first()
