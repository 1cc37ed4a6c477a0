"""Reading the catalogue: editions, holdings, figures; sources and runs in the scope their name says."""

from __future__ import annotations

from catalog.selectors.editions import (
    NetworkFigures,
    edition_current,
    holdings_of,
    network_figures,
    newest_editions,
    payloads_of,
    records_of,
)
from catalog.selectors.sources import (
    access_run,
    access_source,
    libraries_for_sources,
    live_run_of,
    rejects_of,
    runs_of,
    runs_visible_to,
    sources_visible_to,
)

__all__ = [
    "NetworkFigures",
    "access_run",
    "access_source",
    "edition_current",
    "holdings_of",
    "libraries_for_sources",
    "live_run_of",
    "network_figures",
    "newest_editions",
    "payloads_of",
    "records_of",
    "rejects_of",
    "runs_of",
    "runs_visible_to",
    "sources_visible_to",
]
