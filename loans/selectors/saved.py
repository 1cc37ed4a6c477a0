"""Saved views of the queues and a library's message templates."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from loans.models import MessageTemplate, SavedView
from network_portal.core.actor import Actor


def saved_views_of(actor: Actor, queue: str) -> QuerySet[SavedView]:
    """The person's own views of a queue at the library they work for, and those shared there."""
    mine = Q(user_id=actor.user_id or 0) | Q(shared=True)
    return SavedView.objects.filter(mine, queue=queue, library_id=actor.library_id or 0).order_by(
        "shared", "position", "name"
    )


def own_saved_views(actor: Actor) -> QuerySet[SavedView]:
    """What the person may remove: their own, shared or not."""
    return SavedView.objects.filter(user_id=actor.user_id or 0, library_id=actor.library_id or 0)


def templates_of(actor: Actor) -> QuerySet[MessageTemplate]:
    """The library's own words, by occasion and language."""
    return MessageTemplate.objects.filter(library_id=actor.library_id or 0).order_by("event", "language")
