"""Any other table of books: which column holds what, guessed from its header and its values, and rows as drafts.

Called by the mapping screen for libraries that only have a spreadsheet. `guess` proposes, a librarian decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import BinaryIO

from . import identifiers
from .crosswalk import Fields, clean, is_call_number, is_class
from .csv_rows import Row, read_rows, sniff
from .draft import BibDraft
from .languages import language_code, language_codes
from .marc21 import to_draft as from_marc
from .records import RawRecord
from .streams import rejoined
from .text import LATEST_YEAR

# What a column may hold, with the words that name it in Indonesian and English; the longest name that fits wins.
NAMES: dict[str, tuple[str, ...]] = {
    "identifier": ("id", "biblio_id", "record id", "bib id", "control number", "nomor kendali", "bibid",
                   "catalog_id"),
    "title": ("judul", "judul buku", "title", "book title", "judul utama", "nama buku", "main title"),
    "subtitle": ("anak judul", "sub judul", "subjudul", "subtitle", "sub title"),
    "author": ("pengarang", "penulis", "author", "authors", "author name", "nama pengarang", "creator",
               "pengarang utama"),
    "other_authors": ("pengarang tambahan", "penulis tambahan", "pengarang lain", "other authors",
                      "contributors", "editor"),
    "isbn": ("isbn", "isbn_issn", "isbn/issn", "no isbn", "nomor isbn", "isbn13", "isbn10"),
    "issn": ("issn", "no issn"),
    "publisher": ("penerbit", "publisher", "nama penerbit", "publisher name"),
    "place": ("tempat terbit", "kota terbit", "kota", "tempat", "place", "place of publication",
              "publish place"),
    "year": ("tahun", "tahun terbit", "thn", "thn terbit", "year", "publish_year", "publication year",
             "date", "th terbit"),
    "edition": ("edisi", "cetakan", "edition", "cetakan ke"),
    "extent": ("kolasi", "deskripsi fisik", "halaman", "jumlah halaman", "jml hal", "collation", "pages",
               "extent"),
    "language": ("bahasa", "language", "kode bahasa"),
    "series": ("seri", "judul seri", "series", "series title"),
    "volume": ("jilid", "volume", "vol", "no jilid"),
    "subjects": ("subjek", "subyek", "subject", "subjects", "topik", "topic", "kategori", "category",
                 "tajuk subjek"),
    "classification": ("klasifikasi", "no klasifikasi", "nomor klasifikasi", "ddc", "dewey",
                       "classification", "no klas", "kelas"),
    "call_number": ("no panggil", "nomor panggil", "call number", "call no", "no. panggil", "nomor rak",
                    "call_number"),
    "barcode": ("barcode", "kode eksemplar", "no induk", "nomor induk", "no inventaris", "nomor inventaris",
                "item code", "inventory code", "kode buku", "accession number", "no barcode", "item_code"),
    "copies": ("eksemplar", "jumlah eksemplar", "jumlah", "jml", "copies", "qty", "quantity", "stok",
               "jumlah buku"),
    "location": ("lokasi", "rak", "location", "ruang", "shelf", "lokasi rak"),
    "kind": ("jenis", "jenis bahan", "gmd", "format", "type", "tipe", "jenis koleksi", "material"),
    "summary": ("ringkasan", "abstrak", "sinopsis", "summary", "abstract", "deskripsi", "description"),
    "notes": ("catatan", "keterangan", "notes", "note", "remarks"),
    "link": ("url", "link", "tautan", "alamat web"),
}  # fmt: skip
COLUMNS = tuple(NAMES)
_BY_NAME = {name: column for column, names in NAMES.items() for name in names}
_ONCE = frozenset(COLUMNS) - {"author", "other_authors", "subjects", "notes", "isbn"}
_MANY = re.compile(r"\s*[;|\n]\s*|>\s*<")
_SIZE = re.compile(r"\d+ ?(?:hlm|hal|p\.|pp|pages|halaman|lembar|cm)\b", re.I)
_PLAIN_NUMBER = re.compile(r"^\d{1,3}$")
_PREVIEW = 200  # rows that are looked at
_ENOUGH = 0.6  # share of a column's values that must be of a kind


@dataclass(slots=True)
class Mapping:
    """Which column of the table holds what. Stored as JSON beside the source, edited on the mapping screen."""

    columns: dict[int, str] = field(default_factory=dict)  # place from 0 on: one of COLUMNS
    header: bool = False  # the first row names the columns
    names: list[str] = field(default_factory=list)  # the header, or "" for each column
    unsure: list[int] = field(default_factory=list)  # columns guessed from their values alone

    @property
    def problem(self) -> str:
        """Why no record could be made; "" where one can."""
        return "" if "title" in self.columns.values() else "no_title"

    def as_json(self) -> dict[str, object]:
        places = {str(place): column for place, column in self.columns.items()}
        return {"columns": places, "header": self.header, "names": self.names, "unsure": self.unsure}

    @classmethod
    def from_json(cls, told: dict[str, object]) -> Mapping:
        """The stored mapping again; what names no known column is left out."""
        places, names, unsure = told.get("columns"), told.get("names"), told.get("unsure")
        columns = (
            {int(p): str(c) for p, c in places.items() if str(c) in NAMES} if isinstance(places, dict) else {}
        )
        return cls(
            columns, told.get("header") is True, [str(n) for n in names] if isinstance(names, list) else [],
            [int(n) for n in unsure] if isinstance(unsure, list) else [],
        )  # fmt: skip


def rows_of(stream: BinaryIO) -> Iterator[Row]:
    """The rows of a table with whatever delimiter; `problem` says where one has too many or too few columns."""
    head = stream.read(1 << 16)
    return read_rows(rejoined(head, stream), sniff(head))


def guess(rows: Sequence[Sequence[str]]) -> Mapping:
    """A mapping for a table from its first rows: by the header's words, then by what the values look like."""
    if not rows:
        return Mapping()
    width = max(len(row) for row in rows)
    named = [_named(cell) for cell in rows[0]]
    found = Mapping(header=sum(bool(name) for name in named) >= max(1, min(2, width)), names=[""] * width)
    if found.header:
        found.names = [*rows[0], *[""] * (width - len(rows[0]))]
        for place, name in enumerate(named):
            if name and not (name in _ONCE and name in found.columns.values()):
                found.columns[place] = name
    values = rows[1:] if found.header else rows
    for place in range(width):
        if place in found.columns or (found.header and found.names[place] and _reserved(found.names[place])):
            continue
        cells = [row[place].strip() for row in values[:_PREVIEW] if place < len(row) and row[place].strip()]
        kind = _kind(cells)
        if kind and kind not in found.columns.values():
            found.columns[place] = kind
            found.unsure.append(place)
    _longest_is_title(found, values, width)
    return found


