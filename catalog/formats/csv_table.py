"""Any table of books as records: its rows by a librarian's mapping (csv_guess.py), as the reader's format "table".

A table says nothing about itself, so a run reads it with its mapping as a first line in front (`with_mapping`). Each
stored row carries the mapping too, and can be read again with another one (`remapped`).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from io import BytesIO
from itertools import islice
from typing import Any, BinaryIO

from . import identifiers
from .crosswalk import Fields, clean
from .csv_guess import Mapping
from .csv_rows import Row, read_rows, sniff
from .draft import BibDraft
from .errors import BadRecord, NotMarc
from .languages import language_codes
from .marc21 import to_draft as from_marc
from .marcxml import _utf8_blocks
from .reasons import REASONS
from .records import Field, RawRecord
from .streams import rejoined

MAGIC = b'{"table_of_books": '
MOST_COPIES = 100_000
_HEAD = 1 << 16
_MANY = re.compile(r"\s*[;|\n]\s*|>\s*<")
_NOTHING = frozenset(("-", "--", "NULL"))


def looks_like(start: bytes) -> bool:
    """Whether text that starts so has rows of two columns or more, most of them of the same number."""
    rows = list(islice(rows_of(BytesIO(start[: start.rfind(b"\n") + 1] or start)), 40))
    widths = Counter(len(row.cells) for row in rows)
    width, times = widths.most_common(1)[0] if widths else (0, 0)
    return width > 1 and len(rows) > 1 and times >= 0.7 * len(rows)


def rows_of(stream: BinaryIO) -> Iterator[Row]:
    """The rows of a table with whatever delimiter; `problem` says where one has too many or too few columns."""
    head = stream.read(_HEAD)
    return read_rows(rejoined(head, stream), sniff(head))


def with_mapping(stream: BinaryIO, mapping: Mapping) -> Iterator[bytes]:
    """The table in UTF-8 blocks behind a line with its mapping: what `split_stream` reads."""
    yield MAGIC + json.dumps(mapping.as_json()).encode() + b"}\n"
    yield from _utf8_blocks(stream)


def split_stream(stream: BinaryIO) -> Iterator[tuple[int, bytes, str]]:
    """Yields (offset, the row as a JSON object with a key of its own, problem code or "")."""
    head = stream.read(_HEAD)
    while b"\n" not in head and (more := stream.read(_HEAD)):
        head += more
    line, _, rest = head.partition(b"\n")
    mapping = _mapping_of(line)
    rest += stream.read(_HEAD)  # enough to tell the delimiter by
    start = len(line) + 1
    seen: dict[bytes, int] = {}
    labels, held = mapping.labels, _held(mapping)
    first = mapping.header
    for row in read_rows(rejoined(rest, stream), sniff(rest)):
        if first:
            first = False
        elif not any(row.cells):
            continue
        elif problem := _problem(row, mapping):
            yield start + row.offset, row.payload, problem
        else:
            yield start + row.offset, _stored(row.cells, labels, held, seen), ""


def _mapping_of(line: bytes) -> Mapping:
    """From the line that `with_mapping` writes. Somebody may send a file that only begins like it."""
    try:
        return Mapping.from_json(json.loads(line)["table_of_books"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise NotMarc("not_marc") from None


def _problem(row: Row, mapping: Mapping) -> str:
    """Cells that a spreadsheet left out at the end of a row are blank ones; blank ones too many mean nothing."""
    if row.problem != "row_columns":
        return row.problem
    return "row_columns" if any(row.cells[max(len(mapping.names), 1) :]) or len(row.cells) < 2 else ""


def parse_record(payload: bytes, fallback: str) -> tuple[str, list[Field], list[str]]:
    """Leader, MARC fields and warnings of one stored row. Raises BadRecord."""
    stored = _loaded(payload)
    warnings: list[str] = []
    told = _told(stored["row"], stored["as"], fallback, warnings)
    fields = Fields()
    fields.control("001", stored["id"])
    _describe(fields, told)
    return fields.leader, fields.fields, sorted(set(warnings))


def remapped(payload: bytes, columns: dict[str, object]) -> bytes:
    """A stored row with another mapping (Source.columns). As it was, where that is of a table with another header."""
    stored, mapping = _loaded(payload), Mapping.from_json(columns)
    if not mapping.columns or not set(stored["row"]) <= set(mapping.labels):
        return payload
    return _dumped({**stored, "as": _held(mapping)})


def cells_of(payload: bytes, mapping: Mapping) -> list[str]:
    """The cells of a stored row, in the order of the mapping's columns."""
    row = _loaded(payload)["row"]
    return [str(row.get(label, "")) for label in mapping.labels]


def to_draft(row: Sequence[str], mapping: Mapping, *, fallback_encoding: str = "cp1252") -> BibDraft:
    """The draft of one row. Without a title it has none: marc21.problem says so, as for any other record."""
    payload = _stored(row, mapping.labels, _held(mapping), {})
    leader, fields, warnings = parse_record(payload, fallback_encoding)
    return from_marc(RawRecord(0, 0, payload, "table", leader, fields, warnings))


def _held(mapping: Mapping) -> dict[str, str]:
    """What each column holds, by its label; in the order of the columns."""
    labels = mapping.labels
    return {labels[place]: column for place, column in sorted(mapping.columns.items()) if place < len(labels)}


