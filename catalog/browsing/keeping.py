"""Keeps headings and new titles in step with the editions: takes the outbox in batches, each in one transaction.

Called by beat (catalog.tasks_browsing). The first time all editions go through the outbox. One writer at a time.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db import connection, transaction

from catalog.browsing import new_titles
from catalog.browsing.extract import Line, lines_of
from catalog.models import Edition, Heading

LOCK = 7_301_530_421  # beside that of the search index
BATCH = 2000
_ALL = """
INSERT INTO catalog_headingoutbox (edition_id)
SELECT id FROM catalog_edition WHERE merged_into_id IS NULL AND record_count > 0
"""
_TAKE = "SELECT id, edition_id FROM catalog_headingoutbox ORDER BY id LIMIT %s"
_CALLS = """
SELECT DISTINCT edition_id, call_number FROM catalog_holding WHERE edition_id = ANY(%s) AND call_number <> ''
"""
_NAMES = """
SELECT DISTINCT edition_id, draft #>> '{contributors,0,name}' FROM catalog_sourcerecord
WHERE edition_id = ANY(%s) AND deleted_at IS NULL AND draft #> '{contributors,0,name}' IS NOT NULL
"""
_WANTED = """
CREATE TEMP TABLE heading_wanted ON COMMIT DROP AS
SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[])
    AS wanted (edition_id, kind, sort, text, see)
"""
_HEADINGS = """
INSERT INTO catalog_heading (kind, sort, text, see, count)
SELECT DISTINCT ON (kind, text, see) kind, sort, text, see, 0 FROM heading_wanted ORDER BY kind, text, see, sort
ON CONFLICT (kind, text, see) DO NOTHING
"""
# Only differences are written: most changes of an edition leave its headings as they are.
_USES = """
WITH wanted AS (
    SELECT DISTINCT w.edition_id, h.id AS heading_id
    FROM heading_wanted w JOIN catalog_heading h USING (kind, text, see)
), gone AS (
    DELETE FROM catalog_headinguse u WHERE edition_id = ANY(%s)
        AND NOT EXISTS (SELECT FROM wanted w WHERE (w.edition_id, w.heading_id) = (u.edition_id, u.heading_id))
    RETURNING heading_id
), come AS (
    INSERT INTO catalog_headinguse (edition_id, heading_id) SELECT * FROM wanted ON CONFLICT DO NOTHING
    RETURNING heading_id
), change AS (
    SELECT heading_id, sum(n) AS n FROM (
        SELECT heading_id, -1 AS n FROM gone UNION ALL SELECT heading_id, 1 FROM come
    ) AS each GROUP BY heading_id
)
UPDATE catalog_heading h SET count = h.count + change.n FROM change WHERE h.id = change.heading_id AND change.n <> 0
RETURNING h.id, h.count
"""
_EMPTY = "DELETE FROM catalog_heading WHERE id = ANY(%s) AND count <= 0"


def keep_headings() -> int:
    """All that waits; says how many editions. 0 at once while another worker does it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
        try:
            if not Heading.objects.exists():
                cursor.execute(_ALL)
            total = 0
            while done := _keep_batch():
                total += done
            return total
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _keep_batch() -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_TAKE, [BATCH])
        rows = cursor.fetchall()
        if not rows:
            return 0
        ids = sorted({edition_id for _pk, edition_id in rows})
        _write(cursor, ids, _lines(cursor, ids))
        new_titles.look(cursor, ids)
        cursor.execute(
            "DELETE FROM catalog_headingoutbox WHERE id = ANY(%s)", [[pk for pk, _edition in rows]]
        )
    return len(rows)


def _lines(cursor: Any, ids: list[int]) -> list[tuple[int, Line]]:
    """What the editions stand under now; of those that nobody sees any more, nothing."""
    calls, names = _by_edition(cursor, _CALLS, ids), _by_edition(cursor, _NAMES, ids)
    seen = Edition.objects.filter(pk__in=ids, merged_into=None, record_count__gt=0)
    return [
        (pk, line)
        for pk, display, format in seen.values_list("pk", "display", "format")
        for line in sorted(lines_of(display, format=format, names=names[pk], calls=calls[pk]), key=_order)
    ]


def _order(line: Line) -> tuple[str, str, str]:
    return line.kind, line.text, line.see


def _by_edition(cursor: Any, sql: str, ids: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    cursor.execute(sql, [ids])
    for edition_id, text in cursor.fetchall():
        found[edition_id].append(text)
    return found


def _write(cursor: Any, ids: list[int], lines: list[tuple[int, Line]]) -> None:
    columns: list[list[Any]] = [[pk for pk, _line in lines]]
    columns += [[getattr(line, name) for _pk, line in lines] for name in ("kind", "sort", "text", "see")]
    cursor.execute(_WANTED, columns)
    cursor.execute(_HEADINGS)
    cursor.execute(_USES, [ids])
    empty = [pk for pk, count in cursor.fetchall() if count <= 0]
    if empty:
        cursor.execute(_EMPTY, [empty])
    cursor.execute("DROP TABLE heading_wanted")
