"""What is new: titles that came to a library after its catalogue was loaded for the first time.

A first load brings a whole catalogue, and so may a later file under other numbers: neither is news. Called by
catalog/browsing/keeping.py for the editions that changed.
"""

from __future__ import annotations

from typing import Any

MASS = 1000  # titles that one loading brought, and a tenth of the catalogue: it was moved or loaded again
KEPT_DAYS = 400

# `settled`: since when each source has a first loading behind it. A title is new to a library if all records by which
# the library holds it came later, and new to the network if all records of all libraries did.
_LOOK = """
WITH settled AS (
    SELECT source_id, min(finished_at) AS since, sum(created) AS total FROM catalog_run
    WHERE status IN ('done', 'partial') AND finished_at IS NOT NULL GROUP BY source_id
), loads AS (
    SELECT source_id, started_at, finished_at FROM catalog_run JOIN settled USING (source_id)
    WHERE created > greatest(%(mass)s, total / 10)
), held AS (
    SELECT h.edition_id, h.library_id, r.first_seen_at,
        coalesce(r.first_seen_at > settled.since, false) AND NOT EXISTS (
            SELECT FROM loads l WHERE l.source_id = r.source_id
                AND r.first_seen_at BETWEEN l.started_at AND coalesce(l.finished_at, now())
        ) AS fresh
    FROM catalog_holding h JOIN catalog_sourcerecord r ON r.id = h.record_id
    LEFT JOIN settled ON settled.source_id = r.source_id
    WHERE h.edition_id = ANY(%(ids)s) AND r.deleted_at IS NULL
), network AS (
    SELECT edition_id, bool_and(fresh) AS fresh, min(first_seen_at) AS first_at FROM held GROUP BY edition_id
), libraries AS (
    SELECT edition_id, library_id, min(first_seen_at) AS seen_at, bool_and(fresh) AS fresh
    FROM held GROUP BY edition_id, library_id
), gone AS (
    DELETE FROM catalog_newtitle n WHERE n.edition_id = ANY(%(ids)s) AND NOT EXISTS (
        SELECT FROM libraries l WHERE (l.edition_id, l.library_id) = (n.edition_id, n.library_id) AND l.fresh
    )
)
INSERT INTO catalog_newtitle (library_id, edition_id, seen_at, is_first)
SELECT DISTINCT ON (l.edition_id, l.library_id) l.library_id, l.edition_id, l.seen_at,
    n.fresh AND l.library_id = (
        SELECT o.library_id FROM libraries o WHERE o.edition_id = l.edition_id ORDER BY o.seen_at, o.library_id LIMIT 1
    )
FROM libraries l JOIN network n USING (edition_id)
WHERE l.fresh AND l.seen_at > now() - make_interval(days => %(days)s)
ON CONFLICT (library_id, edition_id) DO UPDATE SET seen_at = EXCLUDED.seen_at, is_first = EXCLUDED.is_first
"""


def look(cursor: Any, ids: list[int]) -> None:
    """Which of these editions are new, and where."""
    cursor.execute(_LOOK, {"ids": ids, "days": KEPT_DAYS, "mass": MASS})
