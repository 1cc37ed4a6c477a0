"""Background work of the reports: quality after runs and nightly, overlap nightly, either when somebody asks."""

from __future__ import annotations

import structlog
from celery import shared_task
from django.core.cache import cache
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from catalog.models import Source
from catalog.selectors.report_jobs import OVERLAP, QUALITY
from catalog.services import overlap, quality
from network_portal.core import events
from network_portal.core.actor import Actor
from network_portal.core.jobs import job_create
from network_portal.core.models import JobRun

log = structlog.get_logger(__name__)


@shared_task(ignore_result=True, acks_late=True, time_limit=1800)
def quality_source(source_id: int) -> None:
    """The report of one source after a run. A run that ends while it is made asks for the next one."""
    cache.delete(_asked(source_id))
    if source := Source.objects.filter(pk=source_id).first():
        quality.quality_make(source=source)


@shared_task(ignore_result=True, acks_late=True, time_limit=3600)
def quality_job(job_id: int) -> None:
    if job := JobRun.objects.filter(pk=job_id).first():
        quality.quality_all(job=job)


@shared_task(ignore_result=True, acks_late=True, time_limit=3600)
def overlap_count(job_id: int) -> None:
    if job := JobRun.objects.filter(pk=job_id).first():
        overlap.overlap_job(job=job)


@shared_task(ignore_result=True, acks_late=True, time_limit=3 * 3600)
def nightly_quality() -> None:
    """Each source once more, because records also change without a run of their own."""
    label, total = _("Quality of all sources"), Source.objects.count()
    quality.quality_all(job=job_create(kind=QUALITY, label=label, actor=Actor.system(), total=total))


@shared_task(ignore_result=True, acks_late=True, time_limit=3600)
def nightly_overlap() -> None:
    label = _("Overlap of the network's collections")
    overlap.overlap_job(job=job_create(kind=OVERLAP, label=label, actor=Actor.system(), total=1))


def after_run(*, run_id: int, **_news: object) -> None:
    """Ask for the report of the source that a run changed, at most once an hour; the night catches what is lost."""
    waits = quality.quality_wait(run_id=run_id)
    if waits is None or not cache.add(_asked(waits[0]), 1, timeout=int(waits[1]) + 60):
        return
    try:
        quality_source.apply_async(args=(waits[0],), countdown=waits[1], retry=False)
    except OperationalError as error:
        cache.delete(_asked(waits[0]))
        log.warning("quality_report_lost", error=str(error))


def _asked(source_id: int) -> str:
    return f"catalog.quality.asked.{source_id}"


events.subscribe("catalog.run.finished", after_run)
