"""Pairs of records that wait for a person, and what people decided: within the scope of whoever asks.

A librarian sees pairs in which the own library has a record; whoever manages the network sees all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.http import Http404

from catalog.matching.cluster import MAX_MEMBERS
from catalog.models import Edition, MatchAct, MatchDecision, MatchDoubt, SourceRecord
from members.permissions import Capability
from network_portal.core.actor import Actor
from network_portal.core.portions import in_portions

MOST_COUNTED = 1_000
_WAITING = """
FROM catalog_matchdoubt d
JOIN catalog_sourcerecord a ON a.id = d.one_id JOIN catalog_sourcerecord b ON b.id = d.other_id
JOIN catalog_source sa ON sa.id = a.source_id JOIN catalog_source sb ON sb.id = b.source_id
WHERE a.deleted_at IS NULL AND b.deleted_at IS NULL AND a.edition_id <> b.edition_id
AND NOT EXISTS (
    SELECT FROM catalog_matchdecision x JOIN catalog_sourcerecord m ON m.id = x.one_id
    JOIN catalog_sourcerecord n ON n.id = x.other_id
    WHERE x.is_active AND NOT x.is_same AND m.edition_id = a.edition_id AND n.edition_id = b.edition_id)
AND NOT EXISTS (
    SELECT FROM catalog_matchdecision x JOIN catalog_sourcerecord m ON m.id = x.other_id
    JOIN catalog_sourcerecord n ON n.id = x.one_id
    WHERE x.is_active AND NOT x.is_same AND m.edition_id = a.edition_id AND n.edition_id = b.edition_id)
"""


@dataclass(frozen=True)
class Asked:
    """Which pairs somebody wants to see: of a library (short code), for a reason, of a format; "" for all."""

    library: str = ""
    why: str = ""
    format: str = ""


@dataclass
class _Where:
    text: str
    values: list[Any] = field(default_factory=list)

    def also(self, condition: str, *values: Any) -> None:
        self.text += f" AND {condition}"
        self.values += values


def _waiting(actor: Actor, asked: Asked) -> _Where:
    where = _Where(_WAITING)
    if not actor.can(Capability.NETWORK_MANAGE):
        where.also("(sa.library_id = %s OR sb.library_id = %s)", actor.library_id, actor.library_id)
    if asked.library:
        code = "(SELECT id FROM members_library WHERE short_code = %s)"
        where.also(f"(sa.library_id = {code} OR sb.library_id = {code})", asked.library, asked.library)
    if asked.why:
        where.also("d.why = %s", "" if asked.why == "middling" else asked.why)
    if asked.format:
        where.also(
            "(a.features ->> 'format' = %s OR b.features ->> 'format' = %s)", asked.format, asked.format
        )
    return where


def pairs_left(actor: Actor, asked: Asked) -> int:
    """How many wait, counted up to MOST_COUNTED + 1."""
    where = _waiting(actor, asked)
    with connection.cursor() as cursor:
        counted = f"SELECT count(*) FROM (SELECT 1 {where.text} LIMIT %s) AS waiting"  # noqa: S608  our constants
        cursor.execute(counted, [*where.values, MOST_COUNTED + 1])
        return int(cursor.fetchone()[0])


def next_pair(actor: Actor, asked: Asked, after: MatchDoubt | None = None) -> MatchDoubt | None:
    """The likeliest pair, or the one after another; None where none is left."""
    where = _waiting(actor, asked)
    if after:
        where.also("(-d.score, d.id) > (%s, %s)", -after.score, after.pk)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT d.id {where.text} ORDER BY -d.score, d.id LIMIT 1", where.values)
        row = cursor.fetchone()
    return _doubts().get(pk=row[0]) if row else None


def _doubts() -> QuerySet[MatchDoubt]:
    sides = ("one", "other")
    parts = ("source__library", "edition")
    return MatchDoubt.objects.select_related(*(f"{side}__{part}" for side in sides for part in parts)).defer(
        *(f"{side}__raw" for side in sides)
    )


def access_pair(actor: Actor, pk: int) -> MatchDoubt:
    """A pair of the actor's scope, decided or not. Raises Http404."""
    found = _doubts().filter(pk=pk)
    if not actor.can(Capability.NETWORK_MANAGE):
        own = actor.library_id
        found = found.filter(Q(one__source__library=own) | Q(other__source__library=own))
    pair = found.filter(one__isnull=False, other__isnull=False).first()
    if pair is None or (actor.library_id is None and not actor.can(Capability.NETWORK_MANAGE)):
        raise Http404
    return pair


