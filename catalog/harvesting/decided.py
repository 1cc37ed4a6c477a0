"""Beside the records of a page: doubts for a person's eyes, and decisions that find their records again.

Called by write.py within the page's transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from catalog.matching.cluster import Doubt
from catalog.matching.score import weights

_FORGET = "DELETE FROM catalog_matchdoubt WHERE one_id = ANY(%s) OR other_id = ANY(%s)"
_NOTE = """
INSERT INTO catalog_matchdoubt (one_id, other_id, score, why, rules, seen_at)
SELECT d.one, d.other, d.score, d.why, %s, %s
FROM unnest(%s::bigint[], %s::bigint[], %s::int[], %s::text[]) AS d(one, other, score, why)
ON CONFLICT (one_id, other_id)
DO UPDATE SET score = excluded.score, why = excluded.why, rules = excluded.rules, seen_at = excluded.seen_at
"""
# Of a record that was gone for good and is here again under its old name.
_BACK = """
UPDATE catalog_matchdecision d SET {side}_id = n.id
FROM unnest(%s::bigint[], %s::text[]) AS n(id, identifier)
WHERE d.{side}_source_id = %s AND d.{side}_identifier = n.identifier AND d.{side}_id <> n.id
AND NOT EXISTS (SELECT FROM catalog_sourcerecord r WHERE r.id = d.{side}_id)
"""


def doubts_write(cursor: Any, doubts: Sequence[Doubt], changed: Sequence[int], now: datetime) -> None:
    """Note the doubts about a page. What was doubtful of its changed records is forgotten first."""
    if changed:
        cursor.execute(_FORGET, [list(changed), list(changed)])
    best: dict[tuple[int, int], Doubt] = {}
    for doubt in doubts:
        pair = (min(doubt.record, doubt.other), max(doubt.record, doubt.other))
        if pair not in best or doubt.score > best[pair].score:
            best[pair] = doubt
    if best:
        scores = [max(-32_000, min(doubt.score, 32_000)) for doubt in best.values()]
        columns = [
            [one for one, _ in best],
            [other for _, other in best],
            scores,
            [d.why for d in best.values()],
        ]
        cursor.execute(_NOTE, [weights().version, now, *columns])


def decisions_back(cursor: Any, source: int, new: Mapping[int, str]) -> None:
    """Let decisions name the new rows of records that had left: {number: identifier} of the page's new records.

    Before the page is placed, so that they hold at once.
    """
    if not new:
        return
    for side in ("one", "other"):
        cursor.execute(_BACK.format(side=side), [list(new), list(new.values()), source])
