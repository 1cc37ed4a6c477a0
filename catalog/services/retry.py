"""Trying rejected records again: when somebody asks for it, and by itself where reading has changed. Called by views.

Whoever changes how a source is read may call `retry_if_due`; the end of each of its runs does.
"""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.choices import LIVE_RUNS, RunKind, RunStatus
from catalog.harvesting.gone import LISTS
from catalog.harvesting.reading import settings_mark
from catalog.harvesting.rejects import tryable
from catalog.models import Run, Source
from catalog.services.runs import run_queue, run_send
from network_portal.core import events
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation

# After these the source's earlier rejected records may have another chance.
FOLLOWED = LISTS | {RunKind.RENORMALISE}
ENDED_WELL = (RunStatus.DONE, RunStatus.PARTIAL)


@transaction.atomic
def run_retry(*, source: Source, actor: Actor, of: Run | None = None) -> Run:
    """Try the source's rejected records again, or those of one run. Raises RuleViolation (nothing_kept), Conflict."""
    total = tryable(source, of.pk if of else None).count()
    if not total:
        raise RuleViolation("nothing_kept", _("There is no rejected record left that could be tried again."))
    order = {"total": total, "settings": settings_mark(source), **({"of": of.pk} if of else {})}
    run = run_queue(source=source, actor=actor, kind=RunKind.RETRY, checkpoint=order)
    transaction.on_commit(partial(run_send, run.pk))
    return run


def retry_if_due(*, source: Source, actor: Actor) -> Run | None:
    """Try rejected records that were never read the way that records of this source are read today, once."""
    if Run.objects.filter(source=source, status__in=LIVE_RUNS).exists():
        return None
    mark = settings_mark(source)
    read_so = Run.objects.filter(source=source, checkpoint__settings=mark)
    tried = read_so.filter(kind=RunKind.RETRY, checkpoint__of__isnull=True, status__in=ENDED_WELL)
    last = max(
        (checkpoint.get("after", 0) for checkpoint in tried.values_list("checkpoint", flat=True)), default=0
    )
    due = tryable(source).filter(pk__gt=last).exclude(run__in=read_so.values("pk"))
    return run_retry(source=source, actor=actor) if due.exists() else None


def follow_up(run_id: int) -> None:
    """After a run of the source."""
    run = Run.objects.select_related("source").get(pk=run_id)
    if run.kind in FOLLOWED and run.status in ENDED_WELL:
        retry_if_due(source=run.source, actor=Actor.system())


events.subscribe("catalog.run.finished", follow_up)
