"""Changing record numbers over: an old record takes its twin's number and content, and stays who it was.

A run of RunKind.REKEY, called through readers.py. Its pages are pairs; what is changed over is no pair any more, so a
run that is taken up again finds the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from catalog.choices import RunStatus
from catalog.harvesting.database import empty_temporary, lock_catalogue
from catalog.harvesting.holdings_join import hosts_concerned, join
from catalog.harvesting.pipeline import Progress, check_stop
from catalog.harvesting.twins import Scope, find_pairs
from catalog.harvesting.write import Counts, RunLost
from catalog.models import GoneRecord, Run, Source, SourceRecord
from catalog.services.editions import editions_rebuild, editions_redirect

PAGE_PAIRS = 500
_TWIN = """
    old_id bigint, new_id bigint, source_id bigint, identifier text, raw bytea, raw_format text,
    content_hash bytea, draft jsonb, features jsonb
"""
# Both still there: whatever happened since the pairs were found.
_STASH = """
INSERT INTO rekey_twin
SELECT o.id, n.id, n.source_id, n.identifier, n.raw, n.raw_format, n.content_hash, n.draft, n.features
FROM unnest(%s::bigint[], %s::bigint[]) AS p(old_id, new_id)
JOIN catalog_sourcerecord o ON o.id = p.old_id AND o.deleted_at IS NULL
JOIN catalog_sourcerecord n ON n.id = p.new_id AND n.deleted_at IS NULL
"""
_PLACES = """
SELECT t.old_id, t.new_id, coalesce(oe.merged_into_id, oe.id), coalesce(ne.merged_into_id, ne.id)
FROM rekey_twin t
JOIN catalog_sourcerecord o ON o.id = t.old_id LEFT JOIN catalog_edition oe ON oe.id = o.edition_id
JOIN catalog_sourcerecord n ON n.id = t.new_id LEFT JOIN catalog_edition ne ON ne.id = n.edition_id
"""
# An agent's copies follow their record: by its new number; those that a replaced source told of are not heard of again.
_ITEMS = (
    "UPDATE catalog_item i SET record_id = t.old_id FROM rekey_twin t WHERE i.record_id = t.new_id",
    "UPDATE catalog_item i SET local_id = t.identifier FROM rekey_twin t "
    "WHERE i.record_id = t.old_id AND i.source_id = t.source_id",
    "UPDATE catalog_item i SET record_id = NULL FROM rekey_twin t "
    "WHERE i.record_id = t.old_id AND i.source_id <> t.source_id",
)
# Old records whose holdings an agent's copies made, where nothing newer came with the twin.
_KEEP_HOLDINGS = """
SELECT t.old_id FROM rekey_twin t
WHERE EXISTS (SELECT 1 FROM catalog_item i WHERE i.record_id = t.old_id AND i.source_id = t.source_id)
  AND NOT EXISTS (SELECT 1 FROM catalog_item i WHERE i.record_id = t.new_id)
"""
_DROP_HOLDINGS = """
DELETE FROM catalog_holding h USING rekey_twin t
WHERE h.record_id = CASE WHEN t.old_id = ANY(%s) THEN t.new_id ELSE t.old_id END
"""
_MOVE_HOLDINGS = """
UPDATE catalog_holding h SET record_id = t.old_id, edition_id = o.edition_id
FROM rekey_twin t JOIN catalog_sourcerecord o ON o.id = t.old_id WHERE h.record_id = t.new_id
"""
_KEYS = (
    "DELETE FROM catalog_matchkey k USING rekey_twin t WHERE k.record_id = t.old_id",
    "UPDATE catalog_matchkey k SET record_id = t.old_id FROM rekey_twin t WHERE k.record_id = t.new_id",
)
# Holdings records that were joined to the old record follow it, unless the new system sent some of its own for it.
_HOLDINGS_RECORDS = (
    "DELETE FROM catalog_holdingsrecord h USING rekey_twin t WHERE h.record_id = t.old_id AND ("
    "EXISTS (SELECT 1 FROM catalog_holdingsrecord n WHERE n.record_id = t.new_id) OR h.source_id <> t.source_id AND "
    "EXISTS (SELECT 1 FROM catalog_holdingsrecord n WHERE n.source_id = t.source_id AND n.identifier = h.identifier))",
    "UPDATE catalog_holdingsrecord h SET source_id = t.source_id, host = t.identifier FROM rekey_twin t "
    "WHERE h.record_id = t.old_id",
    "UPDATE catalog_holdingsrecord h SET record_id = t.old_id FROM rekey_twin t WHERE h.record_id = t.new_id",
)
_NOT_GONE = """
DELETE FROM catalog_gonerecord g USING catalog_run n, rekey_twin t, (VALUES (TRUE), (FALSE)) AS which(old)
WHERE n.source_id = ANY(%s) AND n.deletes_held > 0 AND g.run_id = n.id
  AND g.record_id = CASE WHEN which.old THEN t.old_id ELSE t.new_id END
"""
_TAKE_OVER = """
UPDATE catalog_sourcerecord o
SET source_id = t.source_id, identifier = t.identifier, raw = t.raw, raw_format = t.raw_format,
    content_hash = t.content_hash, draft = t.draft, features = t.features,
    edition_id = coalesce(p.edition, o.edition_id), changed_at = %(now)s, last_run_id = %(run)s, missed = 0
