"""Records that came a second time under another number, because their library moved to a new system.

Finds the pairs, one to one, set-based. Called by rekey.py and services/rekey.py; changes nothing in the catalogue.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError
from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime

from catalog.harvesting.gone import LISTS
from catalog.models import Run

EXAMPLES = 10
Step = Callable[[int, int], None]  # called with how many are done, and of how many
_CLEAR = "DROP TABLE IF EXISTS twin_old, twin_new, twin_pair"

# What is compared of a record, from the whole of it down to what only fits where nothing else does.
_TRAITS = """
SELECT r.id, md5((r.draft - '{identifier,warnings}'::text[])::text) AS content, md5(r.features::text) AS alike,
       r.features->>'title' || '|' || coalesce(r.features->>'part', '') AS title,
       r.features->'isbn' AS isbn, coalesce(e.merged_into_id, e.id) AS edition
FROM catalog_sourcerecord r LEFT JOIN catalog_edition e ON e.id = r.edition_id
WHERE r.record_type = 'bib' AND r.deleted_at IS NULL
"""
_WAITS = """EXISTS (
    SELECT 1 FROM catalog_gonerecord g JOIN catalog_run n ON n.id = g.run_id
    WHERE n.source_id = r.source_id AND g.record_id = r.id
)"""
# The k-th of the records that are the same goes with the k-th: it makes no difference which.
_SAME = """
INSERT INTO twin_pair (old_id, new_id)
SELECT o.id, n.id
FROM (SELECT id, {key} AS key, row_number() OVER (PARTITION BY {key} ORDER BY id) AS k FROM twin_old t
      WHERE NOT EXISTS (SELECT 1 FROM twin_pair p WHERE p.old_id = t.id)) o
JOIN (SELECT id, {key} AS key, row_number() OVER (PARTITION BY {key} ORDER BY id) AS k FROM twin_new t
      WHERE NOT EXISTS (SELECT 1 FROM twin_pair p WHERE p.new_id = t.id)) n ON n.key = o.key AND n.k = o.k
"""
# Only where there is no doubt: one old and one new record have it.
_SOLE = """
INSERT INTO twin_pair (old_id, new_id)
SELECT o.id, n.id
FROM (SELECT min(id) AS id, {key} AS key FROM twin_old t {more}
      WHERE NOT EXISTS (SELECT 1 FROM twin_pair p WHERE p.old_id = t.id) GROUP BY 2 HAVING count(*) = 1) o
JOIN (SELECT min(id) AS id, {key} AS key FROM twin_new t {more}
      WHERE NOT EXISTS (SELECT 1 FROM twin_pair p WHERE p.new_id = t.id) GROUP BY 2 HAVING count(*) = 1) n
ON n.key = o.key
ON CONFLICT DO NOTHING
"""
_STEPS = (
    _SAME.format(key="content"),
    _SAME.format(key="alike"),
    _SOLE.format(
        key="title || '|' || i.isbn", more="CROSS JOIN LATERAL jsonb_array_elements_text(t.isbn) AS i(isbn)"
    ),
    _SOLE.format(key="title || '|' || edition", more=""),
)


@dataclass(frozen=True)
class Scope:
    """Whose records: of one source, those that wait to be taken out and those that came `since`; or of two sources."""

    source_id: int
    since: datetime | None = None
    replaces: int | None = None

    def as_json(self) -> dict[str, Any]:
        return {"since": self.since.isoformat() if self.since else "", "replaces": self.replaces}

    @classmethod
    def of(cls, source_id: int, order: dict[str, Any]) -> Scope:
        since = parse_datetime(order["since"]) if order.get("since") else None
        return cls(source_id, since, order.get("replaces"))


@dataclass(frozen=True)
class Finding:
    old: int  # records that are missing, or of the replaced source
    new: int  # records that came
    pairs: list[tuple[int, int]]  # (old, new), by the old one's id

    def as_json(self) -> dict[str, Any]:
        """What the pages show of it (presenters/rekey.py)."""
        return {
            "pairs": len(self.pairs), "old": self.old, "new": self.new, "examples": self.pairs[:EXAMPLES],
        }  # fmt: skip


def first_lacking(run: Run) -> datetime | None:
    """When the first of those lists was begun in which the records that now wait were missing.

    A question that nobody has answered by changing numbers over goes back to the run that raised it.
    """
    lists = Run.objects.filter(source=run.source_id, kind__in=LISTS, pk__lte=run.pk, started_at__isnull=False)
    begun = lists.order_by("-pk").values_list("started_at", flat=True)[: run.source.delete_after]
    raised = with_twins(run.source_id).filter(pk__lt=run.pk).order_by("-pk").first()
    earlier = parse_datetime(raised.checkpoint["twins"]["since"]) if raised else None
    return min((at for at in (*begun, earlier) if at), default=None)


def with_twins(source_id: int) -> QuerySet[Run]:
    """Runs after which twins were noticed; changing them over takes the mark away."""
    return Run.objects.filter(source=source_id, checkpoint__has_key="twins")


def find_pairs(cursor: Any, scope: Scope, step: Step = lambda _done, _steps: None) -> Finding:
    """Each old record with the one new record that is the same but for its number. `step`: called after each step."""
    try:
        return _find_pairs(cursor, scope, step)
    finally:
        with suppress(DatabaseError):  # of a lost connection they are lost as well
            cursor.execute(_CLEAR)


def _find_pairs(cursor: Any, scope: Scope, step: Step) -> Finding:
    steps = len(_STEPS) + 1
    cursor.execute(_CLEAR)
    if scope.replaces:
        cursor.execute(f"CREATE TEMP TABLE twin_old AS {_TRAITS} AND r.source_id = %s", [scope.replaces])
        cursor.execute(f"CREATE TEMP TABLE twin_new AS {_TRAITS} AND r.source_id = %s", [scope.source_id])
    else:
        cursor.execute(
            f"CREATE TEMP TABLE twin_old AS {_TRAITS} AND r.source_id = %s AND {_WAITS}", [scope.source_id]
        )
        cursor.execute(
            f"CREATE TEMP TABLE twin_new AS {_TRAITS} AND r.source_id = %s AND NOT {_WAITS} "
            "AND r.missed = 0 AND r.first_seen_at >= %s",
            [scope.source_id, scope.since],
        )
    cursor.execute("CREATE TEMP TABLE twin_pair (old_id bigint PRIMARY KEY, new_id bigint UNIQUE)")
    cursor.execute("ANALYZE twin_old, twin_new")
    step(1, steps)
    for done, statement in enumerate(_STEPS, 2):
        cursor.execute(statement)
        cursor.execute("ANALYZE twin_pair")
        step(done, steps)
    cursor.execute("SELECT (SELECT count(*) FROM twin_old), (SELECT count(*) FROM twin_new)")
    old, new = cursor.fetchone()
    cursor.execute("SELECT old_id, new_id FROM twin_pair ORDER BY old_id")
    return Finding(old, new, cursor.fetchall())
