"""What search knows of an edition, and how it is read from the database: two statements for a whole batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import orjson
from django.db import connection

from catalog.choices import SHOWN_LIBRARIES, ItemStatus

BATCH = 2000
Holders = dict[int, dict[int, bool]]
_COLUMNS = (
    "pk", "title", "subtitle", "author", "publisher", "year", "language", "format", "display",
    "library_count", "created_at",
)  # fmt: skip
# Both look up one edition after the other, and OFFSET 0 forbids any other plan: a table that has just been filled has
# no statistics yet, and comparing each of its rows with each id of the batch costs more than all the rest.
_EDITIONS = """
SELECT e.* FROM unnest(%s::bigint[]) AS wanted(id) CROSS JOIN LATERAL (
    SELECT id, title, subtitle, author, publisher, year, language, format, display::text, library_count, created_at
    FROM catalog_edition WHERE id = wanted.id AND merged_into_id IS NULL AND record_count > 0 OFFSET 0
) AS e
"""
_HOLDERS = """
SELECT wanted.id, h.library_id, bool_or(h.here), array_agg(DISTINCT h.call_number)
FROM unnest(%s::bigint[]) AS wanted(id) CROSS JOIN LATERAL (
    SELECT library_id, coalesce(available_count > 0, status = %s) AS here, call_number
    FROM catalog_holding WHERE edition_id = wanted.id OFFSET 0
) AS h JOIN members_library l ON l.id = h.library_id
WHERE l.status = ANY(%s) GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class IndexDocument:
    """Plain values; how they become words and fields is the engine's affair."""

    edition_id: int
    title: str
    subtitle: str = ""
    part: str = ""  # number and name of the part
    variant_titles: Sequence[str] = ()
    authors: Sequence[str] = ()  # everybody named, the main entry first
    responsibility: str = ""
    publisher: str = ""
    subjects: Sequence[str] = ()
    series: Sequence[str] = ()
    numbers: Sequence[str] = ()  # ISBN as 13 and as 10 digits, ISSN and every other number, valid or not
    year: int | None = None
    language: str = ""
    languages: Sequence[str] = ()
    format: str = "book"
    library_ids: Sequence[int] = ()
    available_library_ids: Sequence[int] = ()
    library_count: int = 0
    rest: Sequence[str] = ()  # summary, contents, notes: found, but worth little
    added_at: int = 0  # seconds since 1970
    call_numbers: Sequence[str] = ()  # of all libraries, as they wrote them
    etexts: Sequence[str] = ()  # hosts that its links lead to, without "www."


def load_documents(edition_ids: Sequence[int]) -> Iterator[IndexDocument]:
    """The documents of those editions that should be found: not merged away, and with a record left."""
    for start in range(0, len(edition_ids), BATCH):
        yield from _load(edition_ids[start : start + BATCH])


def _load(ids: Sequence[int]) -> Iterator[IndexDocument]:
    holders: Holders = defaultdict(dict)
    call_numbers: dict[int, set[str]] = defaultdict(set)
    for edition, library, here, marks in _holdings(ids):
        holders[edition][library] = here
        call_numbers[edition].update(filter(None, marks))
    with connection.cursor() as cursor:
        cursor.execute(_EDITIONS, [list(ids)])
        rows = cursor.fetchall()
    for row in rows:
        values = dict(zip(_COLUMNS, row, strict=True))
        values["display"] = orjson.loads(values["display"])
        yield to_document(values, holders.get(values["pk"], {}), sorted(call_numbers.get(values["pk"], ())))


def holders_of(ids: Sequence[int]) -> Holders:
    """Edition -> library -> is a copy on the shelf?"""
    found: Holders = defaultdict(dict)
    for edition, library, here, _marks in _holdings(ids):
        found[edition][library] = here
    return found


def _holdings(ids: Sequence[int]) -> list[tuple[int, int, bool, list[str]]]:
    with connection.cursor() as cursor:
        shown = [str(status) for status in SHOWN_LIBRARIES]
        cursor.execute(_HOLDERS, [list(ids), ItemStatus.AVAILABLE, shown])
        return list(cursor.fetchall())


def to_document(
    edition: dict[str, Any], holders: dict[int, bool], call_numbers: Sequence[str] = ()
) -> IndexDocument:
    """`edition` has the columns of Edition; `display` in it the merged description (BibDraft as JSON)."""
    display: dict[str, Any] = edition["display"] or {}
    names = [c["name"] for c in display.get("contributors", []) if c.get("name")]
    added: datetime = edition["created_at"]
    return IndexDocument(
        edition_id=edition["pk"],
        title=edition["title"],
        subtitle=edition["subtitle"],
        part=" ".join(filter(None, (display.get("part_number", ""), display.get("part_name", "")))),
        variant_titles=[*display.get("variant_titles", []), *display.get("original_script", [])],
        authors=names or ([edition["author"]] if edition["author"] else []),
        responsibility=display.get("responsibility", ""),
        publisher=edition["publisher"],
        subjects=display.get("subjects", []),
        series=display.get("series", []),
        numbers=_numbers(display.get("identifiers", [])),
        year=edition["year"],
        language=edition["language"],
        languages=display.get("languages", []) or ([edition["language"]] if edition["language"] else []),
        format=edition["format"],
        library_ids=sorted(holders),
        available_library_ids=sorted(library for library, here in holders.items() if here),
        library_count=len(holders) or edition["library_count"],
        rest=[
            text
            for text in (
                display.get("summary", ""), display.get("contents", ""), *display.get("notes", []),
                display.get("place", ""), display.get("edition_statement", ""),
                *display.get("classification", []),
            )
            if text
        ],
        added_at=int(added.timestamp()),
        call_numbers=call_numbers,
        etexts=_hosts(display.get("links", ())),
    )  # fmt: skip


def _hosts(links: Iterable[str]) -> list[str]:
    """Where links to a text lead: "https://www.archive.org/x" as "archive.org"."""
    found: list[str] = []
    for link in links:
        if not link.lower().startswith(("https://", "http://")):
            continue
        try:
            host = (urlsplit(link).hostname or "").removeprefix("www.")
        except ValueError:  # "http://[" is no address
            continue
        found.append("doi.org" if host == "dx.doi.org" else host)
    return list(dict.fromkeys(filter(None, found)))


def _numbers(identifiers: Iterable[dict[str, Any]]) -> list[str]:
    found: list[str] = []
    for identifier in identifiers:
        value = identifier.get("value", "")
        found.append(value)
        if identifier.get("scheme") == "isbn" and identifier.get("valid", True):
            found.append(isbn10_of(value))
    return [value for value in dict.fromkeys(found) if value]


def isbn10_of(isbn13: str) -> str:
    """The ten-digit form of a valid ISBN; "" for those of 979, which have none."""
    if len(isbn13) != 13 or not isbn13.isdecimal() or not isbn13.startswith("978"):
        return ""
    check = sum(place * int(digit) for place, digit in enumerate(isbn13[3:12], 1)) % 11
    return isbn13[3:12] + ("X" if check == 10 else str(check))
