"""A library's list of what it wants to weed: taken in, read by a worker, kept with what the network says."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from kombu.exceptions import OperationalError

from catalog.acquiring.choices import CheckState
from catalog.acquiring.reading import Named, read_rows
from catalog.acquiring.services.following import editions_follow
from catalog.acquiring.uploads import rows_read
from catalog.acquiring.weighing import rows_resolve, rows_weigh
from catalog.models import WeedingCheck, WeedingRow
from members.importing.table import TableError, rows_of
from members.models import Library
from members.permissions import Capability, require
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import Conflict, RuleViolation
from network_portal.core.jobs import JobStopped, JobTracker, job_claim, job_create, jobs_to_do
from network_portal.core.portions import in_portions
from network_portal.core.sending import task_send

log = structlog.get_logger(__name__)
JOB = "catalog.weeding"
PORTION = 5000
KEPT_DAYS = 365
WORDS = {
    "no_table": gettext_lazy(
        "This file can't be read as a list. Save it as CSV or XLSX, without a password."
    ),
    "empty": gettext_lazy("The list holds no rows."),
    "too_big": gettext_lazy("The file is too big: 20 MB at most. Divide it."),
    "too_many_rows": gettext_lazy("The list has more than 100,000 rows. Divide it."),
    "too_many_columns": gettext_lazy(
        "The list has more than 60 columns. Leave out what the portal does not need."
    ),
}


@transaction.atomic
def check_start(*, name: str, data: bytes, actor: Actor) -> WeedingCheck:
    """Keep the list and hand it to a worker. RuleViolation: no_library, or what is wrong with it (see WORDS)."""
    require(actor, Capability.ACQUIRE)
    library = Library.objects.filter(pk=actor.library_id or 0).first()
    if library is None:
        raise RuleViolation("no_library", _("Choose the library you work for first."))
    try:
        rows = rows_read(data)
    except TableError as error:
        raise RuleViolation(error.code, WORDS[error.code]) from error
    check = WeedingCheck.objects.create(
        library=library, name=name[:200], packed=rows.packed, total=rows.count
    )
    job = job_create(
        kind=JOB, label=check.name, actor=actor, total=rows.count, target=check, library_id=library.pk
    )
    check.job_id = job.pk
    check.save(update_fields=["job_id"])
    audit.record("catalog.weeding.checked", actor=actor, target=check, data={"rows": rows.count})
    transaction.on_commit(partial(_send, job.pk))
    return check


def checks_go_on() -> int:
    """Hand out again what no worker took, or whose worker died."""
    waiting = list(jobs_to_do(JOB).values_list("pk", flat=True))
    for job_id in waiting:
        _send(job_id)
    return len(waiting)


def check_work(*, job_id: int) -> None:
    """Read the whole list, from its beginning; a list that another worker has is left to it."""
    job = job_claim(JOB, job_id)
    if job is None:
        return
    check = WeedingCheck.objects.select_related("library").filter(job_id=job_id).first()
    try:
        with JobTracker(job) as tracker:
            if check is None or check.packed is None:
                return
            WeedingCheck.objects.filter(pk=check.pk).update(state=CheckState.RUNNING)
            _work(check, tracker)
    except JobStopped:
        pass
    except Exception:
        WeedingCheck.objects.filter(job_id=job_id).update(state=CheckState.FAILED)
        raise
    if job.status == "stopped":
        WeedingCheck.objects.filter(job_id=job_id).update(state=CheckState.FAILED)


@transaction.atomic
def check_delete(*, check: WeedingCheck, actor: Actor) -> None:
    """Throw a list away; offers made from it stay. Conflict (check_running) while it is read."""
    require(actor, Capability.ACQUIRE)
    row = WeedingCheck.objects.select_for_update(of=("self",)).filter(pk=check.pk).first()
    if row is None:
        return
    if row.state == CheckState.RUNNING:
        raise Conflict("check_running", _("The list is being read. Wait until it is done."))
    audit.record("catalog.weeding.dropped", actor=actor, target=row)
    WeedingRow.objects.filter(source=row)._raw_delete("default")
    row.delete()


def _work(check: WeedingCheck, tracker: JobTracker) -> None:
    WeedingRow.objects.filter(source=check)._raw_delete("default")
    for portion in in_portions(read_rows(rows_of(bytes(check.packed or b""))), PORTION):
        _write(check, portion)
        tracker.advance(len(portion))
    editions_follow()  # promises and plans must stand where the rows do
    with transaction.atomic():
        counts = rows_weigh(check)
        check.state, check.counts, check.packed = CheckState.DONE, counts, None
        check.total, check.finished_at = sum(counts.values()), timezone.now()
        check.save(update_fields=["state", "counts", "packed", "total", "finished_at"])
    tracker.advance(0, **counts)


@transaction.atomic
def _write(check: WeedingCheck, portion: list[Named]) -> None:
    WeedingRow.objects.bulk_create(_made(check, portion), batch_size=1000)
    rows_resolve(check, portion[0].position, portion[-1].position)


def _made(check: WeedingCheck, portion: list[Named]) -> Iterator[WeedingRow]:
    for row in portion:
        yield WeedingRow(
            source=check,
            position=row.position,
            value=row.value,
            isbn=row.isbn,
            problem=row.problem,
            kind=row.only,
        )


def _send(job_id: int) -> None:
    try:
        task_send("catalog.tasks_acquiring.check_read", job_id)
    except OperationalError as error:  # the dispatcher sends it within a minute
        log.warning("weeding_check_waits", job=job_id, error=str(error))
