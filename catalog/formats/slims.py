"""SLiMS's export of titles, a CSV of 18 columns with or without a header, and its export of items.

Called by the reader, as "slims_csv"; `read_items` and `add_items` by whoever has the second file as well.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from io import BytesIO
from itertools import islice
from typing import BinaryIO

from . import identifiers
from .crosswalk import Fields, clean, is_call_number
from .csv_rows import Row, read_rows, sniff
from .draft import BibDraft, HoldingDraft
from .errors import BadRecord
from .item_status import status_of
from .languages import language_codes
from .reasons import REASONS
from .records import SNIPPET, Field, Rejected
from .streams import rejoined

COLUMNS = ("title", "gmd", "edition", "isbn_issn", "publisher", "year", "collation", "series", "call_number",
           "language", "place", "classification", "notes", "image", "responsibility", "authors", "topics",
           "items")  # fmt: skip
ITEM_COLUMNS = ("item_code", "call_number", "collection", "inventory_code", "received_date", "supplier", "order_no",
                "location", "order_date", "status", "site", "source", "invoice", "price", "price_currency",
                "invoice_date", "input_date", "last_update", "title")  # fmt: skip
_HEADER = re.compile(r"\b(?:title|judul|gmd|edition|edisi|isbn|issn|publisher|penerbit|year|tahun|series|seri|"
                     r"call|panggil|language|bahasa|place|tempat|classification|klasifikasi|notes|catatan|authors?|"
                     r"pengarang|penulis|topics?|subjek|subyek|items?|barcode|eksemplar)", re.I)  # fmt: skip
_ITEM_HEADER = {
    "item_code": "item_code", "kode eksemplar": "item_code", "barcode": "item_code", "call_number": "call_number",
    "no. panggil": "call_number", "nomor panggil": "call_number", "coll_type_name": "collection",
    "coll_type_id": "collection", "tipe koleksi": "collection", "location_name": "location", "lokasi": "location",
    "location_id": "location", "item_status_name": "status", "item_status_id": "status", "status": "status",
    "title": "title", "judul": "title", "biblio_id": "biblio_id", "inventory_code": "inventory_code",
}  # fmt: skip
_LISTED = re.compile(r"^<.*>$", re.S)
_DATE = re.compile(r"^\d{4}-\d\d-\d\d")
_LOST_BREAK = re.compile(r"(?<=[a-z.,)])(?:rn)+(?=[A-Z(])")  # a line break whose backslashes were stripped
_NOTHING = frozenset(("", "-", "--", "none", "null", "0", "0000", "\\n"))
_LONG_NOTE = 60
_NO_NAME = frozenset(("dkk", "dkk.", "et al", "et al.", "dll"))


def looks_like(start: bytes) -> bool:
    """Whether text that starts so is SLiMS's export of titles: 18 columns, the last three lists in angle brackets."""
    rows = [row.cells for row in _first_rows(start) if len(row.cells) == len(COLUMNS) and any(row.cells)]
    if not rows:
        return False
    told = [row for row in rows if not is_header(row)]
    lists = [row for row in told if all(not cell or _LISTED.match(cell) for cell in row[15:])]
    some = any(cell for row in lists for cell in row[15:])
    return (some and len(lists) >= 0.6 * len(told)) or (not told and is_header(rows[0]))


def looks_like_items(start: bytes) -> bool:
    """Whether it is SLiMS's export of items: a header that names them, or 19 columns with dates where they belong."""
    rows = [row.cells for row in _first_rows(start)]
    if not rows:
        return False
    if "item_code" in _item_columns(rows[0]) and len(rows[0]) > 8:
        return True
    dated = [
        row for row in rows if len(row) == len(ITEM_COLUMNS) and _DATE.match(row[16]) and _DATE.match(row[17])
    ]
    return len(dated) >= 0.6 * len(rows)


def _first_rows(start: bytes) -> list[Row]:
    whole = start[: start.rfind(b"\n") + 1] or start
    return list(islice(read_rows(BytesIO(whole), sniff(whole)), 50))


def is_header(cells: list[str]) -> bool:
    """Column names in Indonesian or English; no list in angle brackets."""
    named = sum(bool(_HEADER.search(cell)) for cell in cells)
    return named >= 6 and not any(_LISTED.match(cell) for cell in cells)


