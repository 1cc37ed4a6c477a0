"""What else somebody might read: titles that share subjects, authors and title words with one. For the record page."""

from __future__ import annotations

from django.core.cache import cache

from catalog.models import Edition
from catalog.search.answers import MOST_CLUES, Clues, SearchUnavailable
from catalog.search.engine import get_engine

SHOWN = 6
LOOKED_AT = 40  # of them those of the same work fall out
SAME_AUTHOR = 3  # so many at most: who wants all of an author follows the name
KEPT_SECONDS = 12 * 3600


def similar_editions(edition: Edition) -> list[int]:
    """Numbers of editions, the likeliest first; kept for half a day. None where there is no index to ask."""
    key = f"similar:{edition.pk}:{edition.changed_at.timestamp():.0f}"
    found: list[int] | None = cache.get(key)
    if found is None:
        try:
            found = get_engine().similar(clues_of(edition), limit=LOOKED_AT)
        except SearchUnavailable:
            return []
        cache.set(key, found, KEPT_SECONDS)
    return [pk for pk in found if pk != edition.pk]


def clues_of(edition: Edition) -> Clues:
    display = edition.display
    people = display.get("contributors") or ([{"name": edition.author}] if edition.author else [])
    # An illustrator or translator says little about what a book is like.
    names = [one["name"] for one in people if one.get("role", "author") in ("author", "editor", "corporate")]
    return Clues(tuple(display.get("subjects", ()))[:MOST_CLUES], tuple(names)[:MOST_CLUES], edition.title)
