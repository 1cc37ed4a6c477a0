"""Watched folders in the schedule: how often one is looked into, and that the next file follows the last at once."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from catalog.choices import RunStatus, SourceKind
from catalog.harvesting.folder import has_news
from catalog.models import Run, Source
from network_portal.core import events

LOOK_EVERY = timedelta(minutes=5)


def nothing_to_fetch(source: Source) -> bool:
    """Whether a watched folder that is due has nothing new; it is looked into again soon. Other sources: never."""
    if source.kind != SourceKind.FOLDER or has_news(source):
        return False
    Source.objects.filter(pk=source.pk).update(next_due_at=timezone.now() + LOOK_EVERY)
    return True


def follow_up(run_id: int) -> None:
    """After a file of a folder was read, or put aside, the folder is due at once, if more waits there."""
    run = Run.objects.select_related("source").get(pk=run_id)
    ended = run.status in (RunStatus.DONE, RunStatus.PARTIAL, RunStatus.FAILED)
    if ended and run.source.kind == SourceKind.FOLDER and run.source.next_due_at and _more(run):
        Source.objects.filter(pk=run.source_id).update(next_due_at=timezone.now())


def _more(run: Run) -> bool:
    """A folder that can't be read has its news each time, and waits for its turn."""
    return run.message_code not in (
        "folder_missing",
        "folder_fixed",
        "folder_empty",
        "path_refused",
    ) and has_news(run.source)


events.subscribe("catalog.run.finished", follow_up)
