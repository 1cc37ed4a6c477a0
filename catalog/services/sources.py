"""Sources: setting up, changing, uploading to, starting, and the dispatcher's turn. Called by views and tasks."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.harvesting import files, tables
from catalog.harvesting.errors import RunFailed
from catalog.harvesting.folder import NOTHING_THERE
from catalog.harvesting.kinds import KINDS
from catalog.models import Run, Source
from catalog.services.folder import nothing_to_fetch
from catalog.services.retry import retry_if_due
from catalog.services.runs import run_queue
from catalog.services.runs import run_send as _send
from members.models import Library
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation

FIELDS = (
    "name", "kind", "url", "path", "oai_set", "oai_prefix", "fallback_encoding", "is_snapshot", "interval_hours",
    "enabled", "options", "delete_after", "max_bad_percent",
)  # fmt: skip
TIMED_BY = ("kind", "interval_hours", "url", "path", "enabled")
ASKED_BY = ("url", "oai_set", "oai_prefix")


@transaction.atomic
def source_save(
    *, source: Source | None, library: Library, values: Mapping[str, Any], actor: Actor
) -> Source:
    """Set up a source, or change one. One that is fetched on schedule is due at once when it is new or newly timed.

    The history keeps what was changed, before and after.
    """
    made = source is None
    source = source or Source(library=library)
    before = {name: getattr(source, name) for name in FIELDS}
    for name in FIELDS:
        if name in values:
            setattr(source, name, values[name])
    changed = {name for name in FIELDS if getattr(source, name) != before[name]}
    if changed.intersection(ASKED_BY):
        # What was found out, and how far it was read, was another list's.
        source.oai_profile, source.oai_probed_at, source.oai_since = {}, None, None
    timed = source.enabled and source.interval_hours and KINDS[source.kind].scheduled
    if not timed:
        source.next_due_at = None
    elif made or changed.intersection(TIMED_BY):
        source.next_due_at = timezone.now()
    source.save()
    told = {} if made else {name: [before[name], getattr(source, name)] for name in sorted(changed)}
    audit.record(
        "catalog.source.created" if made else "catalog.source.changed",
        actor=actor, target=source, data={"changed": told} if told else {},
    )  # fmt: skip
    if "fallback_encoding" in changed and not made:
        retry_if_due(source=source, actor=actor)
    return source


@transaction.atomic
def upload_start(*, source: Source, upload: UploadedFile[Any], actor: Actor) -> Run | None:
    """Keep an uploaded file and queue its run; None where it is a table whose columns must be named first.

    Raises Conflict, RuleViolation (no_uploads, too_large, disk_full, one of tables.AT_ONCE).
    """
    if not KINDS[source.kind].uploads:
        # Its records are known by a server's identifiers; those of a file would all come a second time.
        raise RuleViolation("no_uploads", _("This source takes no files. Set up another one for them."))
    head = tables.head_of(cast(BinaryIO, upload))
    upload.seek(0)
    if refusal := tables.refusal_of(head):
        raise RuleViolation(refusal.code, _(refusal.message))
    if tables.needs_mapping(head, source.columns):
        _hold(source, upload)
        return None
    run = run_queue(source=source, actor=actor, file_name=upload.name or "")
    try:
        run.stored_path = str(files.keep_upload(run, upload))
    except RunFailed as failure:
        raise RuleViolation(failure.code, _(failure.message)) from None
    run.save(update_fields=["stored_path"])
    transaction.on_commit(partial(_send, run.pk))
    return run


@transaction.atomic
def source_start(*, source: Source, actor: Actor, mapped: bool = False) -> Run:
    """Read the source now. `mapped`: it was just said what the columns of its waiting table hold.

    Raises Conflict, RuleViolation (needs_upload, inactive, source_paused, needs_mapping, folder_empty).
    """
    if not KINDS[source.kind].scheduled:
        raise RuleViolation(
            "needs_upload", _("Choose a file to upload: this source has no address to fetch from.")
        )
    if not source.enabled:
        raise RuleViolation("inactive", _("This source is switched off. Switch it on first."))
    if source.paused_at:
        raise RuleViolation("source_paused", _("This source is paused. Resume it first."))
    if tables.waiting_table(source) and not mapped:
        raise RuleViolation(tables.NEEDS_MAPPING, _(tables.SAY_FIRST))
    if nothing_to_fetch(source):
        raise RuleViolation("folder_empty", _(NOTHING_THERE))
    run = run_queue(source=source, actor=actor, file_name=source.url or source.path)
    run.any_hour = True  # whoever starts it by hand does not want to wait for the night
    run.save(update_fields=["any_hour"])
    transaction.on_commit(partial(_send, run.pk))
    return run


def _hold(source: Source, upload: UploadedFile[Any]) -> None:
    try:
        files.check_upload(source, upload)
        tables.hold_upload(source, upload)
    except RunFailed as failure:
        raise RuleViolation(failure.code, _(failure.message)) from None
    except OSError:
        tables.forget_waiting(source)
        full = files.failed("disk_full")
        raise RuleViolation(full.code, _(full.message)) from None
