"""Rows of a weeding list to editions, and what the network says of these. Set-based; called by services/checks.py."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.utils import timezone

from catalog.acquiring.finding import editions_by_isbn
from catalog.choices import SHOWN_LIBRARIES
from catalog.models import WeedingCheck

_ROWS = """
SELECT id, value, isbn, kind FROM catalog_weedingrow
WHERE source_id = %s AND position BETWEEN %s AND %s AND edition_id IS NULL AND problem = ''
"""
# By primary key: rows written a moment ago are unknown to the planner, and any other way may cost minutes.
_SET = """
UPDATE catalog_weedingrow AS r SET edition_id = v.edition, kind = %s
FROM unnest(%s::bigint[], %s::bigint[]) AS v(id, edition) WHERE r.id = v.id
"""
# A library's own numbers and barcodes only: another library's may be the same.
_BARCODES = (
    """
SELECT i.item_id, min(t.edition_id) FROM unnest(%(values)s::text[]) AS w(value)
JOIN catalog_source s ON s.library_id = %(library)s
JOIN catalog_item i ON i.source_id = s.id AND i.item_id = w.value
JOIN catalog_sourcerecord t ON t.id = i.record_id AND t.edition_id IS NOT NULL AND t.deleted_at IS NULL
GROUP BY 1
""",
    # Copies that came with their records: the library's holdings are walked once for some thousand rows.
    """
SELECT b.value, min(h.edition_id) FROM catalog_holding h
CROSS JOIN LATERAL jsonb_array_elements_text(h.barcodes) AS b(value)
WHERE h.library_id = %(library)s AND b.value IN (SELECT unnest(%(values)s::text[])) GROUP BY 1
""",
)
_NUMBERS = (
    """
SELECT t.identifier, min(t.edition_id) FROM unnest(%(values)s::text[]) AS w(value)
JOIN catalog_source s ON s.library_id = %(library)s
JOIN catalog_sourcerecord t ON t.source_id = s.id AND t.record_type = 'bib' AND t.identifier = w.value
WHERE t.edition_id IS NOT NULL AND t.deleted_at IS NULL GROUP BY 1
""",
)
# What hangs on an edition is worked out once, however many rows name it.
_WEIGH = """
WITH named AS (
    SELECT edition_id, count(*) FILTER (WHERE kind = 'barcode') AS barcodes, bool_or(kind <> 'barcode') AS whole
    FROM catalog_weedingrow WHERE source_id = %(check)s AND edition_id IS NOT NULL GROUP BY 1
), held AS (
    SELECT n.edition_id, h.library_id, l.province = %(region)s AS near, sum(h.item_count) AS copies
    FROM named n JOIN catalog_holding h ON h.edition_id = n.edition_id
    JOIN members_library l ON l.id = h.library_id AND (l.status = ANY(%(shown)s) OR l.id = %(library)s)
    WHERE h.library_id = %(library)s OR NOT EXISTS (
        SELECT FROM catalog_offerline o JOIN catalog_weedingoffer f ON f.id = o.offer_id
        WHERE o.edition_id = n.edition_id AND f.library_id = h.library_id
          AND ((o.state = 'weeded' AND o.decided_at > now() - interval '1 year')
            OR (o.state = 'open' AND f.closed_at IS NULL)))
    GROUP BY 1, 2, 3
), sums AS (
    SELECT edition_id, count(*) FILTER (WHERE library_id <> %(library)s) AS others,
        count(*) FILTER (WHERE library_id <> %(library)s AND near) AS nearby,
        coalesce(sum(copies) FILTER (WHERE library_id = %(library)s), 0) AS own
    FROM held GROUP BY 1
), kept AS (
    SELECT k.edition_id, count(*) FILTER (WHERE k.library_id <> %(library)s) AS others,
        bool_or(k.library_id = %(library)s) AS own
    FROM named n JOIN catalog_keeppromise k ON k.edition_id = n.edition_id
    WHERE k.ended_at IS NULL AND (k.until IS NULL OR k.until >= %(today)s) GROUP BY 1
), asked AS (
    SELECT w.edition_id, sum(w.unfilled + w.wishes + w.waiting) AS times
    FROM named n JOIN catalog_wantedtitle w ON w.edition_id = n.edition_id GROUP BY 1
), plans AS (
    SELECT p.edition_id, count(DISTINCT p.library_id) AS others FROM named n
    JOIN catalog_purchaseplan p ON p.edition_id = n.edition_id AND p.library_id <> %(library)s
    WHERE p.state IN ('planned', 'ordered', 'bought') GROUP BY 1
), said AS (
    SELECT n.edition_id, coalesce(s.others, 0) AS others, coalesce(s.nearby, 0) AS nearby,
        coalesce(a.times, 0) AS wanted, coalesce(k.others, 0) AS promised, coalesce(p.others, 0) AS planned,
        CASE WHEN coalesce(s.own, 0) = 0 THEN 'not_yours'
            WHEN NOT n.whole AND s.own > n.barcodes THEN 'own_left'
            WHEN coalesce(k.own, false) THEN 'promised'
            WHEN coalesce(s.others, 0) = 0 THEN 'last_network'
            WHEN %(region)s <> '' AND coalesce(s.nearby, 0) = 0 THEN 'last_region' ELSE 'others' END AS finding
    FROM named n LEFT JOIN sums s USING (edition_id) LEFT JOIN kept k USING (edition_id)
    LEFT JOIN asked a USING (edition_id) LEFT JOIN plans p USING (edition_id)
)
UPDATE catalog_weedingrow AS r SET finding = d.finding, others = d.others, nearby = d.nearby, wanted = d.wanted,
    promised = d.promised, planned = d.planned
