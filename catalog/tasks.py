"""Background work of harvesting: what is due is queued, what is queued is read. The index has tasks_index.py."""

from __future__ import annotations

import structlog
from celery import shared_task

from catalog.choices import RunStatus
from catalog.harvesting import purge
from catalog.services import copying, job_sending, probes, runs, schedule, sru_probe
from network_portal.core.actor import Actor

log = structlog.get_logger(__name__)


@shared_task(name="catalog.tasks.dispatch_sources", ignore_result=True, time_limit=120)
def dispatch_sources() -> None:
    """Every half minute: start what is due, take up again what lost its worker, send what the queue could not take."""
    job_sending.jobs_send_again()
    for run_id in schedule.dispatch(actor=Actor.system()):
        runs.run_send(run_id)


@shared_task(name="catalog.tasks.run_source", ignore_result=True, acks_late=True)
def run_source(run_id: int) -> None:
    """Read one source. Idempotent: a second delivery finds the run over, or goes on at its checkpoint.

    One that made room for others goes to the end of the queue.
    """
    run = runs.run_execute(run_id=run_id, actor=Actor.system())
    # Only now is the run free for the next worker. One that waits for an hour is woken by the dispatcher.
    if run and run.status == RunStatus.QUEUED and run.not_before is None:
        runs.run_send(run_id)


@shared_task(name="catalog.tasks.probe_source", ignore_result=True, time_limit=1800)
def probe_source(source_id: int, job_id: int) -> None:
    """Examine an OAI-PMH server because somebody pressed the button."""
    probes.probe_carry_out(source_id=source_id, job_id=job_id)


@shared_task(name="catalog.tasks.explain_source", ignore_result=True, time_limit=1800)
def explain_source(source_id: int, job_id: int) -> None:
    """Ask an SRU server what it can do because somebody pressed the button."""
    sru_probe.explain_carry_out(source_id=source_id, job_id=job_id)


@shared_task(name="catalog.tasks.probe_weekly", ignore_result=True, time_limit=1800)
def probe_weekly(source_id: int) -> None:
    """Examine an OAI-PMH server because its hour of the week has come."""
    probes.probe_weekly(source_id=source_id)


@shared_task(name="catalog.tasks.dispatch_probes", ignore_result=True, time_limit=120)
def dispatch_probes() -> None:
    """Every hour: send those whose hour it is."""
    for source_id in probes.probe_due():
        probe_weekly.delay(source_id)


@shared_task(name="catalog.tasks.look_up_records", ignore_result=True, acks_late=False, time_limit=120)
def look_up_records(token: str) -> None:
    """Search another catalogue for a librarian who waits. Sent again it would only come too late."""
    copying.lookup_carry_out(token=token)


@shared_task(name="catalog.tasks.purge_deleted", ignore_result=True, time_limit=3600)
def purge_deleted() -> None:
    """Every night: what was taken out a month ago leaves for good."""
    if gone := purge.purge_deleted():
        log.info("records_purged", records=gone)
