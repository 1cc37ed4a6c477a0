"""From what was typed to a title: its number, its ISBN, or a search that leaves a choice."""

from __future__ import annotations

from dataclasses import dataclass

from catalog.models import Edition
from catalog.search import search
from catalog.search.answers import SearchUnavailable
from catalog.search.query import SearchQuery
from catalog.selectors import edition_current
from loans.citation import Citation
from loans.intake.resolve import resolve

LONGEST_PAGE_NUMBER = 10  # shorter than any ISBN
MOST = 10


@dataclass(frozen=True)
class Found:
    """`edition` where it is clear, else `choice`, the best hits first; `down`: the search does not answer."""

    edition: Edition | None = None
    choice: tuple[Edition, ...] = ()
    down: bool = False


def title_found(typed: str) -> Found:
    plain = typed.replace("-", "").replace(" ", "")
    if plain.isdecimal() and len(plain) < LONGEST_PAGE_NUMBER:
        try:
            return Found(edition_current(int(plain)))
        except Edition.DoesNotExist:
            return Found()
    if edition := resolve(Citation.of({"isbn": plain})):
        return Found(edition)
    try:
        ids = list(search(SearchQuery(text=typed)).page.object_list)[:MOST]
    except SearchUnavailable:
        return Found(down=True)
    rows = Edition.objects.in_bulk(ids)
    return Found(choice=tuple(rows[pk] for pk in ids if pk in rows))
