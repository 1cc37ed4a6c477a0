"""A full file beside the one in use: keeping it, comparing it again, switching to it and back, dropping it.

Called by views/streams.py; the work is done by runs (harvesting/streams.py).
"""

from __future__ import annotations

import shutil
from functools import partial
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.utils.translation import gettext as _

from catalog.choices import RunKind, RunStatus, StreamState
from catalog.harvesting import files
from catalog.harvesting.errors import RunFailed
from catalog.harvesting.kinds import KINDS
from catalog.harvesting.stream_sql import drop_stream, keep_as_previous, recount, stream_folder
from catalog.models import Run, Source, Stream
from catalog.selectors.streams import is_outdated, unfinished_way_back
from catalog.services.runs import run_queue, run_send
from network_portal.core import audit, events
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation


@transaction.atomic
def stream_upload(*, source: Source, upload: UploadedFile[Any], actor: Actor) -> Stream:
    """Keep a full file and queue its comparison; nothing in the catalogue changes. An older one that waits is dropped.

    Raises Conflict, RuleViolation (no_uploads, too_large, disk_full).
    """
    if not KINDS[source.kind].uploads:
        raise RuleViolation("no_uploads", _("This source takes no files. Set up another one for them."))
    run = run_queue(source=source, actor=actor, kind=RunKind.COMPARE, file_name=upload.name or "")
    for older in Stream.objects.filter(source=source, state__in=[StreamState.LOADING, StreamState.PENDING]):
        drop_stream(older)  # none of them is being worked on: the run just queued has the source to itself
    stream = Stream.objects.create(source=source, run=run, label=(upload.name or "")[:200])
    try:
        kept = files.keep_upload(run, upload)
    except RunFailed as failure:
        raise RuleViolation(failure.code, _(failure.message)) from None
    folder = stream_folder(source)
    folder.mkdir(parents=True, exist_ok=True)
    # Not beside the uploads of runs, which are removed when the run has ended.
    run.stored_path = str(shutil.move(kept, folder / f"{stream.pk}-{kept.name}"))
    run.save(update_fields=["stored_path"])
    audit.record("catalog.stream.uploaded", actor=actor, target=source, data={"file": stream.label})
    transaction.on_commit(partial(run_send, run.pk))
    return stream


@transaction.atomic
def stream_compare(*, stream: Stream, actor: Actor) -> Run | None:
    """Hold the stream against the records as they are today. A file is read again by a run; a way back at once.

    Raises Conflict, RuleViolation (not_ready, file_missing).
    """
    stream = _locked(stream)
    if stream.state == StreamState.PREVIOUS:
        with connection.cursor() as cursor:
            recount(cursor, stream)
        return None
    path = next(iter(sorted(stream_folder(stream.source).glob(f"{stream.pk}-*"))), None)
    if stream.state not in (StreamState.PENDING, StreamState.LOADING):
        raise RuleViolation("not_ready", _("This file is not there any more. Upload it again."))
    if path is None:
        raise RuleViolation("file_missing", _("This file is not there any more. Upload it again."))
    run = run_queue(
        source=stream.source, actor=actor, kind=RunKind.COMPARE, file_name=stream.label, stored_path=str(path)
    )
    stream.run, stream.state = run, StreamState.LOADING
    stream.save(update_fields=["run", "state"])
    transaction.on_commit(partial(run_send, run.pk))
    return run


@transaction.atomic
def stream_switch(*, stream: Stream, actor: Actor) -> Run:
    """Put the stream in the place of what is in use, deletions included; what was in use becomes the way back.

    A switch that was stopped half-way goes on. Raises Conflict, RuleViolation (not_ready, outdated).
    """
    stream = _locked(stream)
    if stream.state not in (StreamState.PENDING, StreamState.PREVIOUS):
        raise RuleViolation("not_ready", _("This file can't be switched to. Look at the source’s page."))
    if is_outdated(stream):
        raise RuleViolation("outdated", _("The records in use have changed since. Compare it again first."))
    back = unfinished_way_back(stream) or Stream.objects.create(source=stream.source, label=stream.label)
    order = {"stream": stream.pk, "back": back.pk}
    run = run_queue(
        source=stream.source, actor=actor, kind=RunKind.SWITCH, checkpoint=order, file_name=stream.label
    )
    back.run = run
    back.save(update_fields=["run"])
    audit.record("catalog.stream.switched", actor=actor, target=stream.source, data={"file": stream.label})
    transaction.on_commit(partial(run_send, run.pk))
    return run


@transaction.atomic
def stream_drop(*, stream: Stream, actor: Actor) -> None:
    """Forget a file that waits, or the way back. Nothing in the catalogue changes. Raises RuleViolation (in_use)."""
    stream = _locked(stream)
    if stream.state == StreamState.DROPPED:
        return
    run = stream.run
    if run and run.is_live and run.kind in (RunKind.COMPARE, RunKind.SWITCH):
        raise RuleViolation("in_use", _("This file is being worked on. Stop that first."))
    drop_stream(stream)
    audit.record("catalog.stream.dropped", actor=actor, target=stream.source, data={"file": stream.label})


def switch_interrupted(run_id: int) -> None:
    """A switch that was stopped half-way leaves a way back for what it did, and the stream as it was, to go on with."""
    run = Run.objects.get(pk=run_id)
    if run.kind != RunKind.SWITCH or run.status not in (RunStatus.STOPPED, RunStatus.FAILED):
        return
    with transaction.atomic(), connection.cursor() as cursor:
        back = Stream.objects.filter(pk=run.checkpoint["back"], state=StreamState.LOADING).first()
        if back:
            keep_as_previous(cursor, back, unfinished=Stream.objects.get(pk=run.checkpoint["stream"]))


def _locked(stream: Stream) -> Stream:
    return (
        Stream.objects.select_for_update(of=("self",))
        .select_related("source__library", "run")
        .get(pk=stream.pk)
    )


events.subscribe("catalog.run.finished", switch_interrupted)
