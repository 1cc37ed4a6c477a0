"""Holdings records (leader/06 u v x y) that come apart from their title: kept, and joined to it when both are there.

Called by write.py within a page's transaction, with what the page's reader could not attach. A statement or two for a
page; nothing at all where a source sends none.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any, NamedTuple

import orjson
from django.db import connection, transaction
from django.utils import timezone

from catalog.formats.draft import HoldingDraft
from catalog.formats.errors import BadRecord
from catalog.formats.marc21 import to_draft
from catalog.formats.reader import parse_payload
from catalog.harvesting.database import copy_lines, lock_catalogue
from catalog.harvesting.pages import HOLDING_COLUMNS, MAX_HOLDINGS, Reject, holding_line
from catalog.harvesting.rules import apply as apply_rules
from catalog.models import Run, Source
from catalog.services.editions import mark_dirty
from catalog.services.items import items_apply

# As with titles: more than this going at once is no news but a fault of the list. These wait for a better one.
PERCENT_GONE, MOST_GONE, ALWAYS_BELIEVED = 10, 1000, 9
UNLINKED = "holdings_unlinked"
_KEEP = """
INSERT INTO catalog_holdingsrecord (source_id, identifier, host, raw, raw_format, content_hash, last_run_id, changed_at)
SELECT %s, n.identifier, n.host, n.raw, n.format, n.digest, %s, %s
FROM unnest(%s::text[], %s::text[], %s::bytea[], %s::text[], %s::bytea[]) AS n(identifier, host, raw, format, digest)
ON CONFLICT (source_id, identifier) DO UPDATE SET host = excluded.host, raw = excluded.raw,
  raw_format = excluded.raw_format, content_hash = excluded.content_hash, last_run_id = excluded.last_run_id,
  changed_at = excluded.changed_at
