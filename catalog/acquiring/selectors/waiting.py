"""How much of buying and weeding waits for the own library: for the first page of its staff."""

from __future__ import annotations

from django.core.cache import cache

from catalog.acquiring.selectors.plans import overdue_count
from catalog.acquiring.selectors.weeding import decisions_waiting
from network_portal.core.actor import Actor

KEPT_SECONDS = 60


def acquiring_todo(actor: Actor) -> int:
    """Plans past their day, and offered copies to decide about; at most a minute old."""
    if actor.library_id is None:
        return 0
    key = f"catalog.acquiring.todo.{actor.library_id}"
    found: int | None = cache.get(key)
    if found is None:
        found = overdue_count(actor) + decisions_waiting(actor)
        cache.set(key, found, KEPT_SECONDS)
    return found
