"""Holdings records (leader/06 u v x y) that come apart from their title: kept, and joined to it when both are there.

Called by write.py within a page's transaction, with what the page's reader could not attach. A statement or two for a
page; nothing at all where a source sends none.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from catalog.formats.errors import BadRecord
from catalog.formats.marc21 import to_draft
from catalog.formats.reader import parse_payload
from catalog.harvesting.database import lock_catalogue
from catalog.harvesting.holdings_join import hosts_concerned, join
from catalog.harvesting.pages import Reject
from catalog.models import Run

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
RETURNING identifier, host, (xmax = 0)
"""
_MET = """
UPDATE catalog_holdingsrecord SET last_run_id = %s
WHERE source_id = %s AND identifier = ANY(%s) AND last_run_id IS DISTINCT FROM %s
"""
# What is missing along with its title waits for what is decided about that.
_MISSING = """
h.source_id = %s AND NOT coalesce(h.last_run_id, 0) = ANY(%s)
AND NOT EXISTS (SELECT 1 FROM catalog_sourcerecord r WHERE r.id = h.record_id AND r.missed > 0)
"""
_DROP = "DELETE FROM catalog_holdingsrecord WHERE source_id = %s AND identifier = ANY(%s)"
_BEFORE = """
SELECT identifier, record_id FROM catalog_holdingsrecord
WHERE source_id = %s AND identifier = ANY(%s) AND record_id IS NOT NULL
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
    before = _titles_of(cursor, run, sent)
    rows = _keep(cursor, run, kept, now)
    if run.source.is_snapshot and kept:
        cursor.execute(_MET, [run.pk, run.source_id, [one.identifier for one in kept], run.pk])
    if gone:
        cursor.execute(_DROP, [run.source_id, gone])
    titles = [before[name] for name in (*gone, *(row[0] for row in rows)) if name in before]
    hosts = {host for _name, host, _is_new in rows} | hosts_concerned(cursor, run.source, written)
    here = join(cursor, run.source, hosts, now, titles)
    created = sum(is_new for *_which, is_new in rows)
    taken = len(rejects) - len(others)
    waiting = sum(host not in here for _name, host, _is_new in rows)
    return Linked(created, len(rows) - created, taken - len(rows), waiting, others)


def drop(run: Run, identifiers: Sequence[str]) -> set[str]:
    """These were announced as deleted, under what their server calls them; most are titles, and no affair of this.

    Returns those that were holdings records.
    """
    if not identifiers:
        return set()
    with transaction.atomic(), connection.cursor() as cursor:
        lock_catalogue(cursor)
        cursor.execute(_DROP + " RETURNING record_id, identifier", [run.source_id, list(identifiers)])
        dropped = cursor.fetchall()
        join(cursor, run.source, (), timezone.now(), {record for record, _name in dropped if record})
        return {name for _record, name in dropped}


def drop_missing(run: Run, lists: Sequence[Run]) -> int:
    """After complete lists: what none of them had goes, unless that is more than can be believed. Returns how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        lock_catalogue(cursor)
        args: list[Any] = [run.source_id, [one.pk for one in lists]]
        cursor.execute(
            f"SELECT count(*), count(*) FILTER (WHERE {_MISSING}) FROM catalog_holdingsrecord h WHERE h.source_id = %s",  # noqa: S608
            [*args, run.source_id],
        )
        stored, missing = cursor.fetchone()
        if not missing or missing > min(MOST_GONE, max(ALWAYS_BELIEVED, stored * PERCENT_GONE // 100)):
            return 0
        cursor.execute(f"DELETE FROM catalog_holdingsrecord h WHERE {_MISSING} RETURNING record_id", args)  # noqa: S608
        join(cursor, run.source, (), timezone.now(), {row[0] for row in cursor.fetchall() if row[0]})
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
    # What a server calls it is what it will say when it goes.
    return _Sent(reject.identifier or draft.identifier[:200], host, draft.deleted, reject) if host else None


def _titles_of(cursor: Any, run: Run, sent: Sequence[_Sent]) -> dict[str, int]:
    """To which titles' records these are joined now, by their identifiers."""
    if not sent:
        return {}
    cursor.execute(_BEFORE, [run.source_id, [one.identifier for one in sent]])
    return dict(cursor.fetchall())


def _keep(cursor: Any, run: Run, sent: Sequence[_Sent], now: datetime) -> list[tuple[str, str, bool]]:
    """Identifier and host of each that is new or changed, and which of both."""
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
