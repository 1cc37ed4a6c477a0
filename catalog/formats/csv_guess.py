"""What the columns of a table of books hold: guessed from its header's words, then from what the values look like.

`guess` proposes, a librarian decides on the mapping screen (services/columns.py); csv_table.py reads rows by it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from . import identifiers
from .crosswalk import is_call_number, is_class
from .languages import language_code
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
ONCE = frozenset(COLUMNS) - {"author", "other_authors", "subjects", "notes", "isbn"}
_SIZE = re.compile(r"\d+ ?(?:hlm|hal|p\.|pp|pages|halaman|lembar|cm)\b", re.I)
_PLAIN_NUMBER = re.compile(r"^\d{1,3}$")
_PREVIEW = 200  # rows that are looked at
_ENOUGH = 0.6  # share of a column's values that must be of a kind


@dataclass(slots=True)
class Mapping:
    """Which column of the table holds what. Stored as JSON in Source.columns, edited on the mapping screen."""

    columns: dict[int, str] = field(default_factory=dict)  # place from 0 on: one of COLUMNS
    header: bool = False  # the first row names the columns
    names: list[str] = field(default_factory=list)  # the header, or "" for each column
    unsure: list[int] = field(default_factory=list)  # columns guessed from their values alone

    @property
    def problem(self) -> str:
        """Why no record could be made; "" where one can."""
        return "" if "title" in self.columns.values() else "no_title"

    @property
    def labels(self) -> list[str]:
        """A name for each column that no other one has: as stored rows and the mapping screen call them."""
        found: list[str] = []
        for place, name in enumerate(self.names):
            label = " ".join(name.split()) or f"#{place + 1}"
            found.append(f"{label} (#{place + 1})" if label in found else label)
        return found

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


def guess(rows: Sequence[Sequence[str]]) -> Mapping:
    """A mapping for a table from its first rows: by the header's words, then by what the values look like."""
    if not rows:
        return Mapping()
    named = [_named(cell) for cell in rows[0]]
    header = sum(bool(name) for name in named) >= max(1, min(2, len(rows[0])))
    width = len(rows[0]) if header else Counter(map(len, rows)).most_common(1)[0][0]
    found = Mapping(header=header, names=names_of(rows[0]) if header else [""] * width)
    if found.header:
        for place, name in enumerate(named):
            if name and not (name in ONCE and name in found.columns.values()):
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


def names_of(header: Sequence[str]) -> list[str]:
    """The names in a header, as they can be kept: bytes that are no UTF-8 are taken for Windows-1252."""
    return [
        cell if _is_utf8(cell) else cell.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
        for cell in header
    ]


def _is_utf8(cell: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in cell)


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
        score = len(set(texts)) / max(1, len(cells)) * min(sum(map(len, texts)) / max(1, len(texts)), 80)
        if len(texts) >= _ENOUGH * len(cells) and score > best[0]:
            best = (score, place)
    if best[1] >= 0:
        found.columns[best[1]] = "title"
        found.unsure.append(best[1])