def access_edition(actor: Actor, edition: Edition) -> Edition:
    """The edition, where the actor may join and part it: with a record of the own library. Raises Http404."""
    if not may_correct(actor, edition):
        raise Http404
    return edition


def hubs(limit: int = 20) -> list[Edition]:
    """Editions of more records than a newcomer is compared with, the largest first: wrong numbers gather there."""
    return list(Edition.objects.filter(record_count__gt=MAX_MEMBERS).order_by("-record_count", "pk")[:limit])


def may_correct(actor: Actor, edition: Edition) -> bool:
    if not actor.can(Capability.RECORD_MATCH):
        return False
    records = SourceRecord.objects.filter(edition=edition, deleted_at=None)
    if actor.can(Capability.NETWORK_MANAGE):
        return records.exists()
    return actor.library_id is not None and records.filter(source__library=actor.library_id).exists()


def acts_of(actor: Actor) -> QuerySet[MatchAct]:
    """Decisions, the latest first: those of the own library's people and about its records, or all."""
    acts = MatchAct.objects.select_related("by", "by_library", "undone_by").annotate(
        records=Count("pairs") + 1
    )
    if not actor.can(Capability.NETWORK_MANAGE):
        own = actor.library_id
        about = Q(pairs__one_source__library=own) | Q(pairs__other_source__library=own)
        acts = acts.filter(pk__in=MatchAct.objects.filter(about | Q(by_library=own)).values("pk"))
    return acts.order_by("-at", "-pk")


def decisions_about(edition: Edition, limit: int = 100) -> list[MatchDecision]:
    """What is in force about the edition's records, the latest first: pairs put together and pairs kept apart."""
    records = SourceRecord.objects.filter(edition=edition, deleted_at=None).values("pk")
    pairs = MatchDecision.objects.filter(Q(one__in=records) | Q(other__in=records), is_active=True)
    return list(pairs.select_related("act__by", "act__by_library").order_by("-act", "pk")[:limit])


def access_act(actor: Actor, pk: int) -> MatchAct:
    """A decision of the actor's scope. Raises Http404."""
    act = (
        acts_of(actor).filter(pk=pk).first()
        if actor.library_id or actor.can(Capability.NETWORK_MANAGE)
        else None
    )
    if act is None:
        raise Http404
    return act


def acts_with_records(
    acts: Iterable[MatchAct],
) -> Iterator[tuple[MatchAct, SourceRecord | None, SourceRecord | None]]:
    """Each with one of its pairs."""
    for portion in in_portions(acts):
        records = first_records(portion)
        for act in portion:
            yield (act, *records.get(act.pk, (None, None)))


def first_records(acts: list[MatchAct]) -> dict[int, tuple[SourceRecord | None, SourceRecord | None]]:
    """One pair of each decision, for the list: {act: (record, record)}; None for a record that left for good."""
    pairs: dict[int, tuple[int, int]] = {}
    rows = MatchAct.objects.filter(pk__in=[act.pk for act in acts]).values_list(
        "pk", "pairs__one", "pairs__other"
    )
    for act, one, other in rows.order_by("pairs__pk"):
        if one is not None:
            pairs.setdefault(act, (one, other))
    wanted = {number for pair in pairs.values() for number in pair}
    records = (
        SourceRecord.objects.select_related("source__library", "edition")
        .defer("raw", "draft")
        .in_bulk(wanted)
    )
    return {act: (records.get(one), records.get(other)) for act, (one, other) in pairs.items()}