def split_stream(stream: BinaryIO) -> Iterator[tuple[int, bytes, str]]:
    """Yields (offset, the row as a JSON object with a key of its own, problem code or "")."""
    head = stream.read(1 << 16)
    rest = rejoined(head, stream)
    seen: dict[bytes, int] = {}
    first = True
    for row in read_rows(rest, sniff(head), len(COLUMNS)):
        if first and is_header(row.cells):
            first = False
            continue
        first = False
        if row.problem:
            yield row.offset, row.payload, row.problem
        elif not any(row.cells):
            continue  # a spreadsheet writes the rows below its table as well
        elif not row.cells[0]:
            yield row.offset, row.payload, "row_blank"
        else:
            yield row.offset, _stored(row.cells, seen), ""


def _stored(cells: list[str], seen: dict[bytes, int]) -> bytes:
    """The row as kept. SLiMS exports no number of the title: the lowest barcode stands for it, else what it says."""
    told = {name: cell for name, cell in zip(COLUMNS, cells, strict=True) if cell}
    said = "\n".join(
        [told.get(name, "") for name in ("title", "responsibility", "authors", "isbn_issn", "edition")]
    )
    digest = blake2b(said.encode("utf-8", "surrogateescape"), digest_size=9).hexdigest()
    codes = listed(told.get("items", ""))
    base = f"slims:{min(codes, key=lambda code: (len(code), code))}" if codes else f"slims:h:{digest}"
    mark = blake2b(base.encode("utf-8", "surrogateescape"), digest_size=8).digest()
    seen[mark] = times = seen.get(mark, 0) + 1
    told["id"] = (base if times == 1 else f"{base[:180]}#{times}")[:200]
    odd = any("\udc80" <= letter <= "\udcff" for cell in cells for letter in cell if letter > "\ud800")
    return json.dumps(told, ensure_ascii=odd).encode()


def parse_record(payload: bytes, fallback: str) -> tuple[str, list[Field], list[str]]:
    """Leader, MARC fields and warnings of one stored row. Raises BadRecord."""
    try:
        told = json.loads(payload)
    except ValueError:
        raise BadRecord("json_malformed", REASONS["json_malformed"]) from None
    warnings: list[str] = []
    row = {name: _read(str(value), fallback, warnings) for name, value in told.items()}
    fields = Fields()
    fill(fields, row)
    return fields.leader, fields.fields, sorted(set(warnings))


def _read(value: str, fallback: str, warnings: list[str]) -> str:
    if value.isascii():
        return clean(value, warnings)
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        warnings.append("fallback_encoding")
        value = value.encode("utf-8", "surrogateescape").decode(fallback, "replace")
    return clean(value, warnings)


def fill(fields: Fields, row: Mapping[str, str]) -> None:
    """The columns of one row as MARC fields."""

    def get(name: str) -> str:
        value = row.get(name, "")
        return "" if value.lower() in _NOTHING else value

    fields.control("001", row.get("id", ""))
    fields.title(_LOST_BREAK.sub(" ", row.get("title", "")), get("responsibility"))
    for name in listed(get("authors")):
        if name.lower() not in _NO_NAME:
            fields.name(name)
    fields.kind("" if get("gmd").lower() == "text" else get("gmd"))
    fields.add("250", ("a", get("edition")))
    fields.publisher(get("publisher"), get("place"), get("year"))
    # Some libraries keep the subject or "Buku Guru" in the column for the extent.
    fields.add("500", ("a", "" if re.search(r"\d|\b[xvi]+\b", get("collation")) else get("collation")))
    extent, _, size = get("collation").partition(";") if not fields.has("500") else ("", "", "")
    extent, _, other = extent.partition(":")
    fields.add("300", ("a", extent), ("b", other), ("c", size))
    _number(fields, get("isbn_issn"))
    series, _, volume = get("series").partition(";")
    fields.add("490", ("a", series), ("v", volume))
    for code in language_codes(get("language")):
        fields.add("041", ("a", code))
    fields.add("082", ("a", get("classification")))
    notes = get("notes")
    fields.add("520" if len(notes) >= _LONG_NOTE else "500", ("a", notes))
    for topic in listed(get("topics")):
        fields.add("653", ("a", topic))
    fields.add("956", ("u", get("image")))
    fields.add("852", ("h", get("call_number")), *[("p", code) for code in listed(get("items"))])


