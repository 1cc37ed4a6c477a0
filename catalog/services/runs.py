"""Runs: queueing, carrying out, stopping, deciding on held deletions. Called by views, tasks and load.py."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import structlog
from django.db import Error as DatabaseError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from kombu.exceptions import OperationalError

from catalog.choices import RunKind, RunStatus
from catalog.harvesting import files, gone
from catalog.harvesting.database import RUN_LOCK
from catalog.harvesting.errors import RunFailed
from catalog.harvesting.helper import HelperDied
from catalog.harvesting.judge import TOO_MANY_BAD, judge_whole
from catalog.harvesting.pipeline import Progress, RunStopped
from catalog.harvesting.readers import read
from catalog.harvesting.reading import settings_mark
from catalog.harvesting.schedule import MAX_RESUMES
from catalog.harvesting.sweep import forget, settle
from catalog.harvesting.turns import RunYields, Turn, end_turn, may_start, step_aside
from catalog.harvesting.write import Counts, RunLost
from catalog.models import Run, Source, SourceRecord
from network_portal.core import audit, events
from network_portal.core.actor import Actor
from network_portal.core.errors import Conflict, RuleViolation
from network_portal.core.jobs import JobStopped, JobTracker, job_create
from network_portal.core.models import JobRun
from network_portal.core.sending import task_send

log = structlog.get_logger(__name__)
INTERNAL = "internal"
INTERNAL_MESSAGE = gettext_noop(
    "Something went wrong on our side. What was read so far is kept; start the loading again."
)
GAVE_UP = "gave_up"
GAVE_UP_MESSAGE = gettext_noop("The loading was interrupted too often and has been given up.")


@transaction.atomic
def run_queue(
    *, source: Source, actor: Actor, stored_path: str = "", file_name: str = "", kind: str = RunKind.HARVEST,
    checkpoint: dict[str, Any] | None = None,
) -> Run:  # fmt: skip
    """A run that waits for a worker. Raises Conflict where one of this source is waiting or running already."""
    try:
        with transaction.atomic():
            run = Run.objects.create(
                source=source, kind=kind, stored_path=stored_path, file_name=file_name[:500],
                checkpoint=checkpoint or {},
            )  # fmt: skip
    except IntegrityError:
        raise Conflict("run_live", _("This source is being loaded already. Wait until it is done.")) from None
    job = job_create(
        kind="catalog.run", label=str(source), actor=actor, target=run, library_id=source.library_id
    )
    run.job_id = job.pk
    run.save(update_fields=["job_id"])
    audit.record(
        "catalog.run.queued", actor=actor, target=source, data={"run": run.pk, "file": run.file_name}
    )
    return run


@transaction.atomic
def run_stop(*, run: Run, actor: Actor) -> None:
    """Ask a live run to stop after the page at hand; one that waits or is paused ends at once. Raises RuleViolation."""
    run = Run.objects.select_for_update().get(pk=run.pk)
    if not run.is_live:
        raise RuleViolation("run_over", _("This loading has ended already."))
    if run.stop_asked and run.status == RunStatus.RUNNING:
        return
    run.stop_asked = True
    run.save(update_fields=["stop_asked"])
    if run.status != RunStatus.RUNNING:
        if run.kind == RunKind.DELETES:
            gone.take_over(run)
        run.deletes_held = gone.waiting(run)  # nobody carries that out now: it is asked about
        _end(run, RunStatus.STOPPED)
    audit.record("catalog.run.stop_asked", actor=actor, target=run)


@transaction.atomic
def deletes_decide(*, run: Run, take_out: bool, actor: Actor) -> Run:
    """The word that held deletions waited for. Returns the queued run that carries it out.

    Raises RuleViolation (nothing_held) where another run has taken the question over, Conflict where one is live.
    """
    run = Run.objects.select_for_update().select_related("source").get(pk=run.pk)
    held = gone.waiting(run)
    if not run.deletes_held or not held:
        raise RuleViolation("nothing_held", _("There is nothing to decide any more for this loading."))
    order = {"of": run.pk, "take_out": take_out, "total": held}
    work = run_queue(source=run.source, actor=actor, kind=RunKind.DELETES, checkpoint=order)
    if take_out:
        audit.record("catalog.run.deletes_confirmed", actor=actor, target=run.source, data={"deleted": held})
    else:
        audit.record("catalog.run.deletes_refused", actor=actor, target=run.source, data={"held": held})
    run.deletes_held = 0
    run.message_code = run.message = ""
    run.checkpoint = {**run.checkpoint, "decided_in": work.pk}
    if run.status == RunStatus.PARTIAL and not run.rejected:
        run.status = RunStatus.DONE
    run.save(update_fields=["deletes_held", "message_code", "message", "status", "checkpoint"])
    transaction.on_commit(partial(run_send, work.pk))
    return work


@transaction.atomic
def run_renormalise(*, source: Source, actor: Actor, send: bool = True) -> Run:
    """Read the stored originals of all records again, with today's rules and character set, without any harvest.

    Raises Conflict where a run of the source is live. `send`: to the workers; else the caller carries it out.
    """
    run = run_queue(
        source=source, actor=actor, kind=RunKind.RENORMALISE, checkpoint={"total": source.record_count}
    )
    if send:
        transaction.on_commit(partial(run_send, run.pk))
    return run


def run_execute(
    *,
    run_id: int,
    actor: Actor,
    trusted: bool = False,
    sweep_after: bool = True,
    progress: Progress | None = None,
) -> Run | None:
    """Carry a run to its end; the run's row then says how it ended. None where another worker has it, or it is over.

    One that comes back waiting or paused has only left its worker (harvesting/turns.py) and goes on at its checkpoint.

    Does not raise for what is wrong with the file. Raises for a lost database or helper: the run stays live, and the
    dispatcher takes it up again at its checkpoint.
    """
    with _sole(run_id) as mine:
        run = Run.objects.select_related("source__library").filter(pk=run_id).first()
        if not mine or run is None or not may_start(run):
            return None
        if not _start(run):
            return None
        try:
            if run.resumed > MAX_RESUMES:
                raise RunFailed(GAVE_UP, GAVE_UP_MESSAGE)
            gone.take_over(run)
            _read(run, trusted, Turn(run, shares=not trusted).watching(progress))
            _finish(run, [run] if sweep_after else [])
        except RunFailed as failure:
            _break_off(run, RunStatus.FAILED, failure.code, failure.message)
        except (RunStopped, JobStopped):
            _break_off(run, RunStatus.STOPPED)
        except RunYields as leaves:
            step_aside(run, leaves)
            return run
        except RunLost:
            return None
        except (DatabaseError, HelperDied):
            log.warning("run_interrupted", run=run.pk, exc_info=True)
            raise
        except Exception:
            log.exception("run_failed", run=run.pk)
            run.refresh_from_db()
            _break_off(run, RunStatus.FAILED, INTERNAL, INTERNAL_MESSAGE)
        _record_end(run, actor)
        return run


def runs_settle(source: Source, runs: Sequence[Run]) -> None:
    """Deal with what is gone after several files that together are the catalogue; the last one's row says how."""
    settle(runs[-1], runs)
    runs[-1].save()
    _count_records(source)


