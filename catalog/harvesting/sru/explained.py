"""What a source's server explained of itself, asked and kept in Source.server. Used by reader.py and search.py."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from catalog.harvesting.sru.client import SruClient
from catalog.harvesting.sru.types import Explain, SruError
from catalog.models import Source

GOOD_FOR = timedelta(days=7)
# Answers of a server that speaks SRU, or might, but explains nothing.
SILENT = frozenset({"not_sru", "http_status", "bad_operation", "bad_version", "server_error", "unreadable"})


def source_explain(source: Source, client: SruClient) -> Explain:
    """Ask the server what it can do, and keep it. Raises SruError.

    A server that answers but does not explain itself is asked for its records all the same.
    """
    found = Explain()
    kept: dict[str, Any] = {"url": source.url, "found_at": timezone.now().isoformat()}
    try:
        found = client.explain()
    except SruError as error:
        if error.code not in SILENT:
            raise
        kept["silent"] = error.code
    source.server = {**found.as_json(), **kept}
    source.save(update_fields=["server"])
    return found


def source_explained(source: Source, client: SruClient) -> Explain:
    """What is kept, if it is of this address and fresh enough; else asked. Raises SruError."""
    kept = source.server
    fresh = kept.get("url") == source.url and timezone.now() - _at(kept.get("found_at")) < GOOD_FOR
    return Explain.from_json(kept) if fresh else source_explain(source, client)


def _at(text: Any) -> datetime:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return timezone.now() - 2 * GOOD_FOR
