"""Records that a library's agent sends: written before they are answered for. Called by the API.

A session's batches make one run; a batch that stands alone makes a run of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.choices import LIVE_RUNS, PushPart, RunKind, RunStatus, SourceKind
from catalog.harvesting.holdings_link import drop
from catalog.harvesting.intake import Intake, Lost, Sent
from catalog.harvesting.write import RunLost, Stored
from catalog.models import PushSession, RejectedRecord, Run, Source
from catalog.services.push_sessions import (
    Busy,
    Place,
    alone,
    announce,
    answer_again,
    finish,
    session_of,
    step,
    unanswered,
)
from catalog.services.runs import run_execute
from members.choices import LibraryStatus
from network_portal.core import events
from network_portal.core.actor import Actor
from network_portal.core.errors import Conflict, RuleViolation

STORED = "catalog.batch.stored"  # the event after which search looks at its outbox
TAKE_OVER = timedelta(minutes=1)  # a session that was silent so long gives way to the next
Result = dict[str, Any]


@dataclass
class Batch:
    """`records` and `lost` in the order they came in."""

    place: Place
    records: list[Sent] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)


def source_may_receive(source: Source) -> None:
    """Raises RuleViolation (source_off, library_off)."""
    if not source.enabled or source.paused_at:
        raise RuleViolation(
            "source_off", _("This source is switched off. The library's manager can switch it on.")
        )
    # A library that is joining sends its first records before readers see them.
    if source.library.status not in (LibraryStatus.ACTIVE, LibraryStatus.PROSPECTIVE):
        raise RuleViolation("library_off", _("The library is not an active member of the network."))


def records_push(*, source: Source, batch: Batch, actor: Actor) -> dict[str, Any]:
    """Store the batch and say what became of each record. The same batch again changes nothing.

    Raises RuleViolation (source_off, library_off, wrong_kind), Conflict (session_over), Busy.
    """
    source_may_receive(source)
    if source.kind != SourceKind.PUSH:
        raise RuleViolation(
            "wrong_kind", _("This source gets its records in another way. It takes copies only.")
        )
    with alone(source):
        place = batch.place
        session = session_of(source, PushPart.RECORDS, place)
        if (again := answer_again(session, place)) is not None:
            return again
        ended = unanswered(session, place)
        run = ended or _run_of(source, session, actor)
        came_whole = step(session, place)
        if ended:
            results = _written(ended, batch)
        else:
            results = _write(run, batch, snapshot=session is not None or place.complete)
        if place.ends and not ended:
            announce(session, place)
            run = _end(run, actor, whole=place.complete and came_whole)
        if place.total is not None:
            Source.objects.filter(pk=source.pk).update(told_count=place.total, told_at=timezone.now())
        _deletions(source, run, results, place.ends)
        events.publish(STORED, source_id=source.pk)
        return finish(session, place, _answer(run, place, results, came_whole))


def _run_of(source: Source, session: PushSession | None, actor: Actor) -> Run:
    """The session's run, or a new one. Raises Busy where another run of the source is live."""
    if session and session.run:
        run = session.run
        if run.stop_asked or run.pause_asked:  # an agent can't be paused: it comes again by itself
            run = _end(run, actor, whole=False)
        if not run.is_live:
            raise Conflict("session_over", _("This session has ended. Begin a new one, with another name."))
        run.source = source
        return run
    _make_room(source, actor)
    now = timezone.now()
    try:
        with transaction.atomic():
            run = Run.objects.create(
                source=source, kind=RunKind.PUSH, status=RunStatus.RUNNING, started_at=now, heartbeat_at=now,
                file_name=(session.name if session else actor.user_name)[:500], checkpoint={"whole": False},
            )  # fmt: skip
            if session:
                session.run = run
                session.save(update_fields=["run"])
    except IntegrityError:
        raise _busy(30) from None
    return run


def _make_room(source: Source, actor: Actor) -> None:
    """End a push that nobody goes on with; wait for anything else that is live."""
    live = Run.objects.filter(source=source, status__in=LIVE_RUNS).first()
    if live is None:
        return
    if live.kind != RunKind.PUSH:
        raise _busy(30)
    session = PushSession.objects.filter(run=live).first()
    heard: datetime | None = session.heard_at if session else live.heartbeat_at
    silent = timezone.now() - heard if heard else TAKE_OVER
    if silent < TAKE_OVER:
        raise _busy(int((TAKE_OVER - silent).total_seconds()) + 1)
    _end(live, actor, whole=False)


