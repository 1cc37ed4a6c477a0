"""A library's hours or closed days changed: its open deadlines are reckoned anew, in the background and with progress.

`news` hears of the change (loans.apps), loans.tasks does the work, the page of the calendar tells how many moved.
Rule: a deadline may move either way, but what is in time now is never late at once, whatever the new hours say.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from loans.choices import LIVE_ATTEMPTS, OPEN_STATUSES
from loans.models import Request, RequestFlag, SupplyAttempt
from loans.workflow import duties, raising
from loans.workflow.deadlines import attempt_deadline, end_of_day
from loans.workflow.flags import FLAGS
from members.calendars import calendar_of, calendars_of, calendars_remembered
from members.models import Library
from members.selectors.calendars import RECKONED
from network_portal.core import bulk
from network_portal.core.actor import Actor
from network_portal.core.choices import JobStatus
from network_portal.core.jobs import JobTracker, job_claim, job_create, jobs_to_do
from network_portal.core.models import JobRun
from network_portal.core.sending import task_send

log = structlog.get_logger(__name__)
CHUNK = 1_000


@dataclass
class Moved:
    """How many open requests were looked at, and the deadlines of how many moved."""

    looked: int = 0
    moved: int = 0


def news(*, library_id: int | None, **_more: object) -> None:
    """Queue the work. One that waits already does it for this change too; without a queue the minute's clock does."""
    waiting = JobRun.objects.filter(kind=RECKONED, status=JobStatus.QUEUED, library_id=library_id)
    if waiting.exists():
        return
    library = Library.objects.filter(pk=library_id).first() if library_id is not None else None
    label = _("Open deadlines of %(library)s") % {"library": library} if library else _("All open deadlines")
    run = job_create(kind=RECKONED, label=label, actor=Actor.system(), library_id=library_id)
    try:
        task_send("loans.tasks.reckon_deadlines", run.pk)
    except OperationalError as error:
        log.warning("deadlines_wait", job=run.pk, error=str(error))


def reckon_waiting() -> int:
    """What no worker has heard of for a minute, or one has died over."""
    waiting = jobs_to_do(RECKONED).filter(created_at__lt=timezone.now() - timedelta(minutes=1))
    return sum(reckon_job(pk).moved for pk in waiting.order_by("pk").values_list("pk", flat=True))


def reckon_job(run_id: int) -> Moved:
    """Carry out the job: a second worker finds it begun. Begun again after a death, it ends the same."""
    run = job_claim(RECKONED, run_id)
    if run is None:
        return Moved()
    with JobTracker(run) as tracker:
        return deadlines_reckon(library_id=run.library_id, tracker=tracker)
    return Moved()


def deadlines_reckon(*, library_id: int | None, tracker: JobTracker | None = None) -> Moved:
    """Every open deadline in which the library's hours count; with None everybody's."""
    found, last = Moved(), 0
    with calendars_remembered():
        while chunk := _chunk(library_id, last):
            last, moved = chunk
            found.looked += moved.looked
            found.moved += moved.moved
            if tracker is not None:
                tracker.advance(moved.looked, moved=moved.moved)
    return found


def concerned(library_id: int | None) -> QuerySet[Request]:
    rows = Request.objects.filter(status__in=OPEN_STATUSES)
    if library_id is None:
        return rows
    supplied = SupplyAttempt.objects.filter(supplier_id=library_id, status__in=LIVE_ATTEMPTS)
    return rows.filter(
        Q(requesting_library_id=library_id) | Q(owner_library_id=library_id) | Q(pk__in=supplied.values("request_id"))
    )  # fmt: skip


@transaction.atomic
def _chunk(library_id: int | None, after: int) -> tuple[int, Moved] | None:
    """The next requests by key: (the last key, how many); None at the end."""
    locked = concerned(library_id).filter(pk__gt=after).select_for_update(of=("self",))
    rows = list(locked.order_by("pk")[:CHUNK])
    if not rows:
        return None
    prefetch_related_objects(rows, "requesting_library", "network__coordinator_library")
    pks = [row.pk for row in rows]
    live = SupplyAttempt.objects.filter(request_id__in=pks, status__in=LIVE_ATTEMPTS)
    attempts = {one.request_id: one for one in live.prefetch_related("supplier")}
    flags: dict[int, list[RequestFlag]] = {pk: [] for pk in pks}
    for flag in RequestFlag.objects.filter(request_id__in=pks, cleared_at=None):
        flags[flag.request_id].append(flag)
    calendars_of({row.requesting_library_id for row in rows} | {one.supplier_id for one in attempts.values()})
    now, moved = timezone.now(), 0
    every_flag = [flag for some in flags.values() for flag in some]
    before = [[bulk.values_of(row) for row in some] for some in (rows, attempts.values(), every_flag)]
    for row in rows:
        moved += _reckon(row, attempts.get(row.pk), flags[row.pk], now)
    bulk.update_changed(rows, before[0])
    bulk.update_changed(list(attempts.values()), before[1])
    bulk.update_changed(every_flag, before[2])
    return rows[-1].pk, Moved(len(rows), moved)


def _reckon(request: Request, attempt: SupplyAttempt | None, flags: list[RequestFlag], now: datetime) -> bool:
    old, gives_up, stuck = request.deadline_at, request.times_out_at, request.stuck_since
    for flag in flags:
        if FLAGS[flag.kind].clock.unit == "hours" and flag.deadline_at is not None and flag.deadline_at > now:
            flag.deadline_at = raising.hours_later(flag.kind, flag.library_id, request.level, flag.raised_at)
            flag.deadline_at = _fair(flag.deadline_at, flag.library_id, now)
    duties.assign(request, attempt, flags)
    if old is not None and old > now and request.deadline_at is not None:
        request.deadline_at = _fair(request.deadline_at, request.owner_library_id, now)
    if gives_up is None or gives_up <= now:
        request.times_out_at = gives_up  # it is being acted on, or was
    elif request.times_out_at is not None:
        request.times_out_at = _fair(request.times_out_at, request.owner_library_id, now)
    if request.deadline_at is not None and request.deadline_at <= now:
        request.stuck_since = stuck
    if attempt is not None:
        attempt.deadline_at = attempt_deadline(request, attempt)
    return request.deadline_at != old


def _fair(deadline: datetime, library_id: int | None, now: datetime) -> datetime:
    """Not sooner than the closing of the next day the library works."""
    if deadline > now or library_id is None:
        return deadline
    calendar = calendar_of(library_id)
    return end_of_day(calendar, calendar.local_day(now) + timedelta(days=1))