def _named(cell: str) -> str:
    """What a header's words stand for: as they are, without marks, or with a known name as their beginning."""
    text = " ".join(re.sub(r"[^\w/]+", " ", cell.lower().replace("_", " ")).split())
    for candidate in (cell.strip().lower(), text):
        if candidate in _BY_NAME:
            return _BY_NAME[candidate]
    if len(text) > 40:
        return ""
    starts = [name for name in _BY_NAME if len(name) > 3 and (f"{text} ").startswith(f"{name} ")]
    return _BY_NAME[max(starts, key=len)] if starts else ""


def _reserved(name: str) -> bool:
    """A column with a name of its own that is none of ours is left alone: prices, dates of entry, numbering."""
    return bool(re.search(r"harga|price|tanggal|tgl|date|^no\.?$|nomor urut|sumber|source|user|petugas|update|input",
                          name, re.I))  # fmt: skip


def _kind(cells: list[str]) -> str:
    """What the values of a column look like; "" where they look like nothing in particular."""
    if not cells:
        return ""

    def most(test: Sequence[bool]) -> bool:
        return sum(test) >= _ENOUGH * len(cells)

    if most([any(i.valid and i.scheme == "isbn" for i in identifiers.isbns_of(c)) for c in cells]):
        return "isbn"
    if most([any(i.valid for i in identifiers.issns_of(c)) and len(c) < 12 for c in cells]):
        return "issn"
    if most([len(c) == 4 and c.isdigit() and 1800 <= int(c) <= LATEST_YEAR for c in cells]):
        return "year"
    if most([c.startswith(("http://", "https://")) for c in cells]):
        return "link"
    if most([bool(_SIZE.search(c)) for c in cells]):
        return "extent"
    if most([is_call_number(c) for c in cells]):
        return "call_number"
    if most([is_class(c) and not (_PLAIN_NUMBER.match(c) and len(cells) < 5) for c in cells]):
        return "classification"
    if most([len(c) < 20 and bool(language_code(c)) for c in cells]):
        return "language"
    return ""


def _longest_is_title(found: Mapping, values: Sequence[Sequence[str]], width: int) -> None:
    """Where no column is named title, the one with the most different and longest texts; and of names, the next."""
    if "title" in found.columns.values() or not values:
        return
    best: tuple[float, int] = (0.0, -1)
    for place in range(width):
        if place in found.columns:
            continue
        cells = [row[place].strip() for row in values[:_PREVIEW] if place < len(row)]
        texts = [cell for cell in cells if re.search(r"[^\W\d_]{2}", cell)]
        score = len(set(texts)) / len(cells) * min(sum(map(len, texts)) / max(1, len(texts)), 80)
        if len(texts) >= _ENOUGH * len(cells) and score > best[0]:
            best = (score, place)
    if best[1] >= 0:
        found.columns[best[1]] = "title"
        found.unsure.append(best[1])


def to_draft(row: Sequence[str], mapping: Mapping, *, fallback_encoding: str = "cp1252") -> BibDraft:
    """The draft of one row. Without a title it has none: marc21.problem says so, as for any other record."""
    warnings: list[str] = []
    told: dict[str, list[str]] = {}
    for place, column in sorted(mapping.columns.items()):
        cell = _readable(row[place], fallback_encoding, warnings).strip() if place < len(row) else ""
        if cell and cell not in ("-", "--", "NULL"):
            told.setdefault(column, []).append(cell)
    fields = Fields()
    fields.control("001", "".join(told.get("identifier", [])) or _key(told))
    _describe(fields, told)
    draft = from_marc(RawRecord(0, 0, b"", "csv", fields.leader, fields.fields, sorted(set(warnings))))
    if draft.holdings and (copies := told.get("copies", [""])[0]).isdigit():
        draft.holdings[0].item_count = max(draft.holdings[0].item_count, min(int(copies), 100_000))
    return draft


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
    codes = [("p", code) for code in _split(told.get("barcode", []))]
    call = one("call_number") or (one("classification") if one("copies") else "")
    fields.add("852", ("c", one("location")), ("h", call), *codes)