def _stored(cells: Sequence[str], labels: list[str], held: dict[str, str], seen: dict[bytes, int]) -> bytes:
    """The row as kept. A second row with the same key is another copy, and is told apart by its number."""
    row = {label: cell for label, cell in zip(labels, cells, strict=False) if cell}
    told = _told(row, held, "", [])
    base = "".join(told.get("identifier", [])) or _key(told)
    mark = blake2b(base.encode("utf-8", "surrogateescape"), digest_size=8).digest()
    seen[mark] = times = seen.get(mark, 0) + 1
    return _dumped({"id": (base if times == 1 else f"{base[:180]}#{times}")[:200], "row": row, "as": held})


def _dumped(stored: dict[str, Any]) -> bytes:
    text = json.dumps(stored, ensure_ascii=False)
    try:
        return text.encode()
    except UnicodeEncodeError:  # bytes that are no UTF-8 are kept as they are, as lone surrogates
        return json.dumps(stored).encode()


def _loaded(payload: bytes) -> dict[str, Any]:
    try:
        stored = json.loads(payload)
    except ValueError:
        raise BadRecord("json_malformed", REASONS["json_malformed"]) from None
    if not isinstance(stored, dict) or not all(isinstance(stored.get(part), dict) for part in ("row", "as")):
        raise BadRecord("json_not_marc", REASONS["json_not_marc"])
    return {"id": str(stored.get("id", "")), "row": stored["row"], "as": stored["as"]}


def _told(
    row: dict[str, str], held: dict[str, str], fallback: str, warnings: list[str]
) -> dict[str, list[str]]:
    """What the row says, by what its columns hold. `fallback` "": as it is, characters not looked at."""
    told: dict[str, list[str]] = {}
    for label, column in held.items():
        cell = str(row.get(label, ""))
        cell = (_readable(cell, fallback, warnings) if fallback else cell).strip()
        if cell and cell not in _NOTHING:
            told.setdefault(str(column), []).append(cell)
    return told


def _readable(cell: str, fallback: str, warnings: list[str]) -> str:
    """Bytes that were no UTF-8 are read in the source's encoding."""
    try:
        cell.encode("utf-8")
    except UnicodeEncodeError:
        warnings.append("fallback_encoding")
        cell = cell.encode("utf-8", "surrogateescape").decode(fallback, "replace")
    return clean(cell, warnings)


def _key(told: dict[str, list[str]]) -> str:
    """Of a table without numbers of its own: the barcode, else what makes the book."""
    if codes := _split(told.get("barcode", [])):
        return f"row:{codes[0]}"[:200]
    said = [
        told.get(name, []) for name in ("title", "subtitle", "author", "isbn", "edition", "volume", "year")
    ]
    return "row:h:" + blake2b(repr(said).encode(), digest_size=9).hexdigest() if any(said) else ""


def _split(cells: list[str]) -> list[str]:
    return [part.strip(" <>") for cell in cells for part in _MANY.split(cell) if part.strip(" <>")]


def _describe(fields: Fields, told: dict[str, list[str]]) -> None:
    def one(name: str) -> str:
        return told.get(name, [""])[0]

    title = one("title")
    if one("subtitle") or one("volume"):
        fields.add("245", ("a", title), ("b", one("subtitle")), ("n", one("volume")), ind="00")
    else:
        fields.title(title)
    for number, name in enumerate(_split(told.get("author", []) + told.get("other_authors", []))):
        fields.name(name, main=not number)
    for name, tag in (("isbn", "020"), ("issn", "022")):
        for number_text in _split(told.get(name, [])):
            found = identifiers.isbns_of(number_text) if tag == "020" else []
            fields.add("022" if found and found[0].scheme == "issn" else tag, ("a", number_text))
    fields.publisher(one("publisher"), one("place"), one("year"))
    fields.add("250", ("a", one("edition")))
    extent = one("extent")
    fields.add("300", ("a", f"{extent} hlm." if extent.isdigit() else extent))
    for language in told.get("language", ()):
        for code in language_codes(language):
            fields.add("041", ("a", code))
    fields.add("490", ("a", one("series")))
    for subject in _split(told.get("subjects", [])):
        fields.subject(subject)
    fields.add("082", ("a", one("classification")))
    fields.kind(one("kind"))
    fields.add("520", ("a", one("summary")))
    for note in told.get("notes", ()):
        fields.add("500", ("a", note))
    fields.add("856", ("u", one("link")), ind="40")
    _copies(fields, told)


def _copies(fields: Fields, told: dict[str, list[str]]) -> None:
    """852, with the number of copies as a range of copy numbers ($t), where there are more than barcodes."""

    def one(name: str) -> str:
        return told.get(name, [""])[0]

    codes = [("p", code) for code in _split(told.get("barcode", []))]
    call = one("call_number") or (one("classification") if one("copies") else "")
    copies = min(int(one("copies")), MOST_COPIES) if re.fullmatch(r"[0-9]{1,9}", one("copies")) else 0
    several = [("t", f"1-{copies}")] if copies > max(1, len(codes)) else []
    fields.add("852", ("c", one("location")), ("h", call), *codes, *several)
