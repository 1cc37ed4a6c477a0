"""Reading shared documents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.search import SearchRank
from django.db.models import F, Q, QuerySet

from members.knowledge.access import audiences_of, moderates, shares
from members.knowledge.words import query
from members.models import KnowledgeItem, KnowledgeVersion, Library, NetworkPage
from network_portal.core.actor import Actor

SORTS = {"new": ("-changed_at", "-pk"), "title": ("title", "pk"), "used": ("-downloads", "-pk")}


@dataclass(frozen=True)
class ItemQuery:
    """What the list is narrowed by; empty values narrow nothing."""

    words: str = ""
    kind: str = ""
    topic: str = ""
    language: str = ""
    library: str = ""
    sort: str = ""


def items_visible_to(actor: Actor) -> QuerySet[KnowledgeItem]:
    """By audience. What is hidden is seen by who runs the network, and by staff of the library it comes from."""
    rows = KnowledgeItem.objects.filter(audience__in=audiences_of(actor)).select_related("library", "by")
    if moderates(actor):
        return rows
    own = Q(library_id=actor.library_id or 0) if shares(actor) and actor.library_id else Q(pk=None)
    return rows.filter(Q(hidden_at=None) | own)


def items_found(actor: Actor, asked: ItemQuery) -> QuerySet[KnowledgeItem]:
    """In the order asked for; where words are looked for, what fits best first."""
    rows = items_visible_to(actor)
    for field, value in (
        ("kind", asked.kind), ("language", asked.language), ("library__short_code", asked.library.upper()),
    ):  # fmt: skip
        if value:
            rows = rows.filter(**{field: value})
    if asked.topic:
        rows = rows.filter(topics__contains=[asked.topic])
    words = query(asked.words)
    if words is None:
        return rows.order_by(*SORTS.get(asked.sort, SORTS["new"]))
    rows = rows.filter(search=words)
    if asked.sort in SORTS:
        return rows.order_by(*SORTS[asked.sort])
    return rows.annotate(rank=SearchRank(F("search"), words)).order_by("-rank", "-pk")


def items_of_library(actor: Actor, library: Library, limit: int = 5) -> QuerySet[KnowledgeItem]:
    return items_visible_to(actor).filter(library=library, hidden_at=None)[:limit]


def items_changeable_by(actor: Actor) -> QuerySet[KnowledgeItem]:
    """The own library's, or for who runs the network all."""
    rows = items_visible_to(actor)
    if moderates(actor):
        return rows
    return rows.filter(library_id=actor.library_id or 0, hidden_at=None) if shares(actor) else rows.none()


def versions_of(item: KnowledgeItem) -> list[KnowledgeVersion]:
    """The newest first."""
    return list(item.versions.select_related("by"))


def item_libraries(actor: Actor) -> QuerySet[Library]:
    """Those that have shared something that the actor may see."""
    return Library.objects.filter(pk__in=items_visible_to(actor).values("library_id")).order_by("name")


def stored_known(names: Iterable[str]) -> set[str]:
    """Which of these files a row still names."""
    asked = list(names)
    files = KnowledgeVersion.objects.filter(stored__in=asked).values_list("stored", flat=True)
    pictures = NetworkPage.objects.filter(picture__in=asked).values_list("picture", flat=True)
    return {*files, *pictures}
