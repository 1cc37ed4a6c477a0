"""Editions follow their records: display, counts, redirects, the mark for search. Runs within a page's transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import orjson

from catalog.harvesting.database import copy_lines, empty_temporary
from catalog.harvesting.pages import EDITION_COLUMNS, edition_line
from catalog.matching.merge import MAX_SOURCES, display_of, merge

_IN = """
    id bigint, record_count int, library_count int, title text, subtitle text, author text, publisher text,
    year smallint, language text, format text, work_key bigint, display jsonb
"""
_RECORDS = """
SELECT e.id, s.library_id, s.quality_rank, r.draft
FROM unnest(%s::bigint[]) AS e(id) CROSS JOIN LATERAL (
    SELECT id, source_id, draft::text FROM catalog_sourcerecord
    WHERE edition_id = e.id AND deleted_at IS NULL OFFSET 0
) AS r JOIN catalog_source s ON s.id = r.source_id
ORDER BY e.id, r.id
"""
_UPDATE = f"""
UPDATE catalog_edition AS e
SET record_count = n.record_count, library_count = n.library_count, changed_at = %s,
    {", ".join(f"{column} = n.{column}" for column in EDITION_COLUMNS)}
FROM edition_in AS n WHERE e.id = n.id
"""  # noqa: S608  column names are constants
_EMPTY = """
UPDATE catalog_edition SET record_count = 0, library_count = 0, changed_at = %s WHERE id = ANY(%s)
"""
_REDIRECT = """
UPDATE catalog_edition AS e SET merged_into_id = v.target
FROM unnest(%s::bigint[], %s::bigint[]) AS v(old, target)
WHERE e.id = v.old OR e.merged_into_id = v.old
"""


def editions_rebuild(cursor: Any, edition_ids: Iterable[int], *, now: datetime) -> None:
    """Write the display record and the counts of these editions anew from their live records, and mark them dirty.

    An edition without records keeps its row, its id and its description; search leaves it out.
    """
    ids = sorted(set(edition_ids))
    if not ids:
        return
    drafts: dict[int, list[dict[str, Any]]] = defaultdict(list)
    counts: dict[int, int] = defaultdict(int)
    libraries: dict[int, set[int]] = defaultdict(set)
    ranks: dict[int, list[int]] = defaultdict(list)
    cursor.execute(_RECORDS, [ids])
    for edition_id, library_id, rank, draft in cursor.fetchall():
        counts[edition_id] += 1
        libraries[edition_id].add(library_id)
        if counts[edition_id] <= MAX_SOURCES:
            drafts[edition_id].append(orjson.loads(draft))
            ranks[edition_id].append(rank)
    lines = []
    for edition_id, group in drafts.items():
        display = display_of(group[0]) if len(group) == 1 else merge(group, ranks[edition_id])
        head = f"{edition_id}\t{counts[edition_id]}\t{len(libraries[edition_id])}\t"
        lines.append(head + edition_line(display))
    empty_temporary(cursor, "edition_in", _IN)
    copy_lines(cursor, "edition_in", ("id", "record_count", "library_count", *EDITION_COLUMNS), lines)
    cursor.execute(_UPDATE, [now])
    if emptied := [i for i in ids if i not in drafts]:
        cursor.execute(_EMPTY, [now, emptied])
    mark_dirty(cursor, ids)


def editions_redirect(cursor: Any, merged: dict[int, int]) -> None:
    """Lead emptied editions on to where their records went; those that led to them follow at once."""
    if merged:
        cursor.execute(_REDIRECT, [list(merged), list(merged.values())])


def mark_dirty(cursor: Any, edition_ids: Iterable[int]) -> None:
    """Put editions into the outbox toward search."""
    cursor.execute(
        "INSERT INTO catalog_dirtyedition (edition_id) SELECT unnest(%s::bigint[])", [list(edition_ids)]
    )