FROM rekey_twin t, unnest(%(old)s::bigint[], %(homes)s::bigint[]) AS p(old_id, edition)
WHERE o.id = t.old_id AND p.old_id = t.old_id
"""


@dataclass
class _Places:
    """Where the pairs of a page stand."""

    home: dict[int, int | None] = field(default_factory=dict)  # old record -> the edition that it keeps
    left: dict[int, int] = field(
        default_factory=dict
    )  # edition that a twin leaves -> where its readers are led
    twins: list[int] = field(default_factory=list)

    @property
    def touched(self) -> set[int]:
        return {home for home in self.home.values() if home} | set(self.left)


def change_numbers_over(run: Run, *, progress: Progress | None = None) -> None:
    """Carry out the run's order, from wherever it stands. Raises RunStopped, RunLost."""
    scope = Scope.of(run.source_id, run.checkpoint)
    with connection.cursor() as cursor:
        pairs = find_pairs(cursor, scope).pairs
    whole = False
    try:
        for start in range(0, len(pairs), PAGE_PAIRS):
            counts = _write_page(run, pairs[start : start + PAGE_PAIRS])
            if progress:
                progress(run, counts)
            check_stop(run)
        whole = True
    finally:
        _tell(scope, answered=whole)


def _write_page(run: Run, pairs: list[tuple[int, int]]) -> Counts:
    now = timezone.now()
    with transaction.atomic(), connection.cursor() as cursor:
        lock_catalogue(cursor)
        _hold_run(run)
        empty_temporary(cursor, "rekey_twin", _TWIN)
        cursor.execute(_STASH, [[old for old, _ in pairs], [new for _, new in pairs]])
        places = _places(cursor)
        _change(cursor, run, places, now)
        empty = _emptied(cursor, places)
        editions_redirect(cursor, empty)
        editions_rebuild(cursor, places.touched, now=now)
        counts = Counts(read=len(places.home), updated=len(places.home))
        _advance(run, counts, now)
    return counts


def _places(cursor: Any) -> _Places:
    places = _Places()
    cursor.execute(_PLACES)
    for old, new, home, left in cursor.fetchall():
        places.home[old] = home or left
        places.twins.append(new)
        if left and home and left != home:
            places.left.setdefault(left, home)
    return places


def _change(cursor: Any, run: Run, places: _Places, now: datetime) -> None:
    cursor.execute(_KEEP_HOLDINGS)
    keep = [row[0] for row in cursor.fetchall()]
    for statement in _ITEMS:
        cursor.execute(statement)
    cursor.execute(_DROP_HOLDINGS, [keep])
    for statement in (*_KEYS, *_HOLDINGS_RECORDS):
        cursor.execute(statement)
    cursor.execute(_NOT_GONE, [[run.source_id, run.checkpoint.get("replaces") or run.source_id]])
    cursor.execute("DELETE FROM catalog_sourcerecord WHERE id = ANY(%s)", [places.twins])
    cursor.execute(
        _TAKE_OVER,
        {"now": now, "run": run.pk, "old": list(places.home), "homes": list(places.home.values())},
    )
    cursor.execute(_MOVE_HOLDINGS)
    cursor.execute("SELECT identifier FROM rekey_twin")
    names = [row[0] for row in cursor.fetchall()]
    join(cursor, run.source, hosts_concerned(cursor, run.source, names), now)


def _emptied(cursor: Any, places: _Places) -> dict[int, int]:
    """Editions that only twins had: whoever noted their address is led to the old one."""
    cursor.execute(
        "SELECT DISTINCT edition_id FROM catalog_sourcerecord WHERE edition_id = ANY(%s) AND deleted_at IS NULL",
        [list(places.left)],
    )
    living = {row[0] for row in cursor.fetchall()}
    return {left: home for left, home in places.left.items() if left not in living}


def _hold_run(run: Run) -> None:
    row = Run.objects.select_for_update().only("status", "checkpoint").get(pk=run.pk)
    if row.status != RunStatus.RUNNING or row.checkpoint.get("position", 0) != run.checkpoint.get(
        "position", 0
    ):
        raise RunLost(f"run {run.pk} is at {row.checkpoint}")


def _advance(run: Run, counts: Counts, now: datetime) -> None:
    run.read += counts.read
    run.updated += counts.updated
    run.heartbeat_at = now
    run.checkpoint = {**run.checkpoint, "position": run.checkpoint.get("position", 0) + 1}
    run.save(update_fields=["read", "updated", "heartbeat_at", "checkpoint"])


def _tell(scope: Scope, *, answered: bool) -> None:
    """The question what to do with missing records is about the rest now; also after a stop, when it stays open."""
    sources = [scope.source_id, scope.replaces or scope.source_id]
    asked = Q(deletes_held__gt=0) | Q(checkpoint__has_key="twins")
    for held in Run.objects.filter(asked, source__in=sources):
        before, held.deletes_held = held.deletes_held, GoneRecord.objects.filter(run_id=held.pk).count()
        if answered:
            held.checkpoint.pop("twins", None)
        if before and not held.deletes_held:
            held.message_code = held.message = ""
            if held.status == RunStatus.PARTIAL and not held.rejected:
                held.status = RunStatus.DONE
        held.save(update_fields=["deletes_held", "checkpoint", "message_code", "message", "status"])
    if scope.replaces:
        live = SourceRecord.objects.filter(source=scope.replaces, deleted_at=None).count()
        Source.objects.filter(pk=scope.replaces).update(record_count=live)
