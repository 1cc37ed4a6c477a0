"""What a source of kind SRU keeps in Source.options. Read by reader.py and search.py, filled in by the source form.

{"query": "", "schema": "", "version": "", "page_size": 0, "sort_key": "", "shared": false}: all may be left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

VERSIONS = ("1.1", "1.2", "2.0")
MOST_RECORDS = 1000  # of one page; servers give what they like below that


@dataclass(frozen=True)
class SruOptions:
    """Empty or 0: found out from the server's explain record."""

    query: str = ""  # CQL of what belongs to the source; empty: everything
    schema: str = ""  # recordSchema: short name or identifier
    version: str = ""  # one of VERSIONS
    page_size: int = 0  # maximumRecords
    sort_key: str = ""  # sortKeys of 1.1 and 2.0; in 1.2 what follows sortBy in CQL
    shared: bool = False  # other libraries of the network may look up and copy from it, too

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> SruOptions:
        """What is stored, unknown names and impossible values left out."""
        text = {
            name: str(values.get(name) or "").strip() for name in ("query", "schema", "version", "sort_key")
        }
        if text["version"] not in VERSIONS:
            text["version"] = ""
        size = values.get("page_size")
        size = min(size, MOST_RECORDS) if isinstance(size, int) and size > 0 else 0
        return cls(**text, page_size=size, shared=values.get("shared") is True)

    def as_json(self) -> dict[str, Any]:
        """Only what is set."""
        return {name: value for name, value in asdict(self).items() if value}
