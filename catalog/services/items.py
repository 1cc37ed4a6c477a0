"""Copies as a library's agent tells of them: stored, joined to their records, and holdings made of them.

Called by the API, by the reading of item lists, and by harvesting.write for records that arrive after their copies.
All of it in a number of statements that does not depend on the number of copies.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from catalog.harvesting.database import lock_catalogue
from catalog.models import Item, Source
from catalog.services.item_holdings import holdings_freshen, holdings_remake
from network_portal.core import events

MAX_SHARE = 0.10  # of a source's copies that one complete list may take out by itself
FEW = 20  # so many may always go
CHANGED = "catalog.items.stored"  # the event after which search looks at its outbox
_COLUMNS = ("item_id", "local_id", "location", "call_number", "status", "due_at", "as_of")
_UPSERT = """
INSERT INTO catalog_item
  (source_id, item_id, local_id, location, call_number, status, due_at, as_of, told_at, record_id)
SELECT %s, i.item_id, i.local_id, i.location, i.call_number, i.status, i.due_at, i.as_of, %s, r.id
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::timestamptz[], %s::timestamptz[])
  AS i(item_id, local_id, location, call_number, status, due_at, as_of)
LEFT JOIN catalog_sourcerecord r
  ON r.source_id = %s AND r.record_type = 'bib' AND r.identifier = i.local_id AND i.local_id <> ''
ON CONFLICT (source_id, item_id) DO UPDATE SET
  local_id = excluded.local_id, location = excluded.location, call_number = excluded.call_number,
  status = excluded.status, due_at = excluded.due_at, as_of = excluded.as_of, told_at = excluded.told_at,
  record_id = CASE WHEN excluded.local_id <> '' THEN excluded.record_id ELSE catalog_item.record_id END
"""
# Copies without the number of their record are found by the barcodes that the record itself came with.
_BY_BARCODE = """
UPDATE catalog_item i SET record_id = b.record_id
FROM (
  SELECT h.record_id, code FROM catalog_holding h
  JOIN catalog_sourcerecord r ON r.id = h.record_id AND r.source_id = %s AND r.deleted_at IS NULL,
  jsonb_array_elements_text(h.barcodes) AS code
  WHERE {which}
) b
WHERE i.source_id = %s AND i.item_id = b.code AND i.local_id = '' AND i.record_id IS DISTINCT FROM b.record_id
"""
_BY_NUMBER = """
UPDATE catalog_item i SET record_id = r.id FROM catalog_sourcerecord r
WHERE r.id = ANY(%s) AND i.source_id = r.source_id AND i.local_id = r.identifier AND i.local_id <> ''
  AND i.record_id IS DISTINCT FROM r.id
"""


class ItemTold(NamedTuple):
    """One copy. `status` as in HoldingDraft; `as_of`: when that was true; `due_at`: of a copy that is lent."""

    item_id: str
    local_id: str
    location: str
    call_number: str
    status: str
    due_at: datetime | None
    as_of: datetime


@dataclass
class ItemsResult:
    """What became of each copy: created, updated, unchanged, outdated; deleted, unknown. `waiting`: has no record."""

    results: dict[str, str] = field(default_factory=dict)
    waiting: set[str] = field(default_factory=set)


def items_store(*, source: Source, told: Sequence[ItemTold], deleted: Sequence[str] = ()) -> ItemsResult:
    """Take over what is told, unless something newer is known; holdings and search follow in the same transaction."""
    now = timezone.now()
    told = list({item.item_id: item for item in told}.values())
    with transaction.atomic(), connection.cursor() as cursor:
        lock_catalogue(cursor)
        result, changed = _compare(cursor, source, told)
        gone = _delete(cursor, source, list(deleted), result)
        before = _records_of(cursor, source, [item.item_id for item in changed])
        _upsert(cursor, source, changed, now)
        same = [item for item in told if result.results[item.item_id] == "unchanged"]
        _confirm(cursor, source, same, now)
        after = _records_of(cursor, source, [item.item_id for item in changed])
        holdings_remake(cursor, set(before.values()) | set(after.values()) | gone)
        holdings_freshen(cursor, source.pk, [item.item_id for item in same])
        result.waiting = {item.item_id for item in changed} - set(after)
        events.publish(CHANGED, source_id=source.pk)
    return result


def items_apply(cursor: Any, record_ids: Iterable[int]) -> None:
    """Of records just written (all of one source): join the copies that waited, and make holdings of their copies.

    Runs within the page's transaction, whose editions the writer has marked for search already.
    """
    ids = sorted(record_ids)
    if not ids or not (source_id := _source_with_items(cursor, ids[0])):
        return
    cursor.execute(_BY_NUMBER, [ids])
    cursor.execute(_BY_BARCODE.format(which="h.record_id = ANY(%s)"), [source_id, ids, source_id])
    cursor.execute("SELECT DISTINCT record_id FROM catalog_item WHERE record_id = ANY(%s)", [ids])
    holdings_remake(cursor, {row[0] for row in cursor.fetchall()})


@dataclass(frozen=True)
class Complete:
    taken_out: int = 0
    held: int = 0  # stay until another complete list lacks them too


def items_complete(*, source: Source, began: datetime, before: datetime | None) -> Complete:
    """After a complete list that began then: copies it did not tell of are gone.

    Where they are many, only those that the list before lacked as well; `before`: when that one began.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        lock_catalogue(cursor)
        items = Item.objects.filter(source=source)
        missing, since = items.filter(told_at__lt=began).count(), began
        if missing > FEW and missing > MAX_SHARE * items.count():
            if before is None:
                return Complete(0, missing)
            since = before
        cursor.execute(
            "DELETE FROM catalog_item WHERE source_id = %s AND told_at < %s RETURNING record_id",
            [source.pk, since],
        )
        rows = cursor.fetchall()
        holdings_remake(cursor, {row[0] for row in rows if row[0]})
        events.publish(CHANGED, source_id=source.pk)
    return Complete(len(rows), missing - len(rows))