@contextmanager
def _sole(run_id: int) -> Iterator[bool]:
    """A lock of this session: it goes with the worker, however that ends."""
    number = run_id % 2**31
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [RUN_LOCK, number])
        mine = cursor.fetchone()[0]
    try:
        yield mine
    finally:
        if (
            mine
            and connection.connection is not None
            and not connection.connection.closed
            and connection.is_usable()
        ):
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [RUN_LOCK, number])


def _start(run: Run) -> bool:
    """False where somebody stopped it between the look and this step."""
    now = timezone.now()
    end_turn(run, run.heartbeat_at)  # of a worker that was lost
    begin: dict[str, Any] = {
        "status": RunStatus.RUNNING, "resumed": run.resumed + (run.status == RunStatus.RUNNING),
        "heartbeat_at": now, "started_at": run.started_at or now, "worked_seconds": run.worked_seconds,
        "turn_at": None if run.kind == RunKind.PUSH else now,  # its pages came before any worker saw it
    }  # fmt: skip
    took = Run.objects.filter(pk=run.pk, status=run.status).update(**begin)
    for name, value in begin.items():
        setattr(run, name, value)
    return bool(took)


def _read(run: Run, trusted: bool, progress: Progress | None) -> None:
    job = JobRun.objects.filter(pk=run.job_id or 0).first()
    if job is None:
        read(run, trusted=trusted, progress=progress)
        return
    with JobTracker(job) as tracker:

        def advance(run: Run, counts: Counts) -> None:
            values = vars(counts)
            tracker.advance(values["read"], **{name: n for name, n in values.items() if name != "read"})
            if progress:
                progress(run, counts)

        read(run, trusted=trusted, progress=advance)
        return
    raise JobStopped  # the tracker swallows its own stop


def _finish(run: Run, lists: Sequence[Run]) -> None:
    """The end of a run that came through. No `lists`: other files follow, and what is gone is dealt with after them."""
    judge_whole(run)
    if lists:
        settle(run, lists if run.kind in gone.LISTS else ())
    run.bytes_done = run.bytes_total or run.bytes_done
    status = RunStatus.PARTIAL if run.rejected or run.deletes_held else RunStatus.DONE
    _end(run, status, run.message_code, run.message)


def _break_off(run: Run, status: RunStatus, code: str = "", message: str = "") -> None:
    """The end of a run that did not come through: what was announced as deleted still goes; nothing else, unasked."""
    if run.kind not in gone.LISTS or code in (TOO_MANY_BAD, GAVE_UP, INTERNAL):
        run.deletes_held = gone.waiting(run)
        forget([run.pk])
    else:
        settle(run)
    _end(run, status, code or run.message_code, message or run.message)


def _end(run: Run, status: RunStatus, code: str = "", message: str = "") -> None:
    run.status, run.message_code, run.message = status, code[:60], message
    run.finished_at = run.heartbeat_at = timezone.now()
    end_turn(run, run.finished_at)
    run.checkpoint = {**run.checkpoint, "settings": settings_mark(run.source)}
    run.save()
    files.discard(run)
    _count_records(run.source)
    JobRun.objects.filter(pk=run.job_id or 0, status__in=["queued", "running"]).update(
        status="failed" if status == RunStatus.FAILED else "stopped",
        error=message,
        finished_at=run.finished_at,
    )


def _record_end(run: Run, actor: Actor) -> None:
    data = {name: getattr(run, name) for name in vars(Counts())}
    audit.record("catalog.run.finished", actor=actor, target=run, data={**data, "status": run.status})
    events.publish("catalog.run.finished", run_id=run.pk)


def _count_records(source: Source) -> None:
    live = SourceRecord.objects.filter(source=source, deleted_at=None).count()
    Source.objects.filter(pk=source.pk).update(record_count=live)


def run_send(run_id: int) -> None:
    """Put the run at the end of the workers' queue. Where that is away, the dispatcher sends it once it is back."""
    try:
        task_send("catalog.tasks.run_source", run_id)
    except OperationalError as error:
        log.warning("run_send_lost", run=run_id, error=str(error))
