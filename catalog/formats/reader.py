"""The door to this package for bytes: records out of a stream, each readable or rejected with its reason.

Called by the harvesting pipeline; `parse_payload` by whoever shows or normalises a stored record again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO

from . import csv_table, dublin_core, iso2709, iso5426, marc_json, marcxml, mods, slims
from .detect import detect
from .errors import BadRecord, NotMarc
from .reasons import REASONS
from .records import SNIPPET, Field, RawRecord, Rejected
from .streams import rejoined

Split = Callable[[BinaryIO], Iterator[tuple[int, bytes, str]]]  # offset, payload, problem code or ""
Parse = Callable[[bytes, str], tuple[str, list[Field], list[str]]]  # payload, fallback encoding


def _binary(payload: bytes, fallback: str) -> tuple[str, list[Field], list[str]]:
    """As iso2709 reads it; UNIMARC in ISO 5426, which looks like MARC-8, once more in its own character set."""
    leader, fields, warnings = iso2709.parse_record(payload, fallback)
    if leader[9] != "a" and not payload.isascii() and iso5426.is_used(payload, fields):
        fields = iso5426.fields_of(payload) or fields
        warnings = [warning for warning in warnings if warning != "fallback_encoding"]
    return leader, fields, warnings


# Every format ends as MARC fields, so that one mapping makes drafts of all and one view shows them.
FORMATS: dict[str, tuple[Split, Parse]] = {
    "iso2709": (iso2709.split_stream, _binary),
    "marcxml": (marcxml.split_stream, marcxml.parse_element),
    "oai_dc": (dublin_core.split_stream, dublin_core.parse_record),
    "mods": (mods.split_stream, mods.parse_record),
    "slims_csv": (slims.split_stream, slims.parse_record),
    "table": (csv_table.split_stream, csv_table.parse_record),
    "marcjson": (marc_json.split_stream, marc_json.parse_record),
}
HEAD = 64 * 1024
_HOLD_BACK = 200  # XML elements without MARC that are looked at before the file is said to be something else


# Leader/06 of what is no description of a publication: holdings and authorities.
_OTHER_KINDS = b"uvxyzqw"


def read_records(
    stream: BinaryIO, *, fallback_encoding: str = "cp1252", lazily: bool = False
) -> Iterator[RawRecord | Rejected]:
    """The records of a stream in one of FORMATS, told apart by content, in bounded memory.

    `lazily`: binary records may come `unread`, since of a file sent again most need no reading.

    Raises NotMarc(code) before yielding anything where the stream is something else.
    A record that cannot be read is yielded as Rejected, and the rest goes on.
    """
    head = _head(stream)
    kind = detect(head)
    whole = rejoined(head, stream)
    split, parse = FORMATS[kind]
    if lazily and kind == "iso2709":
        return _unread(split(whole), fallback_encoding)
    records = _read(split(whole), parse, kind, fallback_encoding)
    return _marcxml_only(records) if kind == "marcxml" else records


def _head(stream: BinaryIO) -> bytes:
    """Enough to tell the format by, also of a stream that gives little at a time (gzip in many members)."""
    head = b""
    while len(head) < HEAD and (block := stream.read(HEAD - len(head))):
        head += block
    return head


def parse_payload(payload: bytes, format: str, *, fallback_encoding: str = "cp1252") -> RawRecord:
    """A stored payload again as a record, position 0. Raises BadRecord."""
    _, parse = FORMATS[format]
    leader, fields, warnings = parse(payload, fallback_encoding)
    return RawRecord(0, 0, payload, format, leader, fields, warnings)


def _read(
    chunks: Iterator[tuple[int, bytes, str]], parse: Parse, kind: str, fallback: str
) -> Iterator[RawRecord | Rejected]:
    for position, (offset, payload, problem) in enumerate(chunks, 1):
        if problem:
            snippet = bytes(payload[:SNIPPET])
            yield Rejected(position, offset, problem, REASONS[problem], snippet, bytes(payload))
            continue
        try:
            leader, fields, warnings = parse(payload, fallback)
        except BadRecord as refusal:
            snippet = bytes(payload[:SNIPPET])
            yield Rejected(position, offset, refusal.code, refusal.message, snippet, bytes(payload), kind)
            continue
        yield RawRecord(position, offset, payload, kind, leader, fields, warnings)


def _unread(chunks: Iterator[tuple[int, bytes, str]], fallback: str) -> Iterator[RawRecord | Rejected]:
    for position, (offset, payload, problem) in enumerate(chunks, 1):
        number = iso2709.control_number(payload) if not problem else None
        if number and payload[6] not in _OTHER_KINDS:
            leader = payload[:24].decode("latin-1")
            yield RawRecord(position, offset, payload, "iso2709", leader, [("001", number)], unread=True)
            continue
        for record in _read(iter([(offset, payload, problem)]), _binary, "iso2709", fallback):
            record.position = position
            yield record


def _marcxml_only(records: Iterator[RawRecord | Rejected]) -> Iterator[RawRecord | Rejected]:
    """Holds refusals back until the first sign of MARC, so that other XML is refused as a whole."""
    held: list[Rejected] = []
    for record in records:
        if isinstance(record, RawRecord) or record.reason_code != "xml_not_marc":
            yield from held
            yield record
            break
        held.append(record)
        if len(held) >= _HOLD_BACK:
            raise NotMarc("xml_other")
    else:
        raise NotMarc("xml_other")
    yield from records