def _compare(cursor: Any, source: Source, told: Sequence[ItemTold]) -> tuple[ItemsResult, list[ItemTold]]:
    """What each copy comes down to, and those that have to be written."""
    cursor.execute(
        f"SELECT {', '.join(_COLUMNS)} FROM catalog_item WHERE source_id = %s AND item_id = ANY(%s) FOR UPDATE",  # noqa: S608
        [source.pk, [item.item_id for item in told]],
    )
    stored = {row[0]: ItemTold(*row) for row in cursor.fetchall()}
    result, changed = ItemsResult(), []
    for item in told:
        old = stored.get(item.item_id)
        if old is not None and item.as_of < old.as_of:
            result.results[item.item_id] = "outdated"
        elif old is not None and item[:-1] == old[:-1]:
            result.results[item.item_id] = "unchanged"
        else:
            result.results[item.item_id] = "updated" if old else "created"
            changed.append(item)
    return result, changed


def _delete(cursor: Any, source: Source, item_ids: list[str], result: ItemsResult) -> set[int]:
    """The records whose copies went."""
    cursor.execute(
        "DELETE FROM catalog_item WHERE source_id = %s AND item_id = ANY(%s) RETURNING item_id, record_id",
        [source.pk, item_ids],
    )
    rows = cursor.fetchall()
    found = {row[0] for row in rows}
    result.results.update({item_id: "deleted" if item_id in found else "unknown" for item_id in item_ids})
    return {row[1] for row in rows if row[1]}


def _upsert(cursor: Any, source: Source, items: Sequence[ItemTold], now: datetime) -> None:
    if not items:
        return
    columns = [list(column) for column in zip(*items, strict=True)]
    cursor.execute(_UPSERT, [source.pk, now, *columns, source.pk])
    codes = [item.item_id for item in items if not item.local_id]
    if codes:
        which = "code = ANY(%s)"
        cursor.execute(_BY_BARCODE.format(which=which), [source.pk, codes, source.pk])


def _confirm(cursor: Any, source: Source, items: Sequence[ItemTold], now: datetime) -> None:
    """The same once more, but newer."""
    cursor.execute(
        "UPDATE catalog_item i SET as_of = v.as_of, told_at = %s "
        "FROM unnest(%s::text[], %s::timestamptz[]) AS v(item_id, as_of) "
        "WHERE i.source_id = %s AND i.item_id = v.item_id",
        [now, [item.item_id for item in items], [item.as_of for item in items], source.pk],
    )


def _records_of(cursor: Any, source: Source, item_ids: list[str]) -> dict[str, int]:
    cursor.execute(
        "SELECT item_id, record_id FROM catalog_item WHERE source_id = %s AND item_id = ANY(%s) "
        "AND record_id IS NOT NULL",
        [source.pk, item_ids],
    )
    return dict(cursor.fetchall())


def _source_with_items(cursor: Any, record_id: int) -> int | None:
    """The record's source, if anybody ever told of copies there: most sources stop at this one question."""
    cursor.execute(
        "SELECT r.source_id FROM catalog_sourcerecord r WHERE r.id = %s "
        "AND EXISTS (SELECT 1 FROM catalog_item i WHERE i.source_id = r.source_id)",
        [record_id],
    )
    row = cursor.fetchone()
    return row[0] if row else None
