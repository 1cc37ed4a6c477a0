"""Probing OAI-PMH sources: as a job that people watch, and weekly. Called by views and tasks."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Mod
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.choices import SourceKind
from catalog.harvesting.oai.probing import PROBED_EVERY, source_probe
from catalog.harvesting.oai.types import OaiError
from catalog.models import Source
from catalog.selectors.probe import PROBE, probe_job
from catalog.services.job_sending import job_send
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import Conflict, RuleViolation
from network_portal.core.jobs import JobTracker, job_create
from network_portal.core.models import JobRun

HOURS = 7 * 24
EPOCH = datetime(2024, 1, 1, tzinfo=timezone.get_fixed_timezone(0))  # a Monday
# The weekly turn may come a little early; a run that begins right before it has probed already.
EARLY = timedelta(days=1)


@transaction.atomic
def probe_start(*, source: Source, actor: Actor) -> JobRun:
    """Probe now, in a worker. Raises RuleViolation (not_oai), Conflict (probe_live) where one waits or runs already."""
    if source.kind != SourceKind.OAI_PMH:
        raise RuleViolation("not_oai", _("Only OAI-PMH servers can be examined."))
    job = examination_queue(kind=PROBE, source=source, actor=actor)
    audit.record("catalog.source.probe_asked", actor=actor, target=source)
    return job


@transaction.atomic
def examination_queue(*, kind: str, source: Source, actor: Actor) -> JobRun:
    """A job that looks at the source's server, sent after the commit. Raises Conflict (probe_live)."""
    source = Source.objects.select_for_update(of=("self",)).select_related("library").get(pk=source.pk)
    before = probe_job(source)
    if before and before.is_live:
        raise Conflict("probe_live", _("This server is being examined already."))
    job = job_create(kind=kind, label=str(source), actor=actor, target=source, library_id=source.library_id)
    transaction.on_commit(partial(job_send, job.pk))
    return job


def probe_carry_out(*, source_id: int, job_id: int) -> None:
    """The job's error, where it failed, is a sentence for people. A second delivery of the same job does nothing."""
    job = JobRun.objects.get(pk=job_id)
    source = Source.objects.filter(pk=source_id, kind=SourceKind.OAI_PMH).first()
    if source is None or job.finished_at:
        return
    try:
        with JobTracker(job):
            profile = source_probe(source)
            if profile.error:
                raise OaiError(profile.error, message=profile.message)
    except OaiError:
        return  # kept with the job


def probe_due(*, now: datetime | None = None) -> list[int]:
    """The active OAI-PMH sources whose hour of the week it is; each source has its own, so they never come at once."""
    now = now or timezone.now()
    hour = int((now - EPOCH).total_seconds() // 3600) % HOURS
    return list(
        Source.objects.filter(kind=SourceKind.OAI_PMH, enabled=True, paused_at=None)
        .annotate(slot=Mod(F("pk") * 61, HOURS))
        .filter(Q(slot=hour), Q(oai_probed_at=None) | Q(oai_probed_at__lt=now - PROBED_EVERY + EARLY))
        .values_list("pk", flat=True)
    )


def probe_weekly(*, source_id: int) -> None:
    """One of them."""
    source = Source.objects.filter(pk=source_id, kind=SourceKind.OAI_PMH, enabled=True).first()
    if source is not None:
        source_probe(source)
