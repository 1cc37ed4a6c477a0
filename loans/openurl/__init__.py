"""OpenURL: a citation that another site hands over in an address. No database.

Version 1.0 as key/encoded-value pairs (ANSI/NISO Z39.88-2004) and version 0.1; descriptions as XML are not read.
"""

from __future__ import annotations

from loans.citation import Citation
from loans.openurl.map import to_citation
from loans.openurl.parse import OpenURLRefused, parse

__all__ = ["OpenURLRefused", "citation_from_openurl"]


def citation_from_openurl(query: str) -> Citation:
    """The citation in a raw query string. Raises OpenURLRefused with a sentence for the reader."""
    return to_citation(parse(query))