FROM said d WHERE r.source_id = %(check)s AND r.edition_id = d.edition_id
"""
_REST = """
UPDATE catalog_weedingrow SET finding = CASE WHEN problem = '' THEN 'not_found' ELSE 'unreadable' END
WHERE source_id = %s AND edition_id IS NULL
"""


def rows_resolve(check: WeedingCheck, first: int, last: int) -> None:
    """Find the editions of these rows: by the library's record numbers, its barcodes, then by ISBN."""
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [check.pk, first, last])
        left: dict[int, tuple[str, str, str]] = {row[0]: row[1:] for row in cursor.fetchall()}
        for kind, statements in (("number", _NUMBERS), ("barcode", _BARCODES)):
            for found in statements:
                # What is an ISBN by its digits is no other number, unless its column says so.
                asked = {
                    pk: value
                    for pk, (value, isbn, only) in left.items()
                    if only == kind or not (only or isbn)
                }
                if not asked:
                    continue
                cursor.execute(found, {"values": sorted(set(asked.values())), "library": check.library_id})
                _settle(cursor, left, asked, dict(cursor.fetchall()), kind)
        isbns = {pk: isbn for pk, (_value, isbn, _only) in left.items() if isbn}
        known = editions_by_isbn(set(isbns.values()), check.library_id)
        known |= editions_by_isbn(set(isbns.values()) - set(known))
        _settle(cursor, left, isbns, {isbn: found[0] for isbn, found in known.items()}, "isbn")


def _settle(
    cursor: Any, left: dict[int, Any], asked: dict[int, str], editions: dict[str, int], kind: str
) -> None:
    """Write what was found, and leave the rest for the next way."""
    pairs = {pk: editions[value] for pk, value in asked.items() if value in editions}
    if pairs:
        cursor.execute(_SET, [kind, list(pairs), list(pairs.values())])
    for pk in pairs:
        del left[pk]


def rows_weigh(check: WeedingCheck) -> dict[str, int]:
    """What the network says of each row; returns how many rows have which finding."""
    with connection.cursor() as cursor:
        # The new rows are unknown to the planner, and compiling the statement costs more than it.
        cursor.execute("ANALYZE catalog_weedingrow")
        cursor.execute("SELECT set_config('jit', 'off', true)")
        cursor.execute(
            _WEIGH,
            {
                "check": check.pk, "library": check.library_id, "region": check.library.province,
                "shown": [str(status) for status in SHOWN_LIBRARIES], "today": timezone.localdate(),
            },
        )  # fmt: skip
        cursor.execute(_REST, [check.pk])
        cursor.execute(
            "SELECT finding, count(*) FROM catalog_weedingrow WHERE source_id = %s GROUP BY 1", [check.pk]
        )
        return dict(cursor.fetchall())
