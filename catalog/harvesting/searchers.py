"""Which code looks single records up, by the kind of the source. Called by services/copying.py in a worker."""

from __future__ import annotations

from collections.abc import Callable

from catalog.choices import SourceKind
from catalog.harvesting.lookup import MOST_BYTES, Asked, Found
from catalog.harvesting.sru.search import search as search_sru
from catalog.harvesting.z3950.search import search as search_z3950
from catalog.models import Source

SEARCHERS: dict[str, Callable[[Source, Asked], Found]] = {
    SourceKind.SRU: search_sru,
    SourceKind.Z3950: search_z3950,
}


def look_up(source: Source, asked: Asked) -> Found:
    """The beginning of what the source finds. Raises LookupFailed."""
    found = SEARCHERS[source.kind](source, asked)
    fits = [hit for hit in found.hits if len(hit.payload) <= MOST_BYTES]
    return Found(found.count, fits, found.lost + len(found.hits) - len(fits))
