"""Which title a holdings record belongs to, and its title's holdings made anew with it.

004 is the identifier of a title of the same source, or else its 001, where a server calls its records by other names
than they have inside. A 001 that several titles have tells nothing: then the holdings wait.

Called by holdings_link.py, gone.py and rekey.py within their transactions. A few statements, however many records.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import orjson

from catalog.formats.draft import HoldingDraft
from catalog.formats.marc21 import to_draft
from catalog.formats.reader import parse_payload
from catalog.harvesting.database import copy_lines
from catalog.harvesting.pages import HOLDING_COLUMNS, MAX_HOLDINGS, holding_line
from catalog.harvesting.rules import apply as apply_rules
from catalog.models import Source
from catalog.services.editions import mark_dirty
from catalog.services.items import items_apply

# As in the index record_own_number, which has only the records whose 001 is not their identifier.
_OWN = "left(r.draft ->> 'identifier', 200)"
_OWNERS = f"""
SELECT n.name, coalesce(exact.id, CASE WHEN own.found = 1 THEN own.id END), exact.id IS NULL AND own.found > 1
FROM unnest(%(names)s::text[]) AS n(name)
LEFT JOIN LATERAL (
  SELECT r.id FROM catalog_sourcerecord r
  WHERE r.source_id = %(source)s AND r.record_type = 'bib' AND r.identifier = n.name AND r.deleted_at IS NULL
) exact ON TRUE
CROSS JOIN LATERAL (
  SELECT min(two.id) AS id, count(*) AS found FROM (
    SELECT r.id FROM catalog_sourcerecord r
    WHERE r.source_id = %(source)s AND {_OWN} = n.name AND r.identifier <> {_OWN}
      AND r.record_type = 'bib' AND r.deleted_at IS NULL
    LIMIT 2
  ) two
) own
"""  # noqa: S608
_JOINED = "SELECT DISTINCT record_id FROM catalog_holdingsrecord WHERE source_id = %s AND host = ANY(%s)"
_SETTLE = """
UPDATE catalog_holdingsrecord h SET record_id = o.record_id, is_ambiguous = o.several
FROM unnest(%s::text[], %s::bigint[], %s::boolean[]) AS o(host, record_id, several)
WHERE h.source_id = %s AND h.host = o.host
  AND (h.record_id IS DISTINCT FROM o.record_id OR h.is_ambiguous <> o.several)
"""
# By the identifiers of titles: what is called like one of them, inside or outside, or was joined to it until now.
_CONCERNED = f"""
WITH title AS MATERIALIZED (
  SELECT r.id, r.identifier, {_OWN} AS own FROM catalog_sourcerecord r
  WHERE r.source_id = %(source)s AND r.record_type = 'bib' AND r.identifier = ANY(%(names)s)
    AND EXISTS (SELECT 1 FROM catalog_holdingsrecord WHERE source_id = %(source)s)
)
SELECT h.host FROM title t JOIN catalog_holdingsrecord h ON h.source_id = %(source)s AND h.host = t.identifier
UNION
SELECT h.host FROM title t JOIN catalog_holdingsrecord h ON h.source_id = %(source)s AND h.host = t.own
UNION
SELECT h.host FROM title t JOIN catalog_holdingsrecord h ON h.record_id = t.id
"""  # noqa: S608
_TITLES = """
SELECT r.id, coalesce(e.merged_into_id, r.edition_id), (r.draft -> 'holdings')::text
FROM catalog_sourcerecord r JOIN catalog_edition e ON e.id = r.edition_id
WHERE r.id = ANY(%s) AND r.deleted_at IS NULL
"""
_KEPT = "SELECT record_id, raw, raw_format FROM catalog_holdingsrecord WHERE record_id = ANY(%s) ORDER BY identifier"


def hosts_concerned(cursor: Any, source: Source, identifiers: Sequence[str]) -> set[str]:
    """What holdings records call the titles with these identifiers, whether they are still there or not."""
    if not identifiers:
        return set()
    cursor.execute(_CONCERNED, {"source": source.pk, "names": list(identifiers)})
    return {row[0] for row in cursor.fetchall()}


def join(
    cursor: Any, source: Source, hosts: Iterable[str], now: datetime, titles: Iterable[int] = ()
) -> set[str]:
    """Settle whom these 004 mean, and make the holdings of those titles anew. Returns the 004 that mean somebody.

    `titles`: ids of other records whose holdings records have changed or gone.
    """
    names, remade = sorted(set(hosts)), set(titles)
    here: set[str] = set()
    if names:
        cursor.execute(_JOINED, [source.pk, names])
        remade.update(row[0] for row in cursor.fetchall() if row[0])
        cursor.execute(_OWNERS, {"source": source.pk, "names": names})
        owners = cursor.fetchall()
        cursor.execute(_SETTLE, [*(list(column) for column in zip(*owners, strict=True)), source.pk])
        remade.update(row[1] for row in owners if row[1])
        here = {row[0] for row in owners if row[1]}
    if remade:
        _remake(cursor, source, sorted(remade), now)
    return here


def _remake(cursor: Any, source: Source, titles: list[int], now: datetime) -> None:
    """Holdings of these titles: their own, and those of the holdings records that are joined to them."""
    linked = _linked(cursor, source, titles)
    cursor.execute(_TITLES, [titles])
    rows = cursor.fetchall()
    ids = [row[0] for row in rows]
    lines = []
    for record, edition, own in rows:
        found = [HoldingDraft(**one) for one in orjson.loads(own or "[]")]
        found += [one for one in linked[record] if one not in found]  # once behind its title, once apart
        lines += [
            f"{edition}\t{source.library_id}\t{record}\t{now.isoformat()}\t{holding_line(one)}"
            for one in (found or [HoldingDraft()])[:MAX_HOLDINGS]
        ]
    cursor.execute("DELETE FROM catalog_holding WHERE record_id = ANY(%s)", [ids])
    copy_lines(
        cursor, "catalog_holding", ("edition_id", "library_id", "record_id", "as_of", *HOLDING_COLUMNS), lines
    )
    items_apply(cursor, ids)
    mark_dirty(cursor, sorted({row[1] for row in rows}))


def _linked(cursor: Any, source: Source, titles: list[int]) -> dict[int, list[HoldingDraft]]:
    """What the kept holdings records say, by their title, under the source's rules of today."""
    found: dict[int, list[HoldingDraft]] = defaultdict(list)
    cursor.execute(_KEPT, [titles])
    for record, raw, format in cursor.fetchall():
        payload = zlib.decompress(bytes(raw))
        draft = to_draft(parse_payload(payload, format, fallback_encoding=source.fallback_encoding))
        apply_rules(draft, source.rules)
        found[record] += draft.holdings
    return found
