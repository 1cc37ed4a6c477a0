"""The set-based statements behind streams.py; each works within its caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.utils import timezone

from catalog.choices import StreamState
from catalog.harvesting.database import set_edition
from catalog.harvesting.tables import source_folder
from catalog.models import Run, Source, Stream, StreamRecord
from catalog.services.editions import editions_rebuild, editions_redirect

# `r`: the live record that a stream's row `s` is about.
_LIVE = """
catalog_streamrecord s LEFT JOIN catalog_sourcerecord r
ON r.source_id = %(source)s AND r.record_type = 'bib' AND r.identifier = s.identifier AND r.deleted_at IS NULL
"""
_COUNT = f"""
SELECT count(*) FILTER (WHERE s.raw IS NOT NULL AND r.id IS NULL),
       count(*) FILTER (WHERE s.raw IS NOT NULL AND r.id IS NOT NULL),
       count(*) FILTER (WHERE s.raw IS NULL),
       (SELECT count(*) FROM catalog_sourcerecord WHERE source_id = %(source)s AND deleted_at IS NULL)
FROM {_LIVE} WHERE s.stream_id = %(stream)s
"""  # noqa: S608  constants
_IDLE = f"""
DELETE FROM catalog_streamrecord WHERE id IN (
    SELECT s.id FROM {_LIVE} WHERE s.stream_id = %(stream)s
    AND (s.raw IS NULL AND r.id IS NULL OR r.content_hash = s.content_hash)
)
"""  # noqa: S608  constants
_MISSING = """
INSERT INTO catalog_streamrecord (stream_id, identifier, raw_format)
SELECT %s, r.identifier, '' FROM catalog_sourcerecord r
WHERE r.source_id = %s AND r.record_type = 'bib' AND r.deleted_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM catalog_seenrecord s WHERE s.run_id = %s AND s.record_id = r.id)
ON CONFLICT DO NOTHING
"""
_WAY_BACK = """
INSERT INTO catalog_streamrecord (stream_id, identifier, raw, raw_format, content_hash, edition_id)
SELECT %s, n.identifier, r.raw, coalesce(r.raw_format, ''), r.content_hash,
       (SELECT coalesce(e.merged_into_id, e.id) FROM catalog_edition e WHERE e.id = r.edition_id)
FROM unnest(%s::text[]) AS n(identifier)
LEFT JOIN catalog_sourcerecord r ON r.source_id = %s AND r.record_type = 'bib' AND r.identifier = n.identifier
    AND r.deleted_at IS NULL
ON CONFLICT DO NOTHING
"""
# Editions that this run has made, and where their records stood before: all of them in the same place, now empty.
_HOMES = """
SELECT r.edition_id, min(h.edition), array_agg(r.id)
FROM catalog_sourcerecord r
JOIN catalog_edition e ON e.id = r.edition_id AND e.created_at >= %(began)s
LEFT JOIN unnest(%(names)s::text[], %(homes)s::bigint[]) AS h(identifier, edition)
    ON r.source_id = %(source)s AND h.identifier = r.identifier
WHERE r.deleted_at IS NULL AND r.edition_id IN (
    SELECT edition_id FROM catalog_sourcerecord
    WHERE source_id = %(source)s AND record_type = 'bib' AND identifier = ANY(%(names)s)
)
GROUP BY r.edition_id
HAVING count(DISTINCT h.edition) = 1 AND min(h.edition) <> r.edition_id AND NOT EXISTS (
    SELECT 1 FROM catalog_sourcerecord x WHERE x.edition_id = min(h.edition) AND x.deleted_at IS NULL
)
"""


def note_missing(cursor: Any, stream: Stream, run: Run) -> None:
    """Records in use that the run has not met in the stream's file would go."""
    cursor.execute(_MISSING, [stream.pk, stream.source_id, run.pk])


def keep_way_back(cursor: Any, back: Stream, identifiers: Sequence[str]) -> None:
    """What these records are now, or that they are not there; what is kept already is older and stays."""
    cursor.execute(_WAY_BACK, [back.pk, sorted(set(identifiers)), back.source_id])


def recount(cursor: Any, stream: Stream) -> None:
    """Hold the stream against the records in use: rows that would change nothing go, and it is counted anew."""
    names = {"source": stream.source_id, "stream": stream.pk}
    cursor.execute(_IDLE, names)
    cursor.execute(_COUNT, names)
    added, changed, gone, live = cursor.fetchone()
    newest = Run.objects.filter(source=stream.source_id).order_by("-pk").first()
    Stream.objects.filter(pk=stream.pk).update(
        added=added, changed=changed, gone=gone, unchanged=live - changed - gone, run=newest
    )
    stream.refresh_from_db()


def keep_as_previous(cursor: Any, back: Stream, *, unfinished: Stream | None = None) -> None:
    """Of the ways back only the last one stays; and one that was stopped half-way, to be gone on with."""
    ways = Stream.objects.filter(source=back.source_id, state=StreamState.PREVIOUS)
    for older in ways.exclude(pk__in=[back.pk, unfinished.pk if unfinished else 0]):
        drop_stream(older)
    recount(cursor, back)
    Stream.objects.filter(pk=back.pk).update(state=StreamState.PREVIOUS, switched_at=timezone.now())


def lead_home(cursor: Any, run: Run, homes: dict[str, int]) -> None:
    """Records that come back alone return to the edition they had, so that requests for it mean the same book again.

    Matching finds no partner for them and makes a new edition each; that one becomes the old one.
    """
    if not homes:
        return
    names = {
        "began": run.started_at,
        "source": run.source_id,
        "names": list(homes),
        "homes": list(homes.values()),
    }
    cursor.execute(_HOMES, names)
    found = cursor.fetchall()
    # Two new editions can't both become the same old one.
    back = {home: (fresh, records) for fresh, home, records in found}
    if not back:
        return
    set_edition(cursor, {record: home for home, (_, records) in back.items() for record in records})
    cursor.execute("UPDATE catalog_edition SET merged_into_id = NULL WHERE id = ANY(%s)", [list(back)])
    editions_redirect(cursor, {fresh: home for home, (fresh, _) in back.items()})
    editions_rebuild(cursor, {*back, *(fresh for fresh, _ in back.values())}, now=timezone.now())


def drop_stream(stream: Stream) -> None:
    """Its row stays, as a trace; its records and its file go."""
    StreamRecord.objects.filter(stream=stream)._raw_delete("default")
    Stream.objects.filter(pk=stream.pk).update(state=StreamState.DROPPED)
    for path in stream_folder(stream.source).glob(f"{stream.pk}-*"):
        with suppress(OSError):
            path.unlink(missing_ok=True)


def stream_folder(source: Source) -> Path:
    """Where a source's files wait for their switch; each one's name begins with its stream's number."""
    return source_folder(source) / "beside"
