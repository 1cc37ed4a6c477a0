"""A member moved to a new system: finding out that its record numbers changed, and changing them over on a word.

`notice_twins` runs after each run that holds deletions; the rest is called by views/rekey.py.
"""

from __future__ import annotations

from functools import partial

from django.db import connection, transaction
from django.utils.translation import gettext as _

from catalog.choices import LIVE_RUNS, RunKind
from catalog.harvesting.gone import LISTS
from catalog.harvesting.twins import Scope, find_pairs, first_lacking
from catalog.models import Run, Source
from catalog.selectors.rekey import run_with_twins
from catalog.services.runs import run_queue, run_send
from network_portal.core import audit, events
from network_portal.core.actor import Actor
from network_portal.core.errors import Conflict, RuleViolation


def notice_twins(run_id: int) -> None:
    """Where a run holds deletions: how many of the missing records came again under another number, kept on the run."""
    run = Run.objects.select_related("source").get(pk=run_id)
    if run.kind == RunKind.REKEY:  # stopped half-way, it leaves the question to the rest
        held = Run.objects.filter(source=run.source, deletes_held__gt=0, kind__in=LISTS)
        run = held.select_related("source").order_by("-pk").first() or run
    since = first_lacking(run)
    if not run.deletes_held or run.kind not in LISTS or since is None:
        return
    scope = Scope(run.source_id, since)
    with transaction.atomic(), connection.cursor() as cursor:
        found = find_pairs(cursor, scope)
    if found.pairs:
        run.checkpoint = {**run.checkpoint, "twins": {**scope.as_json(), **found.as_json()}}
        run.save(update_fields=["checkpoint"])


@transaction.atomic
def survey_start(*, source: Source, replaces: Source, actor: Actor) -> Run:
    """Find out which records of the other source are this one's too, but for their numbers.

    Raises Conflict where a run of this source is live, RuleViolation (other_library, itself).
    """
    _check_replacement(source, replaces)
    order = Scope(source.pk, replaces=replaces.pk).as_json()
    run = run_queue(
        source=source, actor=actor, kind=RunKind.SURVEY, checkpoint=order, file_name=replaces.name
    )
    transaction.on_commit(partial(run_send, run.pk))
    return run


@transaction.atomic
def rekey_start(*, source: Source, actor: Actor, replaces: Source | None = None) -> Run:
    """Change the numbers over: old records take their twins' numbers and content, and keep edition and history.

    A source that is replaced is switched off, so that it does not bring its records a second time.
    Raises Conflict, RuleViolation (nothing_to_change, other_library, itself).
    """
    if replaces:
        _check_replacement(source, replaces)
        replaces = Source.objects.select_for_update(of=("self",)).get(pk=replaces.pk)
        if Run.objects.filter(source=replaces, status__in=LIVE_RUNS).exists():
            raise Conflict(
                "run_live", _("The source that is to be replaced is being loaded. Wait until it is done.")
            )
        replaces.enabled, replaces.next_due_at = False, None
        replaces.save(update_fields=["enabled", "next_due_at"])
        order = Scope(source.pk, replaces=replaces.pk).as_json()
    else:
        held = run_with_twins(source)
        if held is None:
            raise RuleViolation(
                "nothing_to_change", _("No record of this source waits under another number.")
            )
        order = Scope.of(source.pk, held.checkpoint["twins"]).as_json()
    run = run_queue(
        source=source,
        actor=actor,
        kind=RunKind.REKEY,
        checkpoint=order,
        file_name=replaces.name if replaces else "",
    )
    audit.record("catalog.source.rekeyed", actor=actor, target=source, data={"run": run.pk})
    transaction.on_commit(partial(run_send, run.pk))
    return run


def _check_replacement(source: Source, replaces: Source) -> None:
    if source.pk == replaces.pk:
        raise RuleViolation("itself", _("A source can’t replace itself."))
    if source.library_id != replaces.library_id:
        raise RuleViolation("other_library", _("Only a source of the same library can be replaced."))


events.subscribe("catalog.run.finished", notice_twins)