def _busy(seconds: int) -> Busy:
    return Busy("busy", _("This source is being loaded by somebody else. Try again soon."), seconds)


def _write(run: Run, batch: Batch, *, snapshot: bool) -> list[Result]:
    run.source.is_snapshot = snapshot  # of this push: what is met is remembered until its end
    intake = Intake(run)
    names = [record.identifier for record in batch.records]
    before, position = intake.writer.stored(names), run.checkpoint.get("position", 0)
    try:
        intake.write(batch.records, lost=batch.lost)
    except RunLost:
        raise Conflict(
            "session_over", _("This session has ended. Begin a new one, with another name.")
        ) from None
    dropped = drop(run, [record.identifier[:200] for record in batch.records if record.deleted])
    results = _results(run, batch, before, position)
    for result in results:
        if result["result"] == "unknown" and result["identifier"] in dropped:
            result["result"] = "deleted"
    return results


def _written(run: Run, batch: Batch) -> list[Result]:
    """What became of a batch that was stored by a server process that died before it could say so."""
    run.source.is_snapshot = True
    stored = Intake(run).writer.stored([record.identifier for record in batch.records])
    results = _results(run, batch, stored, position=-1)
    for record, result in zip(batch.records, results, strict=False):
        if record.deleted and result["result"] == "unknown":
            result["result"] = "deleted"
    return results


def _results(run: Run, batch: Batch, before: dict[str, Stored], position: int) -> list[Result]:
    refused = _refused(run, position)
    return [_result(record, before.get(record.identifier), refused) for record in batch.records] + [
        {
            "identifier": lost.identifier,
            "result": "rejected",
            "code": lost.reason_code,
            "reason": _(lost.reason),
        }
        for lost in batch.lost
    ]


def _refused(run: Run, position: int) -> dict[str, tuple[str, str]]:
    rows = RejectedRecord.objects.filter(run=run, position__gt=position)
    return {
        name: (code, reason) for name, code, reason in rows.values_list("identifier", "reason_code", "reason")
    }


def _result(record: Sent, stored: Stored | None, refused: dict[str, tuple[str, str]]) -> Result:
    result = "created"
    if record.identifier in refused:
        code, reason = refused[record.identifier]
        return {"identifier": record.identifier, "result": "rejected", "code": code, "reason": _(reason)}
    if record.deleted:
        result = "unknown" if stored is None or stored.deleted else "deleted"
    elif stored is not None and not stored.deleted:
        same = stored.digest == blake2b(record.payload, digest_size=16).digest()
        result = "unchanged" if same else "updated"
    return {"identifier": record.identifier, "result": result}


def _deletions(source: Source, run: Run, results: Sequence[Result], ended: bool) -> None:
    """Say of announced deletions whether they were carried out: at the session's end, and if there are not too many."""
    announced = [result for result in results if result["result"] == "deleted"]
    if not announced:
        return
    names = [result["identifier"] for result in announced]
    still = set(
        source.records.filter(identifier__in=names, deleted_at=None).values_list("identifier", flat=True)
    )
    for result in announced:
        if result["identifier"] in still:
            result["result"] = "held" if ended else "noted"


def _end(run: Run, actor: Actor, *, whole: bool) -> Run:
    checkpoint = {**run.checkpoint, "whole": whole, "ended": True}
    Run.objects.filter(pk=run.pk).update(checkpoint=checkpoint)
    return run_execute(run_id=run.pk, actor=actor) or Run.objects.get(pk=run.pk)


def _answer(run: Run, place: Place, results: Sequence[Result], came_whole: bool) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "run": run.pk, "session": place.session, "seq": place.seq, "ended": place.ends,
        "counts": dict(Counter(result["result"] for result in results)), "results": list(results),
    }  # fmt: skip
    if place.complete:
        answer["complete"] = {
            "accepted": came_whole, "reason": "" if came_whole else "batches_missing",
            "taken_out": run.deleted, "held": run.deletes_held,
        }  # fmt: skip
    return answer
