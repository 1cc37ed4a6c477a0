"""One search in an SRU server for a librarian who wants to copy a record. Called by harvesting/searchers.py."""

from __future__ import annotations

from functools import partial

from catalog.harvesting.lookup import MOST_HITS, SECONDS, Asked, Found, Hit, LookupFailed
from catalog.harvesting.oai.http import WITH_BODY, Answer
from catalog.harvesting.sru import cql
from catalog.harvesting.sru.client import SruClient
from catalog.harvesting.sru.explained import source_explained
from catalog.harvesting.sru.options import SruOptions
from catalog.harvesting.sru.plan import AUTHORS, ISBNS, TITLES, find_index, schema_of, version_of
from catalog.harvesting.sru.types import Explain, Index, SruError
from catalog.models import Source
from network_portal.core import http

ATTEMPTS = 1  # somebody is waiting
MOST_BYTES = 16 * 1024**2


def search(source: Source, asked: Asked, *, seconds: float = SECONDS) -> Found:
    """The first records of what was found. Raises LookupFailed."""
    options = SruOptions.from_json(source.options)
    try:
        client = SruClient(
            source.url, version=options.version, attempts=ATTEMPTS,
            fetch=partial(_fetch, seconds=int(seconds)),
        )  # fmt: skip
        explained = source_explained(source, client)
        client.version = version_of(explained, options)
        page = client.search(
            question(asked, explained), start=1, size=MOST_HITS, schema=schema_of(explained, options)
        )
    except SruError as error:
        if error.code == "past_the_end":
            return Found(0)
        raise LookupFailed(error.code, error.message, error.detail) from None
    hits = [Hit(record.payload) for record in page.records[:MOST_HITS]]
    return Found(page.count if page.count is not None else len(hits), hits, len(page.rejects))


def question(asked: Asked, explained: Explain) -> str:
    """In CQL, by the indexes that the server names; by the usual ones where it names none."""
    parts = []
    if numbers := asked.isbns:
        index = find_index(explained, ISBNS) or Index("bath.isbn")
        parts.append(cql.any_of(f"{index.name} = {cql.term(number)}" for number in numbers))
    for words, usual, text in ((TITLES, "dc.title", asked.title), (AUTHORS, "dc.creator", asked.author)):
        if text:
            index = find_index(explained, words) or Index(usual)
            relation = "all" if not index.relations or "all" in index.relations else "="
            parts.append(f"{index.name} {relation} {cql.term(text)}")
    return parts[0] if len(parts) == 1 else " and ".join(f"({part})" for part in parts)


def _fetch(url: str, *, seconds: int) -> Answer:
    """Without the lock that keeps harvests of one host apart: nobody should wait behind one for a single record."""
    try:
        got = http.get(url, max_bytes=MOST_BYTES, timeout=seconds, statuses=WITH_BODY)
    except http.FetchError as error:
        if error.status:
            return Answer(error.status, b"", error.headers)
        raise
    return Answer(got.status, got.body, got.headers)
