"""What the readers yield: one record as plain tuples, or the refusal of one. Everything in this package uses it."""

from __future__ import annotations

from dataclasses import dataclass, field

from .errors import REASONS

Subfields = tuple[tuple[str, str], ...]
ControlField = tuple[str, str]  # tag, data
DataField = tuple[str, str, str, Subfields]  # tag, first and second indicator, ((code, value), ...)
Field = ControlField | DataField  # told apart by their length

MAX_RECORD = 1_000_000  # bytes of one binary record
MAX_XML_RECORD = 4_000_000  # XML says the same in about three times the bytes
SNIPPET = 300


@dataclass(slots=True)
class RawRecord:
    """One record as received. `warnings` are codes of what had to be repaired to read it."""

    position: int  # the first record of a file is 1
    offset: int  # byte offset in the unpacked file
    payload: bytes  # ISO 2709 without its terminator, or the XML element in UTF-8
    format: str  # "iso2709" or "marcxml"
    leader: str  # 24 characters
    fields: list[Field]
    warnings: list[str] = field(default_factory=list)
    unread: bool = False  # only leader and 001 are known yet; parse_payload reads the rest


@dataclass(slots=True)
class Rejected:
    """One record that could not be read, for the list a librarian looks at."""

    position: int
    offset: int
    reason_code: str
    reason: str  # English, marked for translation in errors.REASONS
    snippet: bytes
    payload: bytes = b""  # the whole of it, to be tried again
    format: str = ""  # none: not even its end is sure, so it is never read by itself

    @classmethod
    def because(cls, code: str, position: int, offset: int, payload: bytes) -> Rejected:
        return cls(position, offset, code, REASONS[code], bytes(payload[:SNIPPET]), bytes(payload))
