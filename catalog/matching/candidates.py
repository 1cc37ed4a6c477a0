"""Candidates for a page of records in two queries, whatever its size: the blocks of its keys, then their editions.

A block of more than MAX_BLOCK records is not looked at, unless the key is the record's compound one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import orjson

from catalog.matching.cluster import MAX_MEMBERS, Incoming, Member

MAX_BLOCK = 100

_BLOCKS = """
SELECT k.key, m.record_id
FROM unnest(%s::bigint[]) AS k(key)
CROSS JOIN LATERAL (
    SELECT record_id FROM catalog_matchkey WHERE key = k.key ORDER BY record_id LIMIT %s
) AS m
"""
_MEMBERS = """
SELECT e.id, r.id, r.features::text
FROM (
    SELECT near.edition_id AS id FROM unnest(%s::bigint[]) AS found(id) CROSS JOIN LATERAL (
        SELECT edition_id FROM catalog_sourcerecord WHERE id = found.id AND edition_id IS NOT NULL OFFSET 0
    ) AS near
    UNION SELECT unnest(%s::bigint[])
) AS e
CROSS JOIN LATERAL (
    SELECT id, features FROM catalog_sourcerecord
    WHERE edition_id = e.id AND deleted_at IS NULL ORDER BY id LIMIT %s
) AS r
ORDER BY e.id, r.id
"""


def load(cursor: Any, page: Sequence[Incoming]) -> tuple[dict[int, list[Member]], dict[int, list[int]]]:
    """(editions with their records, key -> record ids) around the page, without the page's own records."""
    keys = list({key for incoming in page for key in incoming.keys})
    cursor.execute(_BLOCKS, [keys, MAX_BLOCK + 1])
    found: dict[int, list[int]] = defaultdict(list)
    for key, record_id in cursor.fetchall():
        found[key].append(record_id)
    compound = {incoming.keys[0] for incoming in page if incoming.keys}
    blocks = {key: ids for key, ids in found.items() if len(ids) <= MAX_BLOCK or key in compound}
    own = {incoming.record_id for incoming in page}
    homes = [incoming.edition for incoming in page if incoming.edition is not None]
    ids = list({record_id for block in blocks.values() for record_id in block}.difference(own))
    members: dict[int, list[Member]] = defaultdict(list)
    if ids or homes:
        cursor.execute(_MEMBERS, [ids, homes, MAX_MEMBERS * 4])
        for edition_id, record_id, features in cursor.fetchall():
            if record_id not in own:
                members[edition_id].append(Member(record_id, orjson.loads(features)))
    return members, blocks
