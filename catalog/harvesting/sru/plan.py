"""What to ask a server, chosen from what it explains of itself and what its source's options say. Pure.

Called by reader.py (everything) and search.py (single records).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from catalog.harvesting.sru.options import VERSIONS, SruOptions
from catalog.harvesting.sru.types import Explain, Index, Schema

PAGE = 100
EVERYTHING = "cql.allRecords = 1"
# Formats we read, the fullest first; by what stands in a schema's name or identifier.
PREFERRED = (("marcxml", "marc21", "marc-xml"), ("mods",), ("dc", "dublin"))
# Indexes by what their name or title holds, the likeliest first.
IDENTIFIERS = ("rec.id", "rec.identifier", "mms_id", "recordidentifier", "local-number", ".id", "identifier")
TITLES = ("dc.title", "bath.title", ".title", "title", "judul")
AUTHORS = ("dc.creator", "bath.author", "dc.author", ".creator", ".author", "creator", "author", "pengarang")
ISBNS = ("bath.isbn", ".isbn", "isbn")
YEARS = (
    "dc.date",
    "bath.publicationdate",
    "main_pub_date",
    "publicationdate",
    ".date",
    ".year",
    "year",
    "tahun",
)


@dataclass(frozen=True)
class Plan:
    """What one run asks for; a resumed one asks for the same."""

    query: str
    version: str
    schema: str = ""
    size: int = PAGE
    sort_key: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def make_plan(explained: Explain, options: SruOptions, query: str) -> Plan:
    """The options where they say something, else the server's own word."""
    size = options.page_size or PAGE
    if explained.maximum_records:
        size = min(size, explained.maximum_records)
    return Plan(
        query, version_of(explained, options), schema_of(explained, options), max(1, size), options.sort_key
    )


def version_of(explained: Explain, options: SruOptions) -> str:
    return options.version or (explained.version if explained.version in VERSIONS else "1.1")


def schema_of(explained: Explain, options: SruOptions) -> str:
    """By its short name, where it has one; "" leaves the choice to a server that offers nothing we know."""
    if options.schema:
        return options.schema
    for words in PREFERRED:
        for schema in explained.schemas:
            if _speaks_of(schema, words):
                return schema.name or schema.identifier
    return ""


def everything(explained: Explain, options: SruOptions) -> list[str]:
    """Queries that may find all records, the likeliest first: CQL's own, then any value of an index that all have."""
    if options.query:
        return [options.query]
    known = [find_index(explained, words) for words in (IDENTIFIERS, TITLES)]
    return [EVERYTHING, *(f"{index.name} = *" for index in known if index), "*"]


def find_index(explained: Explain, words: Iterable[str]) -> Index | None:
    """The index that the likeliest of `words` speaks of: its very name, else its end, else part of name or title."""
    for word in words:
        for index in explained.indexes:
            name = index.name.lower()
            if name == word or (word.startswith(".") and name.endswith(word)):
                return index
    plain = [word for word in words if not word.startswith(".") and "." not in word]
    return next(
        (i for word in plain for i in explained.indexes if word in f"{i.name} {i.title}".lower()), None
    )


def _speaks_of(schema: Schema, words: Iterable[str]) -> bool:
    name, identifier = schema.name.lower(), schema.identifier.lower()
    return any(word in name or f"/{word}" in identifier for word in words)
