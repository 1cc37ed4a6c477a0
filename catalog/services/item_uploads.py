"""A list of copies sent from the browser: kept, and read in the background. Called by the source page."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from catalog.choices import RunKind
from catalog.harvesting import files
from catalog.harvesting.errors import RunFailed
from catalog.models import Run, Source
from catalog.services.runs import run_queue, run_send
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation


@transaction.atomic
def items_upload(*, source: Source, upload: UploadedFile[Any], everything: bool, actor: Actor) -> Run:
    """Keep the file and queue its reading. `everything`: copies it does not name are gone.

    Raises Conflict where a run of the source is live, RuleViolation (too_large, disk_full).
    """
    run = run_queue(
        source=source,
        actor=actor,
        file_name=upload.name or "",
        kind=RunKind.ITEMS,
        checkpoint={"everything": everything},
    )
    try:
        run.stored_path = str(files.keep_upload(run, upload))
    except RunFailed as failure:
        raise RuleViolation(failure.code, _(failure.message)) from None
    run.save(update_fields=["stored_path"])
    transaction.on_commit(partial(run_send, run.pk))
    return run
