"""Taking over a matching that was made beside (services/rematch.py): in small steps, each of them whole.

An edition keeps its id where the largest part of its records stays together; one that gives all its records away leads
on to where most of them went. Interrupted, the next call goes on with what is left.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.choices import RematchStatus
from catalog.harvesting.database import lock_catalogue, set_edition
from catalog.matching import shadow
from catalog.models import Rematch
from catalog.services.editions import editions_rebuild, editions_redirect
from catalog.services.rematch import alone, catch_up
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation

EDITIONS, RECORDS = 500, 5_000  # a step
Step = Callable[[str, int], None]


def rematch_switch(*, rematch: Rematch, actor: Actor, progress: Step | None = None) -> Rematch:
    """Make it the one in use. Raises RuleViolation where it is not ready."""
    with alone():
        rematch.refresh_from_db()
        if rematch.status == RematchStatus.BUILT:
            _begin(rematch)
        if rematch.status != RematchStatus.SWITCHING:
            raise RuleViolation("not_ready", _("This rematch is not ready to be used."))
        since = rematch.caught_up_at or rematch.started_at
        while done := _renew_keys(rematch, since):
            _tell(progress, "records", done)
        while done := _move(since):
            _tell(progress, "editions", done)
        return _end(rematch, actor)


def _tell(progress: Step | None, what: str, done: int) -> None:
    if progress:
        progress(what, done)


def _begin(rematch: Rematch) -> None:
    """Catch up and say for each record which edition it will belong to; from here on there is no other way."""
    with transaction.atomic(), connection.cursor() as cursor:
        catch_up(cursor, rematch)
        cursor.execute(shadow.COMPARE)
        cursor.execute(shadow.TARGETS)
        rematch.status, rematch.position = RematchStatus.SWITCHING, 0
        rematch.save(update_fields=["status", "position"])


def _renew_keys(rematch: Rematch, since: datetime) -> int:
    """A page of records gets the features, keys and doubts of the new rules. How many; 0 where none is left."""
    with transaction.atomic(), connection.cursor() as cursor:
        lock_catalogue(cursor)
        cursor.execute(shadow.RANGE, [rematch.position, RECORDS])
        last = cursor.fetchone()[0]
        if last is None:
            return 0
        span = [rematch.position, last]
        cursor.execute(shadow.FEATURES, [since, *span])
        cursor.execute(shadow.OLD_KEYS, [*span, since])
        cursor.execute(shadow.NEW_KEYS, [*span, since])
        cursor.execute(shadow.OLD_DOUBTS, [*span, since])
        cursor.execute(shadow.NEW_DOUBTS, [rematch.rules, *span])
        rematch.position = last
        rematch.save(update_fields=["position"])
        return RECORDS


def _move(since: datetime) -> int:
    """Some editions give away the records that belong elsewhere. How many editions; 0 where none is left."""
    now = timezone.now()
    with transaction.atomic(), connection.cursor() as cursor:
        lock_catalogue(cursor)
        cursor.execute(shadow.ORIGINS, [EDITIONS])
        origins = [row[0] for row in cursor.fetchall()]
        if not origins:
            return 0
        cursor.execute(shadow.MOVES, [since, origins])
        moves: dict[int, int] = {}
        given: dict[int, Counter[int]] = defaultdict(Counter)
        seen = []
        for origin, record, target, holds in cursor.fetchall():
            seen.append(record)
            if holds:
                moves[record] = target
                given[origin][target] += 1
        targets = sorted(set(moves.values()))
        cursor.execute(shadow.NEW_EDITIONS, [now, now, targets])
        set_edition(cursor, moves)
        cursor.execute("UPDATE catalog_shadowrecord SET target = NULL WHERE record_id = ANY(%s)", [seen])
        editions_redirect(cursor, _emptied(cursor, given))
        editions_rebuild(cursor, {*origins, *targets}, now=now)
        return len(origins)


def _emptied(cursor: Any, given: dict[int, Counter[int]]) -> dict[int, int]:
    """Editions without a record left, with the one that took most of theirs."""
    cursor.execute(
        "SELECT id FROM unnest(%s::bigint[]) AS e(id) WHERE NOT EXISTS "
        "(SELECT FROM catalog_sourcerecord WHERE edition_id = e.id AND deleted_at IS NULL)",
        [list(given)],
    )
    return {
        row[0]: min(given[row[0]].items(), key=lambda one: (-one[1], one[0]))[0] for row in cursor.fetchall()
    }


def _end(rematch: Rematch, actor: Actor) -> Rematch:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE catalog_shadowrecord, catalog_shadowkey")
        rematch.status, rematch.finished_at = RematchStatus.DONE, timezone.now()
        rematch.save(update_fields=["status", "finished_at"])
        data = {name: value for name, value in rematch.figures.items() if isinstance(value, int)}
        audit.record("catalog.rematch.switched", actor=actor, target=rematch, data=data)
    return rematch
