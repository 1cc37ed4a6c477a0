"""Placing records anew among the editions that are there, with what is stored of them. Within a transaction that holds
the catalogue (`lock_catalogue`); called where a decision was taken back and those who came since have to look again.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.utils import timezone

from catalog.harvesting.database import new_ids, set_edition
from catalog.harvesting.decided import doubts_write
from catalog.matching import candidates, shadow
from catalog.matching.cluster import Incoming, assign
from catalog.matching.keys import match_keys
from catalog.models import SourceRecord
from catalog.services.editions import editions_rebuild, editions_redirect


def place_again(cursor: Any, numbers: Collection[int]) -> None:
    """As if these live records came in once more, unchanged. One that belongs nowhere gets an edition of its own."""
    rows = SourceRecord.objects.filter(pk__in=numbers, deleted_at=None).order_by("pk")
    page = [
        Incoming(number, features, match_keys(features), edition)
        for number, features, edition in rows.values_list("pk", "features", "edition")
    ]
    if not page:
        return
    now = timezone.now()
    result = assign(page, *candidates.load(cursor, page))
    fresh = sorted({e for e in result.editions.values() if e < 0}, reverse=True)
    number = dict(zip(fresh, new_ids(cursor, "catalog_edition", len(fresh)), strict=True))
    cursor.execute(shadow.NEW_EDITIONS, [now, now, list(number.values())])
    editions = {record: number.get(e, e) for record, e in result.editions.items()}
    set_edition(cursor, editions)
    editions_redirect(cursor, {old: number.get(new, new) for old, new in result.merged.items()})
    doubts_write(cursor, result.doubts, [incoming.record_id for incoming in page], now)
    editions_rebuild(cursor, {*editions.values(), *result.touched}, now=now)