WHERE catalog_holdingsrecord.content_hash <> excluded.content_hash OR catalog_holdingsrecord.host <> excluded.host
RETURNING host, (xmax = 0)
"""
_MET = """
UPDATE catalog_holdingsrecord SET last_run_id = %s
WHERE source_id = %s AND identifier = ANY(%s) AND last_run_id IS DISTINCT FROM %s
"""
_MISSING = "source_id = %s AND NOT coalesce(last_run_id, 0) = ANY(%s)"
_DROP = "DELETE FROM catalog_holdingsrecord WHERE source_id = %s AND identifier = ANY(%s) RETURNING host"
_HOSTS = "SELECT DISTINCT host FROM catalog_holdingsrecord WHERE source_id = %s AND host = ANY(%s)"
_TITLES = """
SELECT r.id, r.identifier, coalesce(e.merged_into_id, r.edition_id), (r.draft -> 'holdings')::text
FROM catalog_sourcerecord r JOIN catalog_edition e ON e.id = r.edition_id
WHERE r.source_id = %s AND r.record_type = 'bib' AND r.identifier = ANY(%s) AND r.deleted_at IS NULL
"""
_KEPT = """
SELECT host, raw, raw_format FROM catalog_holdingsrecord WHERE source_id = %s AND host = ANY(%s) ORDER BY identifier
"""


class Linked(NamedTuple):
    """What became of a page's holdings records: how many are new, changed and as they were; the other rejects.

    `waiting`: those among the new and changed whose title is not here.
    """

    created: int
    updated: int
    unchanged: int
    waiting: int
    rejects: list[Reject]


class _Sent(NamedTuple):
    identifier: str
    host: str
    deleted: bool
    reject: Reject


def link(cursor: Any, run: Run, rejects: Sequence[Reject], written: Sequence[str], now: datetime) -> Linked:
    """Keep the page's holdings records, and join to their titles those and what waits for the records just written.

    `written`: identifiers of the page's new and changed titles, whose holdings were made anew without them.
    """
    sent, others = _sorted(rejects, run.source.fallback_encoding)
    gone = [one.identifier for one in sent if one.deleted]
    kept = [one for one in sent if not one.deleted]
    rows = _keep(cursor, run, kept, now)
    if run.source.is_snapshot and kept:
        cursor.execute(_MET, [run.pk, run.source_id, [one.identifier for one in kept], run.pk])
    hosts = {host for host, _is_new in rows}
    if gone:
        cursor.execute(_DROP, [run.source_id, gone])
        hosts.update(row[0] for row in cursor.fetchall())
    if written:
        cursor.execute(_HOSTS, [run.source_id, list(written)])
        hosts.update(row[0] for row in cursor.fetchall())
    here = _join(cursor, run.source, sorted(hosts), now)
    created = sum(is_new for _host, is_new in rows)
    taken = len(rejects) - len(others)
    waiting = sum(host not in here for host, _is_new in rows)
    return Linked(created, len(rows) - created, taken - len(rows), waiting, others)


def drop_missing(run: Run, lists: Sequence[Run]) -> int:
    """After complete lists: what none of them had goes, unless that is more than can be believed. Returns how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        lock_catalogue(cursor)
        args: list[Any] = [run.source_id, [one.pk for one in lists]]
        cursor.execute(
            f"SELECT count(*), count(*) FILTER (WHERE {_MISSING}) FROM catalog_holdingsrecord WHERE source_id = %s",  # noqa: S608
            [*args, run.source_id],
        )
        stored, missing = cursor.fetchone()
        if not missing or missing > min(MOST_GONE, max(ALWAYS_BELIEVED, stored * PERCENT_GONE // 100)):
            return 0
        cursor.execute(f"DELETE FROM catalog_holdingsrecord WHERE {_MISSING} RETURNING host", args)  # noqa: S608
        _join(cursor, run.source, sorted({row[0] for row in cursor.fetchall()}), timezone.now())
        return int(missing)


def _sorted(rejects: Sequence[Reject], fallback: str) -> tuple[list[_Sent], list[Reject]]:
    """Those that name their title, the last of each identifier; the others stay rejected."""
    sent: dict[str, _Sent] = {}
    others: list[Reject] = []
    for reject in rejects:
        one = _read(reject, fallback) if reject.reason_code == UNLINKED and reject.raw else None
        if one is None:
            others.append(reject)
        else:
            sent[one.identifier] = one
    return list(sent.values()), others


def _read(reject: Reject, fallback: str) -> _Sent | None:
    try:
        draft = to_draft(parse_payload(reject.raw, reject.raw_format, fallback_encoding=fallback))
    except BadRecord:
        return None
    host = draft.host_identifier[:200]
    return _Sent(draft.identifier, host, draft.deleted, reject) if host else None


def _keep(cursor: Any, run: Run, sent: Sequence[_Sent], now: datetime) -> list[tuple[str, bool]]:
    """Host of each that is new or changed, and which of both."""
    if not sent:
        return []
    raws = [one.reject.raw for one in sent]
    cursor.execute(
        _KEEP,
        [
            run.source_id, run.pk, now, [one.identifier for one in sent], [one.host for one in sent],
            [zlib.compress(raw, 1) for raw in raws], [one.reject.raw_format for one in sent],
            [blake2b(raw, digest_size=16).digest() for raw in raws],
        ],
    )  # fmt: skip
    return list(cursor.fetchall())


def _join(cursor: Any, source: Source, hosts: list[str], now: datetime) -> set[str]:
    """Holdings of these titles anew: their own, and those of the holdings records that name them. Which are here."""
    if not hosts:
        return set()
    linked = _linked(cursor, source, hosts)
    cursor.execute(_TITLES, [source.pk, hosts])
    titles = cursor.fetchall()
    ids = [row[0] for row in titles]
    lines = []
    for record, identifier, edition, own in titles:
        found = [HoldingDraft(**one) for one in orjson.loads(own or "[]")]
        found += [one for one in linked[identifier] if one not in found]  # once behind its title, once apart
        lines += [
            f"{edition}\t{source.library_id}\t{record}\t{now.isoformat()}\t{holding_line(one)}"
            for one in (found or [HoldingDraft()])[:MAX_HOLDINGS]
        ]
    cursor.execute("DELETE FROM catalog_holding WHERE record_id = ANY(%s)", [ids])
    copy_lines(
        cursor, "catalog_holding", ("edition_id", "library_id", "record_id", "as_of", *HOLDING_COLUMNS), lines
    )
    items_apply(cursor, ids)
    mark_dirty(cursor, sorted({row[2] for row in titles}))
    return {row[1] for row in titles}


def _linked(cursor: Any, source: Source, hosts: Iterable[str]) -> dict[str, list[HoldingDraft]]:
    """What the kept holdings records say, by their title, under the source's rules of today."""
    found: dict[str, list[HoldingDraft]] = defaultdict(list)
    cursor.execute(_KEPT, [source.pk, list(hosts)])
    for host, raw, format in cursor.fetchall():
        payload = zlib.decompress(bytes(raw))
        draft = to_draft(parse_payload(payload, format, fallback_encoding=source.fallback_encoding))
        apply_rules(draft, source.rules)
        found[host] += draft.holdings
    return found
