"""Looking single records up in somebody else's catalogue: what is asked, what comes back, whatever the protocol.

Words of searchers.py, which chooses the protocol, and of the protocols' own search modules.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from stdnum import isbn as isbn_numbers

from catalog.choices import SourceKind
from network_portal.core.errors import PortalError

SEARCHABLE = (SourceKind.SRU, SourceKind.Z3950)
MOST_HITS = 20
MOST_BYTES = 1_000_000  # of one record: what was found waits in the cache
SECONDS = 30.0  # for the whole of one search


class LookupFailed(PortalError):
    """`code` for programs, `message` an English sentence translated where it is shown, `detail` the server's words."""

    def __init__(self, code: str, message: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.message, self.detail = code, message, detail[:300]


@dataclass(frozen=True)
class Asked:
    """What a librarian looks for; all that is filled in must match."""

    isbn: str = ""
    title: str = ""
    author: str = ""

    @property
    def isbns(self) -> list[str]:
        """As 13 and as 10 digits, since catalogues have one or the other; a number with a wrong digit as it is."""
        plain: str = isbn_numbers.compact(self.isbn)
        if not isbn_numbers.is_valid(plain):
            return [plain] if plain else []
        long: str = isbn_numbers.to_isbn13(plain)
        return [long, isbn_numbers.to_isbn10(long)] if long.startswith("978") else [long]


@dataclass(frozen=True)
class Hit:
    """One record as the server sent it; `format` as in formats.reader.FORMATS, "" for XML that tells by its root."""

    payload: bytes
    format: str = ""


@dataclass
class Found:
    count: int  # of the whole result
    hits: list[Hit] = field(default_factory=list)  # its beginning
    lost: int = 0  # records that the server did not give
