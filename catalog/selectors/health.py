"""How sources are doing: what the list of sources and a source's page judge by. Few queries, however many sources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import Max
from django.utils import timezone

from catalog.choices import SHOWN_LIBRARIES, RunKind, RunStatus
from catalog.models import DirtyEdition, Run, Source, SourceKey
from catalog.search.answers import SearchUnavailable
from catalog.search.engine import get_engine
from catalog.search.query import SearchQuery
from catalog.selectors.alarms import Health, alarms_of
from catalog.selectors.quality import qualities_of
from catalog.selectors.sources import sources_visible_to
from members.permissions import Capability
from network_portal.core.actor import Actor

RECENT = 30  # runs of which the trend is drawn
CARE_SECONDS = 300
# Runs in which something came from the source, rather than out of the portal's own store.
BRINGING = (RunKind.HARVEST, RunKind.PUSH, RunKind.ITEMS, RunKind.COPY)

_RECENT = """
SELECT recent.* FROM unnest(%s::bigint[]) AS s(id) CROSS JOIN LATERAL (
  SELECT id, source_id, kind, status, read, created, updated, deleted, rejected, deletes_held, message_code, message,
    queued_at, started_at, heartbeat_at, finished_at
  FROM catalog_run WHERE source_id = s.id ORDER BY id DESC LIMIT %s) AS recent
"""
_LATEST = """
SELECT s.id, came.finished_at, changed.finished_at FROM unnest(%(sources)s::bigint[]) AS s(id)
LEFT JOIN LATERAL (
  SELECT finished_at FROM catalog_run r
  WHERE r.source_id = s.id AND r.kind = ANY(%(kinds)s) AND r.status = ANY(%(good)s)
  ORDER BY r.id DESC LIMIT 1) came ON true
LEFT JOIN LATERAL (
  SELECT finished_at FROM catalog_run r
  WHERE r.source_id = s.id AND r.kind = ANY(%(kinds)s) AND r.finished_at IS NOT NULL
    AND (r.created > 0 OR r.updated > 0 OR r.deleted > 0) ORDER BY r.id DESC LIMIT 1) changed ON true
"""


@dataclass(frozen=True)
class Index:
    """What search shows: titles by library; and since when changes wait to be taken over, if any do."""

    shown: dict[int, int]
    waits_since: datetime | None = None
    available: bool = True


def healths_visible_to(actor: Actor) -> list[Health]:
    """The own library's sources; all of them for whoever runs the network. Worst first."""
    found = healths_of(list(sources_visible_to(actor)))
    return sorted(
        found, key=lambda h: (-max((a.weight for a in h.alarms), default=0), -len(h.alarms), str(h.source))
    )


def healths_of(sources: Sequence[Source]) -> list[Health]:
    ids = [source.pk for source in sources]
    recent: dict[int, list[Run]] = defaultdict(list)
    for run in Run.objects.raw(_RECENT, [ids, RECENT]):
        recent[run.source_id].append(run)
    latest, heard, qualities = _latest(ids), _heard(ids), qualities_of(ids)
    found = []
    for source in sources:
        pk = source.pk
        runs = sorted(recent[pk], key=lambda run: -run.pk)
        came_at, changed_at = latest.get(pk, (None, None))
        found.append(Health(source, runs, came_at, changed_at, heard.get(pk), qualities.get(pk)))
    _hold_against(found, index_now({source.library_id for source in sources}))
    for health in found:
        health.alarms = alarms_of(health, timezone.now())
    return found


def health_of(source: Source) -> Health:
    siblings = Source.objects.filter(library=source.library_id).select_related("library")
    return next(health for health in healths_of(list(siblings)) if health.source.pk == source.pk)


def care_count(actor: Actor) -> int:
    """How many of the actor's sources need somebody; at most five minutes old."""
    if not actor.can(Capability.SOURCE_VIEW):
        return 0
    scope = "all" if actor.can(Capability.NETWORK_MANAGE) else str(actor.library_id)
    count: int | None = cache.get(key := f"catalog.care.{scope}")
    if count is None:
        count = sum(health.needs_care for health in healths_visible_to(actor))
        cache.set(key, count, CARE_SECONDS)
    return count


def index_waits_since() -> datetime | None:
    """Since when the oldest change waits to be taken over into the index; None: it is up to date."""
    return DirtyEdition.objects.order_by("pk").values_list("marked_at", flat=True).first()


def index_now(library_ids: Iterable[int]) -> Index:
    """Asks search itself, not the tables it is made from."""
    waits_since = index_waits_since()
    try:
        engine = get_engine()
        shown = {pk: engine.count(SearchQuery(libraries=(str(pk),))) for pk in library_ids}
    except SearchUnavailable:
        return Index({}, waits_since, available=False)
    return Index(shown, waits_since)


def _hold_against(healths: Sequence[Health], index: Index) -> None:
    """Titles of each library against what search shows, where nothing changed since they were counted.

    Search knows libraries, not sources: where a library has several, all of them get the same two numbers.
    """
    by_library: dict[int, list[Health]] = defaultdict(list)
    for health in healths:
        by_library[health.source.library_id].append(health)
    for library, group in by_library.items():
        for health in group:
            health.siblings = len(group) - 1
        if group[0].source.library.status not in SHOWN_LIBRARIES:
            continue
        counted = max(
            (
                (h.quality.now.made_at, h.quality.now.titles)
                for h in group
                if h.quality and h.quality.now.made_at
            ),
            default=None,
        )
        changed = max((h.changed_at for h in group if h.changed_at), default=None)
        if counted is None or index.waits_since or (changed and changed > counted[0]):
            continue
        for health in group:
            health.titles, health.shown = counted[1], index.shown.get(library)


def _latest(ids: list[int]) -> dict[int, tuple[datetime | None, datetime | None]]:
    values: dict[str, Any] = {
        "sources": ids, "kinds": [str(kind) for kind in BRINGING],
        "good": [str(RunStatus.DONE), str(RunStatus.PARTIAL)],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_LATEST, values)
        return {row[0]: (row[1], row[2]) for row in cursor.fetchall()}


def _heard(ids: list[int]) -> dict[int, datetime | None]:
    keys = SourceKey.objects.filter(source__in=ids, revoked_at=None).order_by()
    return dict(keys.values_list("source_id").annotate(at=Max("last_used_at")))
