"""Editions that may be one with another, as the matcher sees it now: for the page that says why records are one."""

from __future__ import annotations

from django.db import connection

from catalog.matching.candidates import load
from catalog.matching.cluster import Doubt, Incoming, doubts_about
from catalog.matching.keys import match_keys
from catalog.models import Edition, SourceRecord

MOST_RECORDS, MOST_EDITIONS = 10, 20


def doubts_of(edition: Edition) -> list[tuple[Edition, Doubt]]:
    """Other editions, the likeliest first, each with its best pair. Five queries however many there are."""
    records = SourceRecord.objects.filter(edition=edition, deleted_at=None).order_by("pk")[:MOST_RECORDS]
    page = [Incoming(record.pk, record.features, match_keys(record.features)) for record in records]
    if not page:
        return []
    with connection.cursor() as cursor:
        around = load(cursor, page)
    around.members.pop(edition.pk, None)
    best: dict[int, Doubt] = {}
    where = {member.record_id: number for number, group in around.members.items() for member in group}
    for doubt in sorted(doubts_about(page, *around), key=lambda one: -one.score):
        best.setdefault(where[doubt.other], doubt)
    numbers = list(best)[:MOST_EDITIONS]
    found = Edition.objects.in_bulk(numbers)
    return [(found[number], best[number]) for number in numbers if number in found]
