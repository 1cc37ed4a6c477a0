"""Background work of buying and weeding together: lists read, the wanted list made, plans settled, mails of the day."""

from __future__ import annotations

import structlog
from celery import shared_task
from kombu.exceptions import OperationalError

from catalog.acquiring.services import arrivals, checks, following, wanted
from network_portal.core import events
from network_portal.core.sending import task_send

log = structlog.get_logger(__name__)


@shared_task(ignore_result=True, acks_late=True, time_limit=3600)
def check_read(job_id: int) -> None:
    checks.check_work(job_id=job_id)


@shared_task(ignore_result=True, acks_late=True, time_limit=60)
def checks_resume() -> None:
    """Every minute: lists that no worker took, or whose worker died."""
    checks.checks_go_on()


@shared_task(ignore_result=True, acks_late=True, time_limit=3600)
def wanted_nightly() -> None:
    """After the night's loadings: plans first, so that who is told of a book is told once."""
    following.editions_follow()
    held = arrivals.plans_settle()
    made = wanted.wanted_remake()
    mails = arrivals.arrivals_tell()
    log.info("wanted_made", wanted=made.wanted, arrived=made.arrived, held=held, mails=mails)


@shared_task(ignore_result=True, acks_late=True, time_limit=600)
def plans_look() -> None:
    following.editions_follow()
    arrivals.plans_settle()


def after_run(*, run_id: int, **_news: object) -> None:
    """A loading may have brought what somebody planned to buy; the night catches what is lost."""
    try:
        task_send("catalog.tasks_acquiring.plans_look")
    except OperationalError as error:
        log.warning("plans_look_lost", run=run_id, error=str(error))


events.subscribe("catalog.run.finished", after_run)
