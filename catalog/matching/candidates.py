"""Candidates for a page of records in three queries, whatever its size: the blocks of its keys, then their editions.

A block of more than MAX_BLOCK records is a heap that says nothing, and is not looked at, unless the key is the record's
compound one. It is no heap where its oldest records stand in few editions: then many libraries have the same book.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from catalog.matching.cluster import MAX_BLOCK, MAX_MEMBERS, Decisions, Incoming, Member

SAMPLE, FEW = 12, 6  # the oldest records of a large block, and in how many editions they may stand
MOST_HOPS = 6  # from a record through others that left

_BLOCKS = """
SELECT k.key, m.record_id
FROM unnest(%s::bigint[]) AS k(key)
CROSS JOIN LATERAL (
    SELECT record_id FROM catalog_matchkey WHERE key = k.key ORDER BY record_id LIMIT %s
) AS m
"""
_FEW = """
SELECT big.key
FROM unnest(%s::bigint[], %s::bigint[]) AS big(key, record_id)
JOIN catalog_sourcerecord r ON r.id = big.record_id
GROUP BY big.key HAVING count(DISTINCT r.edition_id) <= %s
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
# What people decided of records, with the editions of those that live and are written already.
_DECIDED = """
SELECT d.one_id, d.other_id, d.is_same, a.edition_id, b.edition_id
FROM catalog_matchdecision d
LEFT JOIN catalog_sourcerecord a ON a.id = d.one_id AND a.deleted_at IS NULL
LEFT JOIN catalog_sourcerecord b ON b.id = d.other_id AND b.deleted_at IS NULL
WHERE d.is_active AND (d.one_id = ANY(%s) OR d.other_id = ANY(%s))
"""


@dataclass(frozen=True)
class Place:
    """Where to look: queries with the columns of those above."""

    blocks: str = _BLOCKS
    few: str = _FEW
    members: str = _MEMBERS
    decided: str = _DECIDED


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a page, without the page's own records. Unpacks into the arguments of `assign`."""

    members: dict[int, list[Member]]
    blocks: dict[int, list[int]]
    decided: Decisions

    def __iter__(self) -> Iterator[Any]:
        return iter((self.members, self.blocks, self.decided))


IN_USE = Place()


def load(cursor: Any, page: Sequence[Incoming], place: Place = IN_USE) -> Around:
    """Editions with their records, key -> record ids, and decisions around the page."""
    keys = list({key for incoming in page for key in incoming.keys})
    cursor.execute(place.blocks, [keys, MAX_BLOCK + 1])
    found: dict[int, list[int]] = defaultdict(list)
    for key, record_id in cursor.fetchall():
        found[key].append(record_id)
    compound = {incoming.keys[0] for incoming in page if incoming.keys}
    large = {key: ids for key, ids in found.items() if len(ids) > MAX_BLOCK and key not in compound}
    heaps = large.keys() - _of_few_editions(cursor, place, large)
    blocks = {key: ids for key, ids in found.items() if key not in heaps}
    own = {incoming.record_id for incoming in page}
    decided = Decisions()
    _decisions(cursor, place, own, own, decided)
    homes = {incoming.edition for incoming in page if incoming.edition is not None}
    homes.update(decided.where.values())
    ids = list({record_id for block in blocks.values() for record_id in block}.difference(own))
    members: dict[int, list[Member]] = defaultdict(list)
    if ids or homes:
        cursor.execute(place.members, [ids, list(homes), MAX_MEMBERS * 4])
        for edition_id, record_id, features in cursor.fetchall():
            if record_id not in own:
                members[edition_id].append(Member(record_id, orjson.loads(features)))
    _decisions(cursor, place, {m.record_id for group in members.values() for m in group}, own, decided)
    return Around(members, blocks, decided)


def _of_few_editions(cursor: Any, place: Place, large: dict[int, list[int]]) -> set[int]:
    """Those of the large blocks that many libraries' records of a few editions make, not many editions."""
    if not large:
        return set()
    pairs = [(key, record_id) for key, ids in large.items() for record_id in ids[:SAMPLE]]
    cursor.execute(place.few, [*map(list, zip(*pairs, strict=True)), FEW])
    return {key for (key,) in cursor.fetchall()}


def _decisions(cursor: Any, place: Place, records: set[int], own: set[int], decided: Decisions) -> None:
    """Add what was decided about the records; beyond those that left, what they were put together with."""
    asked = records
    for _hop in range(MOST_HOPS):
        if not asked:
            return
        numbers, gone = list(asked), set()
        cursor.execute(place.decided, [numbers, numbers])
        for one, other, is_same, first, second in cursor.fetchall():
            decided.add(one, other, is_same)
            for record, edition in ((one, first), (other, second)):
                if edition and record not in own:
                    decided.where[record] = edition
                elif not edition and record not in records:
                    gone.add(record)
        asked = gone - asked
