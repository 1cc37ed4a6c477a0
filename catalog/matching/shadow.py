"""SQL of the matching beside: where its candidates stand, how it differs, and how it is taken over.

Used by services/rematch.py and services/rematch_switch.py alone.
"""

from __future__ import annotations

from catalog.matching.candidates import Place

BESIDE = Place(
    blocks="""
        SELECT k.key, m.record_id
        FROM unnest(%s::bigint[]) AS k(key)
        CROSS JOIN LATERAL (
            SELECT record_id FROM catalog_shadowkey WHERE key = k.key ORDER BY record_id LIMIT %s
        ) AS m
    """,
    few="""
        SELECT big.key
        FROM unnest(%s::bigint[], %s::bigint[]) AS big(key, record_id)
        JOIN catalog_shadowrecord r ON r.record_id = big.record_id
        GROUP BY big.key HAVING count(DISTINCT r.cluster) <= %s
    """,
    members="""
        SELECT e.id, r.id, COALESCE(m.features, r.features)::text
        FROM (
            SELECT near.cluster AS id FROM unnest(%s::bigint[]) AS found(id) CROSS JOIN LATERAL (
                SELECT cluster FROM catalog_shadowrecord WHERE record_id = found.id OFFSET 0
            ) AS near
            UNION SELECT unnest(%s::bigint[])
        ) AS e
        CROSS JOIN LATERAL (
            SELECT record_id, features FROM catalog_shadowrecord
            WHERE cluster = e.id ORDER BY record_id LIMIT %s
        ) AS m
        JOIN catalog_sourcerecord r ON r.id = m.record_id
        ORDER BY e.id, r.id
    """,
    decided="""
        SELECT d.one_id, d.other_id, d.is_same, a.cluster, b.cluster
        FROM catalog_matchdecision d
        LEFT JOIN catalog_shadowrecord a ON a.record_id = d.one_id
        LEFT JOIN catalog_shadowrecord b ON b.record_id = d.other_id
        WHERE d.is_active AND (d.one_id = ANY(%s) OR d.other_id = ANY(%s))
    """,
)
NEXT = """
SELECT id, draft::text, features::text FROM catalog_sourcerecord
WHERE id > %s AND record_type = 'bib' AND deleted_at IS NULL AND edition_id IS NOT NULL ORDER BY id LIMIT %s
"""
# Records that changed, came or went since they were placed.
LATE = """
SELECT s.record_id FROM catalog_shadowrecord s LEFT JOIN catalog_sourcerecord r ON r.id = s.record_id
WHERE r.id IS NULL OR r.deleted_at IS NOT NULL OR r.edition_id IS NULL OR r.changed_at >= %s
"""
AGAIN = """
SELECT id, draft::text, features::text FROM catalog_sourcerecord
WHERE id = ANY(%s) AND deleted_at IS NULL AND edition_id IS NOT NULL ORDER BY id
"""
# How many records an edition in use and a cluster beside have in common; which cluster each edition goes on as (the
# largest part), and which edition gives a cluster its id.
COMPARE = """
DROP TABLE IF EXISTS pg_temp.overlap, pg_temp.goes_on, pg_temp.named;
CREATE TEMP TABLE overlap ON COMMIT DROP AS
    SELECT r.edition_id AS edition, s.cluster, count(*) AS records
    FROM catalog_shadowrecord s JOIN catalog_sourcerecord r ON r.id = s.record_id GROUP BY 1, 2;
CREATE TEMP TABLE goes_on ON COMMIT DROP AS
    SELECT DISTINCT ON (edition) edition, cluster, records FROM overlap ORDER BY edition, records DESC, cluster;
CREATE TEMP TABLE named ON COMMIT DROP AS
    SELECT DISTINCT ON (cluster) cluster, edition FROM goes_on ORDER BY cluster, records DESC, edition;
ANALYZE overlap; ANALYZE goes_on; ANALYZE named;
"""
FIGURES = """
SELECT (SELECT coalesce(sum(records), 0) FROM overlap),
       (SELECT count(*) FROM goes_on),
       (SELECT count(DISTINCT cluster) FROM overlap),
       (SELECT count(*) FROM goes_on g WHERE NOT EXISTS (SELECT FROM named n WHERE n.edition = g.edition)),
       (SELECT count(DISTINCT cluster) FROM overlap o
            WHERE NOT EXISTS (SELECT FROM named n WHERE n.cluster = o.cluster)),
       (SELECT coalesce(sum(records), 0) FROM overlap o
            WHERE NOT EXISTS (SELECT FROM named n WHERE n.cluster = o.cluster AND n.edition = o.edition))
"""
JOINED = """
SELECT g.edition, gone.title, n.edition, stays.title
FROM goes_on g JOIN named n ON n.cluster = g.cluster AND n.edition <> g.edition
JOIN catalog_edition gone ON gone.id = g.edition JOIN catalog_edition stays ON stays.id = n.edition
ORDER BY g.edition LIMIT %s
"""
PARTED = """
SELECT DISTINCT ON (o.cluster) o.edition, e.title, r.id, r.draft ->> 'title'
FROM overlap o JOIN catalog_edition e ON e.id = o.edition
JOIN catalog_shadowrecord s ON s.cluster = o.cluster JOIN catalog_sourcerecord r ON r.id = s.record_id
WHERE NOT EXISTS (SELECT FROM named n WHERE n.cluster = o.cluster)
ORDER BY o.cluster, o.records DESC LIMIT %s
"""
TARGETS = """
INSERT INTO named (cluster, edition)
    SELECT o.cluster, nextval(pg_get_serial_sequence('catalog_edition', 'id'))
    FROM (SELECT DISTINCT cluster FROM overlap) o
    WHERE NOT EXISTS (SELECT FROM named n WHERE n.cluster = o.cluster);
UPDATE catalog_shadowrecord s SET target = n.edition
    FROM named n, catalog_sourcerecord r
    WHERE n.cluster = s.cluster AND r.id = s.record_id AND r.edition_id <> n.edition;
"""
ORIGINS = """
SELECT DISTINCT r.edition_id FROM catalog_shadowrecord s JOIN catalog_sourcerecord r ON r.id = s.record_id
WHERE s.target IS NOT NULL ORDER BY 1 LIMIT %s
"""
MOVES = """
SELECT r.edition_id, r.id, s.target, r.changed_at < %s AND r.deleted_at IS NULL AND s.target <> r.edition_id
FROM catalog_shadowrecord s JOIN catalog_sourcerecord r ON r.id = s.record_id
WHERE s.target IS NOT NULL AND r.edition_id = ANY(%s) ORDER BY r.id
"""
# Rows to be described by editions_rebuild in the same transaction.
NEW_EDITIONS = """
INSERT INTO catalog_edition (id, title, subtitle, author, publisher, language, format, display, record_count,
                             library_count, created_at, changed_at)
SELECT e.id, '', '', '', '', '', 'book', '{}', 0, 0, %s, %s FROM unnest(%s::bigint[]) AS e(id) ON CONFLICT DO NOTHING
"""
RANGE = """
SELECT max(record_id) FROM (
    SELECT record_id FROM catalog_shadowrecord WHERE record_id > %s ORDER BY record_id LIMIT %s
) AS page
"""
# Features and keys in use become those of the matching beside, for records that did not change since.
FEATURES = """
UPDATE catalog_sourcerecord r SET features = s.features FROM catalog_shadowrecord s
WHERE s.record_id = r.id AND s.features IS NOT NULL AND r.changed_at < %s AND r.id > %s AND r.id <= %s
"""
OLD_KEYS = """
DELETE FROM catalog_matchkey k USING catalog_shadowrecord s, catalog_sourcerecord r
WHERE s.record_id > %s AND s.record_id <= %s AND r.id = s.record_id AND r.changed_at < %s AND k.record_id = s.record_id
AND NOT EXISTS (SELECT FROM catalog_shadowkey n WHERE n.key = k.key AND n.record_id = k.record_id)
"""
NEW_KEYS = """
INSERT INTO catalog_matchkey (key, record_id)
SELECT n.key, n.record_id FROM catalog_shadowkey n JOIN catalog_sourcerecord r ON r.id = n.record_id
WHERE n.record_id > %s AND n.record_id <= %s AND r.changed_at < %s AND r.deleted_at IS NULL ON CONFLICT DO NOTHING
"""
# What waits for a person is what the new rules are not sure of.
OLD_DOUBTS = """
DELETE FROM catalog_matchdoubt d USING catalog_shadowrecord s
WHERE s.record_id > %s AND s.record_id <= %s AND (d.one_id = s.record_id OR d.other_id = s.record_id)
AND d.seen_at < %s
"""
NEW_DOUBTS = """
INSERT INTO catalog_matchdoubt (one_id, other_id, score, why, rules, seen_at)
SELECT DISTINCT ON (1, 2) least(s.record_id, (d ->> 0)::bigint), greatest(s.record_id, (d ->> 0)::bigint),
       greatest(least((d ->> 1)::int, 32000), -32000), d ->> 2, %s, now()
FROM catalog_shadowrecord s CROSS JOIN LATERAL jsonb_array_elements(s.doubts) AS d
WHERE s.record_id > %s AND s.record_id <= %s AND s.doubts IS NOT NULL
ORDER BY 1, 2, 3 DESC ON CONFLICT (one_id, other_id) DO UPDATE SET score = excluded.score, why = excluded.why,
    rules = excluded.rules, seen_at = excluded.seen_at
"""
