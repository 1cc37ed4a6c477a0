"""Asking an SRU server what it can do because somebody pressed the button. Called by views and tasks."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.choices import SourceKind
from catalog.harvesting.sru.client import SruClient
from catalog.harvesting.sru.explained import source_explain
from catalog.harvesting.sru.options import SruOptions
from catalog.harvesting.sru.types import SruError
from catalog.models import Source
from catalog.selectors.probe import EXPLAIN
from catalog.services.probes import examination_queue
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation
from network_portal.core.jobs import JobTracker
from network_portal.core.models import JobRun


@transaction.atomic
def explain_start(*, source: Source, actor: Actor) -> JobRun:
    """Ask now, in a worker. Raises RuleViolation (not_sru), Conflict (probe_live) where that goes on already."""
    if source.kind != SourceKind.SRU:
        raise RuleViolation("not_sru", _("Only SRU servers can be asked what they can do."))
    job = examination_queue(kind=EXPLAIN, source=source, actor=actor)
    audit.record("catalog.source.explain_asked", actor=actor, target=source)
    return job


def explain_carry_out(*, source_id: int, job_id: int) -> None:
    """The job's error, where it failed, is a sentence for people. A second delivery of the same job does nothing."""
    job = JobRun.objects.get(pk=job_id)
    source = Source.objects.filter(pk=source_id, kind=SourceKind.SRU).first()
    if source is None or job.finished_at:
        return
    options = SruOptions.from_json(source.options)
    client = SruClient(source.url, version=options.version)
    try:
        with JobTracker(job):
            try:
                source_explain(source, client)
            except SruError as error:
                # Without the server's own words: the page translates the sentence.
                raise SruError(error.code, message=error.message) from None
    except SruError:
        return  # kept with the job
