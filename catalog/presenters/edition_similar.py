"""Titles like this one, for the foot of its page: not its own work once more, and not all by one author."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from catalog.models import Edition
from catalog.search.languages import language_tag
from catalog.search.similar import LOOKED_AT, SAME_AUTHOR, SHOWN, similar_editions
from catalog.selectors.similar import editions_in_order


@dataclass(frozen=True)
class Like:
    edition_id: int
    title: str
    author: str
    year: int | None
    language_tag: str
    url: str


def similar_to(edition: Edition) -> list[Like]:
    """One question to the index, kept for half a day, and one query."""
    ids = similar_editions(edition)[:LOOKED_AT]
    return [_like(other) for other in _chosen(edition, editions_in_order(ids) if ids else ())]


def _chosen(edition: Edition, others: Iterable[Edition]) -> list[Edition]:
    works, by = {_work(edition)}, Counter[str]()
    chosen: list[Edition] = []
    for other in others:
        author = other.author.casefold()
        if _work(other) in works or (author and by[author] >= SAME_AUTHOR):
            continue
        works.add(_work(other))
        by[author] += 1
        chosen.append(other)
        if len(chosen) == SHOWN:
            break
    return chosen


def _work(edition: Edition) -> tuple[object, ...]:
    """Which work it is: by its key, or where it has none by how it is called."""
    if edition.work_key is not None:
        return (edition.work_key,)
    return (edition.title.casefold(), edition.author.casefold())


def _like(edition: Edition) -> Like:
    return Like(
        edition.pk, edition.full_title, edition.author, edition.year, language_tag(edition.language),
        edition.get_absolute_url(),
    )  # fmt: skip
