"""Descriptions to editions that somebody holds: by ISBN, else by title and author. Some queries for any number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Protocol

from django.db import connection

from catalog.acquiring.numbers import name_of, words_of
from catalog.browsing.extract import sort_key
from catalog.choices import SHOWN_LIBRARIES
from catalog.matching.keys import match_keys

PORTION = 5000
# Numbers are compared by the keys of matching, titles by the lines of the A–Z list; both have their indexes.
_BY_ISBN = """
SELECT v.key, r.edition_id FROM unnest(%s::bigint[]) AS v(key)
JOIN catalog_matchkey k ON k.key = v.key
JOIN catalog_sourcerecord r ON r.id = k.record_id AND r.deleted_at IS NULL AND r.edition_id IS NOT NULL
JOIN catalog_source s ON s.id = r.source_id JOIN members_library l ON l.id = s.library_id
WHERE l.status = ANY(%s) AND (%s::bigint IS NULL OR s.library_id = %s)
"""
_BY_TITLE = """
SELECT h.sort, e.id, e.author FROM catalog_heading h
JOIN catalog_headinguse u ON u.heading_id = h.id JOIN catalog_edition e ON e.id = u.edition_id
WHERE h.kind = 'title' AND h.sort = ANY(%s) AND e.merged_into_id IS NULL AND e.library_count > 0
  AND (%s::bigint IS NULL OR EXISTS (
    SELECT FROM catalog_holding o WHERE o.edition_id = e.id AND o.library_id = %s))
"""


class Described(Protocol):
    """Anything with a title, an author and an ISBN."""

    @property
    def title(self) -> str: ...
    @property
    def author(self) -> str: ...
    @property
    def isbn(self) -> str: ...


def isbn_key(isbn: str) -> int:
    return match_keys({"isbn": [isbn]})[0]


def editions_by_isbn(isbns: Iterable[str], library_id: int | None = None) -> dict[str, list[int]]:
    """By ISBN-13, the editions that shown libraries (or the one named) have records of."""
    keys = {isbn_key(isbn): isbn for isbn in isbns if isbn}
    found: dict[str, set[int]] = defaultdict(set)
    shown = [str(status) for status in SHOWN_LIBRARIES]
    wanted = list(keys)
    with connection.cursor() as cursor:
        for at in range(0, len(wanted), PORTION):
            cursor.execute(_BY_ISBN, [wanted[at : at + PORTION], shown, library_id, library_id])
            for key, edition in cursor.fetchall():
                found[keys[key]].add(edition)
    return {isbn: sorted(editions) for isbn, editions in found.items()}


def editions_found(asked: Sequence[Described], library_id: int | None = None) -> dict[int, int]:
    """By place in `asked`: an edition that is held (by the library named). The lowest id where several fit."""
    by_isbn = editions_by_isbn({one.isbn for one in asked}, library_id)
    found = {at: by_isbn[one.isbn][0] for at, one in enumerate(asked) if one.isbn in by_isbn}
    by_sort: dict[str, list[int]] = defaultdict(list)
    for at, one in enumerate(asked):
        if at not in found and words_of(one.title):
            by_sort[sort_key(one.title)].append(at)
    sorts = list(by_sort)
    with connection.cursor() as cursor:
        for start in range(0, len(sorts), PORTION):
            cursor.execute(_BY_TITLE, [sorts[start : start + PORTION], library_id, library_id])
            for sort, edition, author in cursor.fetchall():
                for at in by_sort[sort]:
                    name = name_of(asked[at].author)
                    if not name or name in words_of(author).split():
                        found[at] = min(edition, found.get(at, edition))
    return found
