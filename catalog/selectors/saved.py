"""Saved searches: one person's own, those whose mail is due, and what came in since."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Min, QuerySet

from catalog.models import DirtyEdition, Edition, SavedSearch
from network_portal.core.actor import Actor

LONGEST = timedelta(days=8)  # between two mails about one search
SETTLES = timedelta(minutes=15)  # longer than any page of a harvest takes from its clock to its commit


def saved_searches_of(actor: Actor) -> QuerySet[SavedSearch]:
    return SavedSearch.objects.filter(owner_id=actor.user_id)


def saved_searches_due(now: datetime, most: int) -> list[SavedSearch]:
    """With their owners; locked, without those that another worker holds."""
    due = SavedSearch.objects.filter(due_at__lte=now, owner__is_active=True).select_related("owner")
    return list(due.select_for_update(skip_locked=True, of=("self",)).order_by("due_at", "id")[:most])


def known_until(now: datetime) -> datetime:
    """All titles added till then can be found: what the index has still to learn is newer."""
    waiting = Edition.objects.filter(pk__in=DirtyEdition.objects.values("edition_id"), merged_into=None)
    oldest = waiting.filter(created_at__gt=now - LONGEST).aggregate(at=Min("created_at"))["at"]
    settled = now - SETTLES
    return min(settled, oldest - timedelta(microseconds=1)) if oldest else settled


def editions_in(pks: Iterable[int]) -> dict[int, Edition]:
    """Those that somebody holds still, by number."""
    return Edition.objects.filter(merged_into=None, library_count__gt=0).in_bulk(list(set(pks)))