def _number(fields: Fields, text: str) -> None:
    """What stands in the column for ISBN and ISSN, among it extents and call numbers in the wrong place."""
    found = identifiers.isbns_of(text)
    if not found and not fields.has("300") and re.search(r"\d+ ?(?:hlm|hal|p\.|cm)", text):
        fields.add("300", ("a", text))
    elif not (not found and is_call_number(text)):
        fields.add("022" if found and found[0].scheme == "issn" else "020", ("a", text))


def listed(cell: str) -> list[str]:
    """The values of "<A><B>"; one without brackets is one value."""
    inside = cell.strip().removeprefix("<").removesuffix(">")
    return [value for part in inside.split("><") if (value := part.strip(" <>"))]


@dataclass(slots=True)
class Item:
    """One item of SLiMS's export of items."""

    position: int
    barcode: str
    call_number: str = ""
    location: str = ""
    collection: str = ""
    status: str = "unknown"  # as in HoldingDraft; SLiMS does not say here whether an item is on loan
    title: str = ""
    title_id: str = ""


def read_items(stream: BinaryIO, *, fallback_encoding: str = "cp1252") -> Iterator[Item | Rejected]:
    """The items of an export, each readable or refused with its reason."""
    head = stream.read(1 << 16)
    columns: dict[str, int] = {}
    position = 0
    width = 0
    for row in read_rows(rejoined(head, stream), sniff(head)):
        if not columns:
            columns = _item_columns(row.cells)
            if "item_code" in columns:
                # SLiMS ends its line of names, and only that line, with one more delimiter.
                width = len(row.cells) - (not row.cells[-1])
                continue
            columns = {name: place for place, name in enumerate(ITEM_COLUMNS)}
            width = len(ITEM_COLUMNS)
        position += 1
        if row.problem == "row_quotes" or len(row.cells) not in (width, width + 1):
            yield _refused(row, position, row.problem or "row_columns")
            continue
        warnings: list[str] = []
        told = {
            n: _read(row.cells[p], fallback_encoding, warnings)
            for n, p in columns.items()
            if p < len(row.cells)
        }
        if not told["item_code"]:
            yield _refused(row, position, "item_blank")
            continue
        yield Item(
            position, told["item_code"], told.get("call_number", ""), told.get("location", ""),
            told.get("collection", ""), status_of(told.get("status", "")) or "unknown", told.get("title", ""),
            told.get("biblio_id", ""),
        )  # fmt: skip


def add_items(draft: BibDraft, items: Mapping[str, Item]) -> None:
    """Says of a title's barcodes where they stand, from its items by barcode; those not among them stay as they are."""
    codes = [code for holding in draft.holdings for code in holding.barcodes]
    known = [items[code] for code in codes if code in items]
    if not known:
        return
    call = next((holding.call_number for holding in draft.holdings if holding.call_number), "")
    for holding in draft.holdings:
        holding.barcodes = [code for code in holding.barcodes if code not in items]
        holding.item_count = len(holding.barcodes)
    draft.holdings = [h for h in draft.holdings if h.barcodes] + holdings_of(known, call)


def holdings_of(items: Iterable[Item], call_number: str = "") -> list[HoldingDraft]:
    """One holding for each place, call number and status. `call_number`: for items that have none of their own."""
    found: dict[tuple[str, str, str], HoldingDraft] = {}
    for item in items:
        key = (item.location, item.call_number or call_number, item.status)
        holding = found.setdefault(key, HoldingDraft(key[0], key[1], item_count=0, status=key[2]))
        holding.barcodes.append(item.barcode)
        holding.item_count += 1
    return list(found.values())


def _item_columns(cells: list[str]) -> dict[str, int]:
    named = [(_ITEM_HEADER.get(cell.lower().strip()), place) for place, cell in enumerate(cells)]
    return {name: place for name, place in reversed(named) if name}


def _refused(row: Row, position: int, code: str) -> Rejected:
    return Rejected(position, row.offset, code, REASONS[code], row.payload[:SNIPPET])
