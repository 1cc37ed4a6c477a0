"""Reading who knows what. Staff of member libraries alone see it."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.postgres.search import SearchRank
from django.db.models import F, QuerySet

from members.knowledge.access import shares
from members.knowledge.selectors.questions import staff_now
from members.knowledge.words import query
from members.models import Expert
from network_portal.core.actor import Actor

# What may be asked; else the best for the words, or by name.
ORDERS = {"name": ("user__name", "pk"), "library": ("library__name", "user__name", "pk"), "new": ("-pk",)}


@dataclass(frozen=True)
class ExpertQuery:
    words: str = ""
    topic: str = ""
    language: str = ""
    offer: str = ""
    sort: str = ""


def experts_visible_to(actor: Actor) -> QuerySet[Expert]:
    """Who still works for a library: who has left is not shown, even before the row is gone."""
    if not shares(actor):
        return Expert.objects.none()
    return Expert.objects.filter(user__in=staff_now()).select_related("user", "library")


def experts_found(actor: Actor, asked: ExpertQuery) -> QuerySet[Expert]:
    rows = experts_visible_to(actor)
    for field, value in (("topics", asked.topic), ("languages", asked.language), ("offers", asked.offer)):
        if value:
            rows = rows.filter(**{f"{field}__contains": [value]})
    words = query(asked.words)
    if words is not None:
        rows = rows.filter(search=words).annotate(rank=SearchRank(F("search"), words))
    usual = ("user__name", "pk") if words is None else ("-rank", "pk")
    return rows.order_by(*ORDERS.get(asked.sort, usual))


def expert_of(actor: Actor) -> Expert | None:
    return Expert.objects.filter(user_id=actor.user_id or 0).first()
