"""Reading what agents did: for the page of a source, the agent itself and the health of sources."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet
from django.http import Http404

from catalog.choices import RunKind
from catalog.models import Item, PushSession, Run, Source, SourceKey


def keys_of(source: Source) -> QuerySet[SourceKey]:
    """In use first, the newest first."""
    return source.keys.order_by("revoked_at", "-id")


def access_key(source: Source, pk: int) -> SourceKey:
    """Raises Http404."""
    key = SourceKey.objects.select_related("source__library").filter(source=source, pk=pk).first()
    if key is None:
        raise Http404
    return key


def last_contact(source: Source) -> datetime | None:
    """When an agent was last heard of, whatever it wanted."""
    found: datetime | None = source.keys.aggregate(at=Max("last_used_at"))["at"]
    return found


def last_push(source: Source) -> Run | None:
    return Run.objects.filter(source=source, kind=RunKind.PUSH).order_by("-id").first()


def last_session(source: Source) -> PushSession | None:
    return PushSession.objects.filter(source=source).order_by("-heard_at").first()


def item_counts(source: Source) -> dict[str, int]:
    """`waiting`: copies whose record has not come yet."""
    items = Item.objects.filter(source=source)
    return items.aggregate(stored=Count("pk"), waiting=Count("pk", filter=Q(record=None)))


def last_told(source: Source) -> datetime | None:
    """When copies were last told of."""
    found: datetime | None = Item.objects.filter(source=source).aggregate(at=Max("told_at"))["at"]
    return found
