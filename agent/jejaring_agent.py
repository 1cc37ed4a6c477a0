#!/usr/bin/env python3
"""Sends a library's catalogue and the state of its copies to a Jejaring portal: records that are new or changed, alone.

Mengirim katalog perpustakaan dan keadaan eksemplarnya ke portal Jejaring: hanya yang baru atau berubah.

Reads a database dump of SLiMS or INLISLite (.sql, .sql.gz), SLiMS's CSV exports, or any CSV with a line of names.
Needs Python 3.8 or newer and nothing else. How to set it up: docs/agent.md.
"""

# Written for Python 3.8, and to be read as one file: plain paths and %-formatting, no zip(strict=). Table names in
# statements are constants, and the scheme of the one address is looked at.
# ruff: noqa: B904, B905, PTH100, PTH110, PTH111, PTH113, PTH116, PTH118, PTH120, PTH123, PTH204
# ruff: noqa: PTH207, S310, S608, SIM905, UP006, UP030, UP031, UP035, DTZ005

from __future__ import annotations

import argparse
import configparser
import csv
import datetime
import glob
import gzip
import hashlib
import json
import logging
import os
import random
import re
import shutil
import signal
import sqlite3
import ssl
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, Dict, Iterable, Iterator, Tuple

VERSION = "1.0"
DONE, TEMPORARY, SETTINGS, KEY, FILE = 0, 1, 2, 3, 4  # exit codes
BATCH_BYTES = 3 * 1024 * 1024  # of JSON, before packing
BATCH_RECORDS, BATCH_ITEMS = 500, 2000
ATTEMPTS = 8  # of one request
LONGEST_WAIT = 300  # seconds
FULL_DAYS = 30
MOST_LINES = 100  # of one row of a table
log = logging.getLogger("jejaring")
language = "id"

INDONESIAN = {
    "The file %s does not exist.": "Berkas %s tidak ada.",
    "Others can read %s, and it holds the key. Run: chmod 600 %s": (
        "%s bisa dibaca orang lain, padahal berisi kunci. Jalankan: chmod 600 %s"
    ),
    "%s lacks the setting “%s” under [%s].": "%s belum berisi “%s” di bagian [%s].",
    "The portal's address must begin with https://": "Alamat portal harus diawali https://",
    "%s is not readable: %s": "%s tidak bisa dibaca: %s",
    "The file ends too early. What it holds is sent, but nothing is taken out.": (
        "Berkas terpotong. Isinya tetap dikirim, tetapi tidak ada yang dihapus."
    ),
    "No records were found in %s. Nothing was sent.": "Tidak ada data buku di %s. Tidak ada yang dikirim.",
    "Reading %s": "Membaca %s",
    "Found %d records and %d copies.": "Ditemukan %d judul dan %d eksemplar.",
    "%d rows could not be read and were left out; the first is line %d.": (
        "%d baris tidak bisa dibaca dan dilewati; yang pertama baris %d."
    ),
    "Connected to “%s” (%s): %d records and %d copies are there.": (
        "Terhubung ke “%s” (%s): ada %d judul dan %d eksemplar di sana."
    ),
    "The source is switched off in the portal. Nothing was sent.": (
        "Sumber ini dimatikan di portal. Tidak ada yang dikirim."
    ),
    "This source takes copies only; records are not sent.": (
        "Sumber ini hanya menerima eksemplar; data judul tidak dikirim."
    ),
    "Would send %d records and take out %d; %d copies and take out %d.": (
        "Akan mengirim %d judul dan menghapus %d; %d eksemplar dan menghapus %d."
    ),
    "Sent %d records.": "Terkirim %d judul.",
    "Sent %d copies.": "Terkirim %d eksemplar.",
    "The portal did not take “%s”: %s": "Portal tidak menerima “%s”: %s",
    "More records would go than is usual; the portal asks your manager about %d of them.": (
        "Lebih banyak judul akan hilang daripada biasanya; portal menanyakan %d di antaranya kepada pengelola Anda."
    ),
    "Done: %d records new, %d changed, %d taken out, %d refused; %d copies changed.": (
        "Selesai: %d judul baru, %d berubah, %d dihapus, %d ditolak; %d eksemplar berubah."
    ),
    "Nothing has changed since the last time.": "Tidak ada perubahan sejak pengiriman terakhir.",
    "The portal does not answer (%s). Next attempt in %d seconds.": (
        "Portal tidak menjawab (%s). Dicoba lagi dalam %d detik."
    ),
    "The portal could not be reached. Nothing is lost; the next run goes on where this one stopped.": (
        "Portal tidak bisa dihubungi. Tidak ada yang hilang; pengiriman berikutnya melanjutkan dari sini."
    ),
    "The portal refuses the key: %s": "Portal menolak kunci ini: %s",
    "The portal answers %d: %s": "Portal menjawab %d: %s",
    "The portal leads to another address, %s. Correct the setting “url”.": (
        "Portal mengarahkan ke alamat lain, %s. Perbaiki pengaturan “url”."
    ),
    "Another agent is running with %s.": "Agen lain sedang berjalan dengan %s.",
    "Next run in %d minutes.": "Pengiriman berikutnya %d menit lagi.",
    "Stopped.": "Berhenti.",
}


def t(text: str, *values: Any) -> str:
    if language == "id":
        text = INDONESIAN[text]
    return text % values if values else text


class Problem(Exception):
    """Something a person has to mend; ends the run with an exit code."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


# --- settings -------------------------------------------------------------------------------------------------


class Settings:
    """The file with the key. Refused where others can read it."""

    def __init__(self, path: str) -> None:
        if not os.path.isfile(path):
            raise Problem(SETTINGS, t("The file %s does not exist.", path))
        if os.name == "posix" and os.stat(path).st_mode & 0o077:
            raise Problem(
                SETTINGS, t("Others can read %s, and it holds the key. Run: chmod 600 %s", path, path)
            )
        self.path = os.path.abspath(path)
        self.file = configparser.ConfigParser(interpolation=None, inline_comment_prefixes=(";",))
        try:
            self.file.read(path, encoding="utf-8-sig")
        except (configparser.Error, UnicodeDecodeError) as error:
            raise Problem(SETTINGS, t("%s is not readable: %s", path, error))
        set_language(self.get("agent", "language", "id"))
        self.url = self.need("portal", "url").rstrip("/")
        self.source = self.need("portal", "source")
        self.key = self.need("portal", "key")
        parts = urllib.parse.urlsplit(self.url)
        local = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
        if not parts.hostname or not (parts.scheme == "https" or local):
            raise Problem(SETTINGS, t("The portal's address must begin with https://"))
        self.kind = self.get("catalogue", "type", "auto")
        self.catalogue = self._newest(self.need("catalogue", "file"))
        items = self.get("catalogue", "items", "")
        self.items = self._newest(items) if items else ""
        self.number = self.get("catalogue", "local_id", "{id}")
        self.id_column = self.get("catalogue", "id_column", "")
        self.columns = dict(self.file["columns"]) if self.file.has_section("columns") else {}
        self.state = self._beside(self.get("agent", "state", "jejaring-agent.state"))
        self.ca_file = self.get("portal", "ca_file", "")

    def get(self, section: str, name: str, default: str) -> str:
        return self.file.get(section, name, fallback=default).strip()

    def need(self, section: str, name: str) -> str:
        value = self.get(section, name, "")
        if not value:
            raise Problem(SETTINGS, t("%s lacks the setting “%s” under [%s].", self.path, name, section))
        return value

    def _beside(self, path: str) -> str:
        return os.path.join(os.path.dirname(self.path), os.path.expanduser(path))

    def _newest(self, pattern: str) -> str:
        """Of several files that fit, such as one dump a day, the newest."""
        found = glob.glob(self._beside(pattern))
        if not found:
            raise Problem(FILE, t("The file %s does not exist.", self._beside(pattern)))
        return max(found, key=os.path.getmtime)


def set_language(code: str) -> None:
    global language
    language = "en" if code.lower().startswith("en") else "id"


# --- reading a database dump ----------------------------------------------------------------------------------

SLIMS = {
    "biblio": "biblio_id title sor edition isbn_issn publisher_id publish_year collation series_title call_number "
    "language_id publish_place_id classification notes image gmd_id opac_hide",
    "mst_author": "author_id author_name",
    "biblio_author": "biblio_id author_id level",
    "mst_publisher": "publisher_id publisher_name",
    "mst_place": "place_id place_name",
    "mst_language": "language_id language_name",
    "mst_topic": "topic_id topic",
    "biblio_topic": "biblio_id topic_id level",
    "mst_gmd": "gmd_id gmd_name",
    "item": "item_id biblio_id call_number item_code inventory_code location_id item_status_id",
    "mst_location": "location_id location_name",
    "mst_item_status": "item_status_id item_status_name no_loan",
    "loan": "loan_id item_code due_date is_lent is_return",
}
INLISLITE = {
    "catalogs": "ID Title Author Edition Publisher PublishLocation PublishYear Subject PhysicalDescription ISBN "
    "CallNumber Languages DeweyNo Note IsOPAC QUARANTINEDDATE",
    "catalog_ruas": "ID CatalogId Tag Indicator1 Indicator2 Value Sequence",
    "catalog_subruas": "ID RuasID SubRuas Value Sequence",
    "collections": "ID NomorBarcode NoInduk CallNumber Catalog_id Location_id Rule_id Status_id "
    "Location_Library_id ISOPAC QUARANTINEDDATE",
    "collectionstatus": "ID Name",
    "collectionrules": "ID Name",
    "locations": "ID Name",
    "location_library": "ID Name",
    "collectionloanitems": "ID Collection_id DueDate ActualReturn LoanStatus",
}
TABLES = dict(SLIMS, **INLISLITE)
INDEXES = ("biblio_author(biblio_id)", "biblio_topic(biblio_id)", "mst_author(author_id)", "mst_topic(topic_id)",
           "catalog_ruas(CatalogId)", "catalog_subruas(RuasID)", "loan(item_code)", "mst_publisher(publisher_id)",
           "mst_place(place_id)", "collectionloanitems(Collection_id)", "mst_gmd(gmd_id)")  # fmt: skip

_BLANK = re.compile(r"(?:\s+|--(?=[\s-]|\Z)[^\n]*(?:\n|\Z)|#[^\n]*(?:\n|\Z)|/\*.*?\*/;?)", re.S)
_INSERT = re.compile(
    r"(?:INSERT|REPLACE)\s+(?:(?:LOW_PRIORITY|DELAYED|HIGH_PRIORITY|IGNORE)\s+)*INTO\s+(?:[`\"]?\w+[`\"]?\.)?"
    r"[`\"]?(\w+)[`\"]?\s*(\([^()]*\))?\s*VALUES?\s*",
    re.I,
)
_CREATE = re.compile(
    r"CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(?:[`\"]?\w+[`\"]?\.)?[`\"]?(\w+)[`\"]?\s*\(", re.I
)
_COLUMN = re.compile(r"^\s*[`\"](\w+)[`\"]\s", re.M)
_DELIMITER = re.compile(r"DELIMITER[ \t]+(\S+)[ \t]*\r?\n", re.I)
_VALUE = re.compile(
    r"\s*(?:(?:_binary|_utf8mb4|_utf8|_latin1|N)?\s*'([^'\\]*(?:(?:\\.|'')[^'\\]*)*)'"
    r"|([^\s,()'][^,()']*(?:\((?:[^()']|\([^()']*\))*\))?))\s*([,)])",
    re.S | re.I,
)
_OPEN = re.compile(r"\s*\(")
_NEXT = re.compile(r"\s*([,;])")
_PIECE = re.compile(
    r"[^'\"`;]+|'[^'\\]*(?:(?:\\.|'')[^'\\]*)*'|\"[^\"\\]*(?:(?:\\.|\"\")[^\"\\]*)*\"|`[^`]*`|;", re.S
)
_ESCAPED = re.compile(r"\\(.)|''", re.S)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "", "b": "", "Z": ""}


def readable(text: str) -> str:
    """Text that was read byte by byte, in the character set it is really in."""
    if text.isascii():
        return text
    raw = text.encode("latin-1")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def unescaped(text: str) -> str:
    if "\\" in text or "''" in text:
        text = _ESCAPED.sub(
            lambda found: "'" if found.group(1) is None else _ESCAPES.get(found.group(1), found.group(1)),
            text,
        )
    return readable(text)


class Dump:
    """A mysqldump or phpMyAdmin export as rows, in a memory that does not grow with the file."""

    BLOCK = 1 << 20

    def __init__(self, stream: Any) -> None:
        self.stream, self.buffer, self.place, self.ended = stream, "", 0, False
        self.columns: dict[str, list[str]] = {}
        self.cut_short = False

    def rows(self) -> Iterator[tuple[str, dict[str, str | None]]]:
        """(table, {column: value}) of the tables that we know."""
        while self._more():
            if self._take(_BLANK):
                continue
            delimiter = self._take(_DELIMITER)
            if delimiter:
                self._skip_until(delimiter.group(1))
                continue
            create = self._take(_CREATE)
            if create:
                body = self._statement(keep=True)
                self.columns[create.group(1).lower()] = [name.lower() for name in _COLUMN.findall(body)]
                continue
            insert = self._take(_INSERT)
            if insert and insert.group(1).lower() in TABLES:
                yield from self._tuples(insert.group(1).lower(), insert.group(2))
            else:
                self._statement()

    def _fill(self) -> bool:
        block = b"" if self.ended else self._read()
        if not block:
            self.ended = True
            return False
        self.buffer = self.buffer[self.place :] + block.decode("latin-1")
        self.place = 0
        return True

    def _read(self) -> bytes:
        try:
            return self.stream.read1(self.BLOCK)
        except (EOFError, OSError):  # a packed file that ends too early
            self.cut_short = True
            return b""

    def _more(self) -> bool:
        return self.place < len(self.buffer) or self._fill()

    def _take(self, pattern: Any) -> Any:
        """A match here. Near the end of what was read more is read first, so that no match is shorter than it could."""
        while True:
            found = pattern.match(self.buffer, self.place)
            short = len(self.buffer) - self.place < 4096 if found is None else found.end() == len(self.buffer)
            if short and self._fill():
                continue
            if found is not None:
                self.place = found.end()
            return found

    def _statement(self, keep: bool = False) -> str:
        """Past the rest of a statement, to its semicolon. `keep`: give it back."""
        parts: list[str] = []
        begun = False
        while self._more():
            piece = _PIECE.match(self.buffer, self.place)
            if piece is None or piece.end() == len(self.buffer):
                if self._fill():
                    continue
                if piece is None:
                    break
            self.place = piece.end()
            if piece.group() == ";":
                return "".join(parts)
            begun = begun or bool(piece.group().strip())
            if keep:
                parts.append(piece.group())
        self.place = len(self.buffer)
        self.cut_short = self.cut_short or begun
        return "".join(parts)

    def _skip_until(self, delimiter: str) -> None:
        """Triggers and procedures, which have semicolons of their own."""
        while delimiter != ";":
            found = self.buffer.upper().find("DELIMITER", self.place)
            if found < 0:
                self.place = max(self.place, len(self.buffer) - 20)
                if not self._fill():
                    self.place = len(self.buffer)
                    return
                continue
            self.place = found
            line = self._take(_DELIMITER)
            if line is None:
                self.place += 9
            else:
                delimiter = line.group(1)

    def _tuples(self, table: str, named: str | None) -> Iterator[tuple[str, dict[str, str | None]]]:
        columns = re.findall(r"\w+", named.lower()) if named else self.columns.get(table, [])
        while self._take(_OPEN):
            values: list[str | None] = []
            while True:
                value = self._take_value()
                if value is None:
                    self.cut_short, self.place = True, len(self.buffer)
                    return
                plain = value.group(2)
                values.append(
                    unescaped(value.group(1))
                    if plain is None
                    else None
                    if plain.strip().upper() == "NULL"
                    else plain.strip()
                )
                if value.group(3) == ")":
                    break
            yield table, dict(zip(columns, values))
            following = self._take(_NEXT)
            if following is None or following.group(1) == ";":
                self.cut_short = self.cut_short or following is None
                return

    def _take_value(self) -> Any:
        """One value and the comma or bracket after it; a long text may need several blocks."""
        while True:
            found = _VALUE.match(self.buffer, self.place)
            if found is not None:
                self.place = found.end()
                return found
            if not self._fill():
                return None


def opened(path: str) -> Any:
    with open(path, "rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return gzip.open(path, "rb") if packed else open(path, "rb")


def load_dump(path: str, store: sqlite3.Connection) -> bool:
    """Put the tables we know into `store`. Whether the dump is whole."""
    for table, names in TABLES.items():
        store.execute("CREATE TABLE %s (%s)" % (table, ", ".join("%s TEXT" % name for name in names.split())))
    with opened(path) as stream:
        head = stream.read(200)
    with opened(path) as stream:
        dump = Dump(stream)
        for table, row in dump.rows():
            values = [row.get(name) for name in TABLES[table].lower().split()]
            store.execute("INSERT INTO %s VALUES (%s)" % (table, ",".join("?" * len(values))), values)
    for index in INDEXES:
        store.execute("CREATE INDEX ix_%s ON %s" % (re.sub(r"\W+", "_", index), index))
    store.commit()
    whole = not dump.cut_short
    if whole and head.startswith((b"-- MySQL dump", b"-- MariaDB dump")):
        whole = "Dump completed" in dump.buffer[-300:]
    return whole


# --- what is sent: records and copies -------------------------------------------------------------------------

Told = Tuple[str, Dict[str, Any]]  # its number, and what is sent of it


class Catalogue:
    """Records and copies out of whatever file there is. `whole`: the file does not end too early."""

    def __init__(self, settings: Settings, store: sqlite3.Connection) -> None:
        self.settings, self.store, self.whole = settings, store, True
        self.skipped, self.first_skipped = 0, 0
        self.as_of = moment(os.path.getmtime(settings.items or settings.catalogue))
        self.kind = settings.kind
        if self.kind == "auto":
            self.kind = "dump" if re.search(r"\.sql(\.gz)?$", settings.catalogue, re.I) else "csv"
        if self.kind in ("dump", "slims", "inlislite"):
            self.whole = load_dump(settings.catalogue, store)
            self.kind = "inlislite" if self._has("catalogs") and not self._has("biblio") else "slims"

    def _has(self, table: str) -> bool:
        return self.store.execute("SELECT 1 FROM %s LIMIT 1" % table).fetchone() is not None

    def records(self) -> Iterator[Told]:
        made = {"slims": slims_records, "inlislite": inlislite_records}.get(self.kind)
        if made is not None:
            return made(self.store)
        return self._table_records()

    def items(self) -> Iterator[Told]:
        if self.settings.items:
            return self._table_items(self.settings.items)
        made = {"slims": slims_items, "inlislite": inlislite_items}.get(self.kind)
        return made(self.store, self.settings.number) if made else iter(())

    def _table_records(self) -> Iterator[Told]:
        rows = self._rows(self.settings.catalogue)
        first = next(rows, None)
        if first is None:
            return iter(())
        if len(first) == 18 and not self.settings.columns:
            return self._slims_table(first, rows)
        return self._named_table(first, rows)

    def _slims_table(self, first: list[str], rows: Iterator[list[str]]) -> Iterator[Told]:
        """SLiMS's export of titles, with or without its line of names. The lowest barcode stands for a number."""
        seen: dict[str, int] = {}
        named = sum(cell.strip().lower() in SLIMS_HEADER for cell in first) >= 6
        for cells in rows if named else chain_one(first, rows):
            row = dict(zip(SLIMS_COLUMNS, cells))
            codes = [code for code in re.split(r"[<>]+", row["items"]) if code.strip()]
            said = "\n".join(
                row[name] for name in ("title", "responsibility", "authors", "isbn_issn", "edition")
            )
            base = "slims:" + (
                min(codes, key=lambda code: (len(code), code)) if codes else "h:" + hashed(said)[:18]
            )
            seen[base] = times = seen.get(base, 0) + 1
            number = base[:190] if times == 1 else "%s#%d" % (base[:180], times)
            if row["title"]:
                yield number, {"format": "slims", "data": {k: v for k, v in row.items() if v}}

    def _named_table(self, names: list[str], rows: Iterator[list[str]]) -> Iterator[Told]:
        """Any table with a line of names; the portal knows the usual ones, [columns] tells the others."""
        seen: dict[str, int] = {}
        fields = [self.settings.columns.get(name.strip().lower(), name.strip()) for name in names]
        wanted = self.settings.id_column.lower()
        known = [name.strip().lower() for name in names]
        place = next((known.index(n) for n in ([wanted] if wanted else ID_NAMES) if n in known), -1)
        for cells in rows:
            data: dict[str, Any] = {}
            for name, cell in zip(fields, cells):
                if cell:
                    data[name] = "%s; %s" % (data[name], cell) if name in data else cell
            base = (
                cells[place]
                if place >= 0 and cells[place]
                else "h:" + hashed(json.dumps(data, sort_keys=True))[:18]
            )
            seen[base] = times = seen.get(base, 0) + 1
            yield (
                base[:190] if times == 1 else "%s#%d" % (base[:180], times),
                {"format": "json", "data": data},
            )

    def _table_items(self, path: str) -> Iterator[Told]:
        """SLiMS's export of copies, with or without names, or any table with a column of barcodes."""
        rows = self._rows(path)
        first = next(rows, [])
        places: dict[str, int] = {}
        for place, cell in enumerate(first):
            places.setdefault(ITEM_NAMES.get(cell.strip().lower(), ""), place)
        if "item_id" not in places:
            places = {"item_id": 0, "call_number": 1, "location": 7, "status": 9}
            rows = chain_one(first, rows)
        for cells in rows:
            told = {name: cells[place] for name, place in places.items() if name and place < len(cells)}
            if told.get("local_id"):
                told["local_id"] = self.settings.number.replace("{id}", told["local_id"])
            if told.get("item_id"):
                yield told["item_id"], told

    def _rows(self, path: str) -> Iterator[list[str]]:
        """Rows as wide as the first one. A quotation mark that is never closed costs its own row alone."""
        csv.field_size_limit(10_000_000)
        with opened(path) as stream:
            text = readable(stream.read().decode("latin-1")).lstrip("\ufeff")
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        delimiter = max(",;\t|", key=lambda sign: sum(line.count(sign) for line in lines[:20]))
        width = place = 0
        while place < len(lines):
            cells, used = row_at(lines, place, delimiter, width)
            place += used
            if not any(cells):
                continue
            if not width:  # SLiMS ends its line of names with one delimiter more
                cells = cells if cells[-1] else cells[:-1]
                width = len(cells)
            if len(cells) == width + 1 and not cells[-1]:
                cells.pop()
            if len(cells) != width:
                self.skipped += 1
                self.first_skipped = self.first_skipped or place - used + 1
                continue
            yield cells


def row_at(lines: list[str], place: int, delimiter: str, width: int) -> tuple[list[str], int]:
    """The row that begins with this line, and how many lines it takes: more than one where a cell has line breaks."""
    whole = lines[place]
    for used in range(1, MOST_LINES):
        if whole.replace('\\"', "").count('"') % 2 == 0:
            cells = cells_of(whole, delimiter)
            if used == 1 or not width or len(cells) == width:
                return cells, used
            break
        if place + used >= len(lines):
            break
        whole += "\n" + lines[place + used]
    return cells_of(lines[place], delimiter), 1


def cells_of(text: str, delimiter: str) -> list[str]:
    rows = list(csv.reader([line + "\n" for line in text.split("\n")], delimiter=delimiter))
    return [cell.strip() for cell in rows[0]] if rows else []


SLIMS_COLUMNS = ("title", "gmd", "edition", "isbn_issn", "publisher", "year", "collation", "series", "call_number",
                 "language", "place", "classification", "notes", "image", "responsibility", "authors", "topics",
                 "items")  # fmt: skip
SLIMS_HEADER = frozenset(
    "title judul gmd_name gmd jenis edition edisi isbn_issn isbn publisher_name publisher penerbit publish_year tahun "
    "collation series_title call_number language_name bahasa place_name classification klasifikasi notes image sor "
    "authors pengarang topics subjek item_code".split()
) | {"no. panggil", "jenis file", "seri buku", "penulis tambahan", "nomor induk buku atau barcode"}
ID_NAMES = ("id", "biblio_id", "catalog_id", "bibid", "nomor kendali", "no induk", "no. induk", "nomor induk",
            "barcode", "kode buku", "item_code", "kode eksemplar")  # fmt: skip
ITEM_NAMES = {
    "item_code": "item_id", "item_id": "item_id", "barcode": "item_id", "kode eksemplar": "item_id",
    "nomor induk": "item_id", "no induk": "item_id", "biblio_id": "local_id", "local_id": "local_id",
    "call_number": "call_number", "no. panggil": "call_number", "nomor panggil": "call_number",
    "location_name": "location", "location": "location", "lokasi": "location", "item_status_name": "status",
    "status": "status", "due_date": "due_date", "jatuh tempo": "due_date",
}  # fmt: skip


def chain_one(first: Any, rest: Iterable[Any]) -> Iterator[Any]:
    yield first
    yield from rest


def hashed(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()


def moment(seconds: float) -> str:
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).isoformat(timespec="seconds")


_SLIMS_RECORDS = """
SELECT b.biblio_id, b.title, b.sor, b.edition, b.isbn_issn, p.publisher_name, b.publish_year, b.collation,
  b.series_title, b.call_number, coalesce(l.language_name, b.language_id), c.place_name, b.classification, b.notes,
  b.image, g.gmd_name
FROM biblio b LEFT JOIN mst_publisher p ON p.publisher_id = b.publisher_id
LEFT JOIN mst_place c ON c.place_id = b.publish_place_id LEFT JOIN mst_gmd g ON g.gmd_id = b.gmd_id
LEFT JOIN mst_language l ON l.language_id = b.language_id
WHERE coalesce(b.opac_hide, '0') <> '1' ORDER BY cast(b.biblio_id AS integer)
"""
_SLIMS_FIELDS = ("title", "responsibility", "edition", "isbn_issn", "publisher", "year", "collation", "series",
                 "call_number", "language", "place", "classification", "notes", "image", "gmd")  # fmt: skip


def slims_records(store: sqlite3.Connection) -> Iterator[Told]:
    """Titles that their own catalogue shows."""
    listed = (
        "SELECT {} FROM {} x JOIN {} m ON m.{} = x.{} WHERE x.biblio_id = ? "
        "ORDER BY cast(x.level AS integer), x.rowid"
    )
    authors = listed.format("m.author_name", "biblio_author", "mst_author", "author_id", "author_id")
    topics = listed.format("m.topic", "biblio_topic", "mst_topic", "topic_id", "topic_id")
    for row in store.execute(_SLIMS_RECORDS):
        data = {name: value.strip() for name, value in zip(_SLIMS_FIELDS, row[1:]) if value and value.strip()}
        for name, statement in (("authors", authors), ("topics", topics)):
            names = [found[0] for found in store.execute(statement, (row[0],)) if found[0]]
            if names:
                data[name] = "".join("<%s>" % one.replace("<", "(").replace(">", ")") for one in names)
        if data.get("title"):
            yield str(row[0]), {"format": "slims", "data": data}


_SLIMS_ITEMS = """
SELECT i.item_code, i.biblio_id, coalesce(m.location_name, i.location_id), i.call_number, i.item_status_id,
  s.item_status_name, s.no_loan,
  (SELECT max(l.due_date) FROM loan l WHERE l.item_code = i.item_code AND l.is_lent = '1' AND l.is_return = '0')
FROM item i JOIN biblio b ON b.biblio_id = i.biblio_id LEFT JOIN mst_location m ON m.location_id = i.location_id
LEFT JOIN mst_item_status s ON s.item_status_id = i.item_status_id
WHERE coalesce(b.opac_hide, '0') <> '1' ORDER BY cast(i.item_id AS integer)
"""


def slims_items(store: sqlite3.Connection, number: str) -> Iterator[Told]:
    for code, biblio, location, call, status, name, no_loan, due in store.execute(_SLIMS_ITEMS):
        if not code or not code.strip():
            continue
        told = item(code, number.replace("{id}", biblio), location, call)
        told["status"] = "available"
        if status and status.strip() not in ("", "0"):
            known = status.strip().upper()
            word = {"MIS": "missing", "R": "repair", "NL": "no loan"}.get(known) or (name or status).strip()
            told["status"] = "no loan" if no_loan == "1" and known not in ("MIS", "R") else word
        if due:
            told["status"], told["due_date"] = "on_loan", due[:10]
        yield code.strip(), told


def item(code: str, local_id: str, location: str | None, call: str | None) -> dict[str, Any]:
    return {
        "item_id": code.strip(), "local_id": local_id, "location": (location or "").strip(),
        "call_number": (call or "").strip(),
    }  # fmt: skip


_SHOWN = "coalesce(%s.%s, '1') <> '0' AND coalesce(%s.QUARANTINEDDATE, '') = ''"
_RUAS = (
    "SELECT ID, Tag, Indicator1, Indicator2, Value FROM catalog_ruas WHERE CatalogId = ? "
    "ORDER BY cast(Sequence AS integer)"
)
_SUBRUAS = (
    "SELECT SubRuas, Value FROM catalog_subruas WHERE RuasID = ? ORDER BY cast(Sequence AS integer), rowid"
)


def inlislite_records(store: sqlite3.Connection) -> Iterator[Told]:
    """MARC records, which INLISLite keeps one field a row, with # for a blank.

    A title without such rows has what its own columns say.
    """
    shown = _SHOWN % ("c", "IsOPAC", "c")
    columns = ", ".join(_CATALOG_COLUMNS)
    statement = "SELECT ID, %s FROM catalogs c WHERE %s ORDER BY cast(ID AS integer)" % (columns, shown)
    for number, *values in store.execute(statement):
        told = {name: (value or "").strip() for name, value in zip(_CATALOG_COLUMNS, values)}
        fields = [field for row in store.execute(_RUAS, (number,)) for field in marc_field(store, row)]
        if not any("245" in field for field in fields):
            if not told["Title"]:
                continue
            fields += [title_of(told["Title"])] if fields else column_fields(told)
        data = {"leader": "00000nam a2200000   4500", "fields": fields}
        yield str(number), {"format": "marcjson", "data": data}


_CATALOG_COLUMNS = ("Title", "Author", "Edition", "Publisher", "PublishLocation", "PublishYear", "Subject",
                    "PhysicalDescription", "ISBN", "CallNumber", "Languages", "DeweyNo", "Note")  # fmt: skip


def column_fields(told: dict[str, str]) -> list[dict[str, Any]]:
    """A title's own columns as MARC fields. Authors and subjects are lists; the first author is the main one."""
    authors, subjects = several(told["Author"]), several(told["Subject"])
    fields = [field_of("020", isbn) for isbn in several(told["ISBN"])]
    fields += [
        field_of("041", code.lower())
        for code in several(told["Languages"])
        if re.match(r"[A-Za-z]{3}$", code)
    ]
    fields += [field_of("082", told["DeweyNo"]), field_of("090", told["CallNumber"])]
    fields += [field_of("100", name) for name in authors[:1]]
    fields += [title_of(told["Title"]), field_of("250", told["Edition"])]
    fields.append(marc_of("260", a=told["PublishLocation"], b=told["Publisher"], c=told["PublishYear"]))
    fields += [field_of("300", told["PhysicalDescription"]), field_of("500", told["Note"])]
    fields += [field_of("650", subject) for subject in subjects]
    fields += [field_of("700", name) for name in authors[1:]]
    return [field for field in fields if field]


def title_of(text: str) -> dict[str, Any]:
    """INLISLite's column has the whole of it: title : the rest of the title / by whom."""
    title, _slash, by = text.partition(" / ")
    title, _colon, rest = title.partition(" : ")
    return marc_of("245", a=title.strip(" :"), b=rest.strip(" :"), c=by.strip()) or field_of("245", text)


def several(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;|\n]", text) if part.strip()]


def field_of(tag: str, text: str) -> dict[str, Any]:
    return marc_of(tag, a=text)


def marc_of(tag: str, **subfields: str) -> dict[str, Any]:
    """A field with those of its subfields that say something; empty where none does."""
    found = [{code: text} for code, text in subfields.items() if text]
    return {tag: {"ind1": " ", "ind2": " ", "subfields": found}} if found else {}


def marc_field(store: sqlite3.Connection, row: tuple[Any, ...]) -> list[dict[str, Any]]:
    number, tag, first, second, value = row
    tag, value = (tag or "").strip(), value or ""
    if not re.match(r"^\d{3}$", tag):
        return []
    if tag < "010":
        return [{tag: value.replace("#", " ")}] if value.strip("# ") else []
    parts = [(code, said) for code, said in store.execute(_SUBRUAS, (number,))]
    if not parts:
        parts = [(part[0], part[1:]) for part in value.split("$")[1:] if part]
    found = [
        {code: said.strip()} for code, said in parts if code and said and said.strip() and code.isalnum()
    ]
    marks = [" " if mark in (None, "", "#") else mark[0] for mark in (first, second)]
    return [{tag: {"ind1": marks[0], "ind2": marks[1], "subfields": found}}] if found else []


_INLISLITE_ITEMS = """
SELECT coalesce(nullif(k.NomorBarcode, ''), nullif(k.NoInduk, ''), k.ID), k.Catalog_id, l.Name, b.Name, k.CallNumber,
  s.Name, r.Name, (SELECT max(n.DueDate) FROM collectionloanitems n
  WHERE n.Collection_id = k.ID AND coalesce(n.ActualReturn, '') = '' AND lower(coalesce(n.LoanStatus, '')) <> 'return')
FROM collections k JOIN catalogs c ON c.ID = k.Catalog_id LEFT JOIN locations l ON l.ID = k.Location_id
LEFT JOIN location_library b ON b.ID = k.Location_Library_id LEFT JOIN collectionstatus s ON s.ID = k.Status_id
LEFT JOIN collectionrules r ON r.ID = k.Rule_id
WHERE {0} AND {1} ORDER BY cast(k.ID AS integer)
""".format(_SHOWN % ("k", "ISOPAC", "k"), _SHOWN % ("c", "IsOPAC", "c"))  # fmt: skip


def inlislite_items(store: sqlite3.Connection, number: str) -> Iterator[Told]:
    for code, catalog, room, branch, call, status, rule, due in store.execute(_INLISLITE_ITEMS):
        place = " – ".join(part.strip() for part in (branch, room) if part and part.strip())
        told = item(code, number.replace("{id}", catalog), place, call)
        told["status"] = (status or "").strip()
        if told["status"].lower() == "tersedia" and (rule or "").lower() in ("baca di tempat", "tandon"):
            told["status"] = rule.strip()
        if due:
            told["status"], told["due_date"] = "on_loan", due[:10]
        yield told["item_id"], told


# --- what was sent before -------------------------------------------------------------------------------------


class Memory:
    """Which record and copy the portal has, as a hash each: so only changes travel. One agent at a time."""

    def __init__(self, path: str) -> None:
        try:
            self.file = sqlite3.connect(path, timeout=1, isolation_level=None)
            self.file.execute("PRAGMA locking_mode = EXCLUSIVE")
            self.file.execute(
                "CREATE TABLE IF NOT EXISTS sent (part TEXT, id TEXT, hash TEXT, PRIMARY KEY (part, id))"
            )
            self.file.execute("CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT)")
            self.file.execute("BEGIN EXCLUSIVE")
            self.file.execute("COMMIT")
        except sqlite3.Error as error:
            if "locked" in str(error):
                raise Problem(TEMPORARY, t("Another agent is running with %s.", path))
            raise Problem(SETTINGS, t("%s is not readable: %s", path, error))
        self.file.execute("CREATE TEMP TABLE met (part TEXT, id TEXT, PRIMARY KEY (part, id))")

    def note(self, name: str) -> str:
        row = self.file.execute("SELECT value FROM notes WHERE name = ?", (name,)).fetchone()
        return row[0] if row else ""

    def set_note(self, name: str, value: str) -> None:
        self.file.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", (name, value))

    def count(self, part: str) -> int:
        return int(self.file.execute("SELECT count(*) FROM sent WHERE part = ?", (part,)).fetchone()[0])

    def changed(
        self, part: str, told: Iterable[Told], everything: bool
    ) -> Iterator[tuple[str, dict[str, Any], str]]:
        """What the portal does not have like this: number, what to send, hash. Remembers what was met."""
        for number, what in told:
            digest = hashed(json.dumps(what, sort_keys=True))
            self.file.execute("INSERT OR IGNORE INTO met VALUES (?, ?)", (part, number))
            row = self.file.execute(
                "SELECT hash FROM sent WHERE part = ? AND id = ?", (part, number)
            ).fetchone()
            if everything or row is None or row[0] != digest:
                yield number, what, digest

    def met(self, part: str) -> int:
        return int(self.file.execute("SELECT count(*) FROM met WHERE part = ?", (part,)).fetchone()[0])

    def gone(self, part: str) -> list[str]:
        """What the portal has and the catalogue does not. Complete only after all was met."""
        rows = self.file.execute(
            "SELECT id FROM sent WHERE part = ? AND id NOT IN (SELECT id FROM met WHERE part = ?) ORDER BY id",
            (part, part),
        )
        return [row[0] for row in rows]

    def remember(self, part: str, sent: Iterable[tuple[str, str]]) -> None:
        self.file.execute("BEGIN")
        self.file.executemany("INSERT OR REPLACE INTO sent VALUES (?, ?, ?)", [(part, n, h) for n, h in sent])
        self.file.execute("COMMIT")

    def forget(self, part: str, numbers: Iterable[str]) -> None:
        self.file.execute("BEGIN")
        self.file.executemany(
            "DELETE FROM sent WHERE part = ? AND id = ?", [(part, number) for number in numbers]
        )
        self.file.execute("COMMIT")


# --- the portal -----------------------------------------------------------------------------------------------


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The key goes to the address in the settings and nowhere else."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> None:
        raise Problem(
            SETTINGS, t("The portal leads to another address, %s. Correct the setting “url”.", newurl)
        )


class SessionOver(Exception):
    """The portal ended the session: it was silent for too long."""


class Portal:
    def __init__(self, settings: Settings) -> None:
        self.base = "%s/api/v1/sources/%s/" % (settings.url, urllib.parse.quote(settings.source, safe=""))
        self.key = settings.key
        context = ssl.create_default_context(cafile=settings.ca_file or None)
        self.opener = urllib.request.build_opener(_NoRedirect(), urllib.request.HTTPSHandler(context=context))
        self.attempts = int(os.environ.get("JEJARING_ATTEMPTS", ATTEMPTS))

    def state(self) -> dict[str, Any]:
        return self._call("", None)

    def send(self, part: str, told: dict[str, Any]) -> dict[str, Any]:
        return self._call(part, gzip.compress(json.dumps(told).encode("utf-8"), 6))

    def _call(self, path: str, body: bytes | None) -> dict[str, Any]:
        """The same request again and again, ever more slowly, until it is answered. Raises Problem, SessionOver."""
        for attempt in range(1, self.attempts + 1):
            try:
                return self._once(path, body)
            except urllib.error.HTTPError as error:
                told = problem_of(error)
                if not (
                    error.code in (429, 502, 503, 504) or told.get("code") == "busy" or error.code == 500
                ):
                    raise refusal(error.code, told)
                why, asked = "HTTP %d" % error.code, error.headers.get("Retry-After", "")
            except (urllib.error.URLError, OSError, ValueError) as error:
                if isinstance(getattr(error, "reason", None), ssl.SSLCertVerificationError):
                    raise Problem(SETTINGS, t("%s is not readable: %s", self.base, error.reason))
                why, asked = str(getattr(error, "reason", error)), ""
            if attempt == self.attempts:
                break
            wait = float(asked) if asked.isdigit() else min(2.0**attempt, 120.0) * random.uniform(0.5, 1.0)  # noqa: S311
            wait = min(max(wait, 0.2), LONGEST_WAIT)
            log.warning(t("The portal does not answer (%s). Next attempt in %d seconds.", why, round(wait)))
            time.sleep(wait)
        raise Problem(
            TEMPORARY,
            t(
                "The portal could not be reached. Nothing is lost; the next run goes on where this one stopped."
            ),
        )

    def _once(self, path: str, body: bytes | None) -> dict[str, Any]:
        request = urllib.request.Request(self.base + path, data=body)
        request.add_header("Authorization", "Bearer " + self.key)
        request.add_header("User-Agent", "jejaring-agent/" + VERSION)
        request.add_header("Accept-Language", language)
        if body is not None:
            request.add_header("Content-Type", "application/json")
            request.add_header("Content-Encoding", "gzip")
        with self.opener.open(request, timeout=120) as response:
            answer = json.loads(response.read().decode("utf-8"))
        if not isinstance(answer, dict):
            raise ValueError("no portal at this address")
        return answer


def problem_of(error: urllib.error.HTTPError) -> dict[str, Any]:
    try:
        told = json.loads(error.read().decode("utf-8"))
        return told if isinstance(told, dict) else {}
    except (ValueError, OSError):
        return {}


def refusal(status: int, told: dict[str, Any]) -> Exception:
    detail = told.get("detail") or ""
    if told.get("code") == "session_over":
        return SessionOver()
    if status == 401:
        return Problem(KEY, t("The portal refuses the key: %s", detail))
    return Problem(
        SETTINGS if status in (403, 404) else TEMPORARY, t("The portal answers %d: %s", status, detail)
    )


# --- one run --------------------------------------------------------------------------------------------------


class Sending:
    """One pass over the catalogue: what changed is sent, what is gone is said."""

    def __init__(self, settings: Settings, memory: Memory, catalogue: Catalogue, portal: Portal) -> None:
        self.settings, self.memory, self.catalogue, self.portal = settings, memory, catalogue, portal
        self.figures: dict[str, int] = {}
        self.state: dict[str, Any] = {}

    def run(self, full: bool) -> None:
        self.state = self.portal.state()
        log.info(connected(self.state))
        if not self.state.get("open", True):
            raise Problem(SETTINGS, t("The source is switched off in the portal. Nothing was sent."))
        full = (full or self._full_is_due()) and self.catalogue.whole
        if "records" in self.state.get("takes", []):
            self._part("records", self.catalogue.records(), full)
        else:
            log.info(t("This source takes copies only; records are not sent."))
        self._part("items", self.catalogue.items(), full)
        if full:
            self.memory.set_note("full_at", str(time.time()))

    def _full_is_due(self) -> bool:
        """Now and then, and where the portal has something else than we remember: everything is compared anew."""
        known, stored = self.memory.count("records"), self.state.get("records", 0)
        last = float(self.memory.note("full_at") or 0)
        if not known:
            return bool(stored)
        return stored < 0.9 * known - 10 or (last > 0 and time.time() - last > FULL_DAYS * 86400)

    def _part(self, part: str, told: Iterator[Told], full: bool) -> None:
        try:
            self._send_all(part, told, full)
        except SessionOver:
            # The rest is not lost: what was stored is remembered, and the next pass goes on from there.
            raise Problem(
                TEMPORARY,
                t(
                    "The portal could not be reached. Nothing is lost; the next run goes on where this one stopped."
                ),
            )

    def _send_all(self, part: str, told: Iterator[Told], full: bool) -> None:
        """New and changed ones, then what is gone, as one session. A full one says that it was everything."""
        session = "%s-%s-%08x" % (
            part,
            datetime.datetime.now().strftime("%Y%m%d%H%M%S"),
            random.getrandbits(32),
        )
        most = min(
            self.state.get("limits", {}).get(part, 500), BATCH_RECORDS if part == "records" else BATCH_ITEMS
        )
        batches = batched(self.memory.changed(part, told, full), most)
        batch, seq, done = next(batches, None), 0, 0
        while batch is not None:
            following = next(batches, None)
            gone = self._gone(part) if following is None and not full else []
            fits = len(gone) + len(batch) <= most
            last = following is None and fits
            seq += 1
            self._send(part, session, seq, batch, gone if fits else [], full and following is None, last)
            done += len(batch)
            if following is None and not fits:
                self._send_gone(part, session, seq, gone, most)
            elif following is not None and done % 5000 < len(batch):
                log.info(t("Sent %d records." if part == "records" else "Sent %d copies.", done))
            batch = following
        if not seq:
            self._send_gone(part, session, 0, self._gone(part), most)

    def _gone(self, part: str) -> list[str]:
        """A file that ends too early, or has nothing of this part, says nothing of what is gone."""
        return self.memory.gone(part) if self.catalogue.whole and self.memory.met(part) else []

    def _send_gone(self, part: str, session: str, seq: int, gone: list[str], most: int) -> None:
        for number, start in enumerate(range(0, len(gone), most), seq + 1):
            self._send(
                part, session, number, [], gone[start : start + most], False, start + most >= len(gone)
            )

    def _send(
        self, part: str, session: str, seq: int, batch: list[tuple[str, dict[str, Any], str]], gone: list[str],
        complete: bool, last: bool,
    ) -> None:  # fmt: skip
        key = "identifier" if part == "records" else "item_id"
        body: dict[str, Any] = {
            "session": session,
            "seq": seq,
            "complete": complete,
            "last": last,
            "deleted": gone,
        }
        if part == "items":
            body["as_of"] = self.catalogue.as_of
        elif last and self.catalogue.whole:
            body["total"] = self.memory.met(part)
        body[part] = [dict(what, **{key: number}) for number, what, _digest in batch]
        answer = self.portal.send(part, body)
        results = {result.get(key): result for result in answer.get("results", [])}
        self.memory.remember(part, [(number, digest) for number, _what, digest in batch])
        self.memory.forget(part, gone)
        for result in results.values():
            word = "%s %s" % (part, result.get("result"))
            self.figures[word] = self.figures.get(word, 0) + 1
            if result.get("result") == "rejected" and self.figures[word] <= 10:
                log.warning(t("The portal did not take “%s”: %s", result.get(key), result.get("reason", "")))
        ended = answer.get("complete", {})
        if complete:
            self.memory.forget(part, self.memory.gone(part) if ended.get("accepted") else [])
            self.figures["%s deleted" % part] = self.figures.get("%s deleted" % part, 0) + ended.get(
                "taken_out", 0
            )
        held = ended.get("held", 0) or self.figures.pop("%s held" % part, 0)
        if held and part == "records":
            log.warning(
                t("More records would go than is usual; the portal asks your manager about %d of them.", held)
            )

    def summary(self) -> str:
        def count(*words: str) -> int:
            return sum(self.figures.get(word, 0) for word in words)

        if all(word.endswith("unchanged") or not number for word, number in self.figures.items()):
            return t("Nothing has changed since the last time.")
        return t(
            "Done: %d records new, %d changed, %d taken out, %d refused; %d copies changed.",
            count("records created"), count("records updated"), count("records deleted", "records noted"),
            count("records rejected"), count("items created", "items updated", "items deleted"),
        )  # fmt: skip


def connected(state: dict[str, Any]) -> str:
    stored = state.get("items", {}).get("stored", 0)
    values = (state.get("name", ""), state.get("library", ""), state.get("records", 0), stored)
    return t("Connected to “%s” (%s): %d records and %d copies are there.", *values)


def batched(
    changed: Iterable[tuple[str, dict[str, Any], str]], most: int
) -> Iterator[list[tuple[str, dict[str, Any], str]]]:
    batch: list[tuple[str, dict[str, Any], str]] = []
    size = 0
    for one in changed:
        length = len(json.dumps(one[1]))
        if batch and (len(batch) >= most or size + length > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += length
    if batch:
        yield batch


def one_run(settings: Settings, options: Any) -> None:
    folder = tempfile.mkdtemp(prefix="jejaring-")
    try:
        state = settings.state
        if options.dry_run:  # looks at a copy, and changes nothing
            state = os.path.join(folder, "state")
            if os.path.exists(settings.state):
                shutil.copyfile(settings.state, state)
        memory = Memory(state)
        store = sqlite3.connect(os.path.join(folder, "catalogue"))
        try:
            catalogue = read_catalogue(settings, store)
            if options.dry_run:
                dry_run(memory, catalogue)
            else:
                sending = Sending(settings, memory, catalogue, Portal(settings))
                sending.run(options.full)
                log.info(sending.summary())
        finally:
            store.close()
            memory.file.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def read_catalogue(settings: Settings, store: sqlite3.Connection) -> Catalogue:
    store.execute("PRAGMA journal_mode = OFF")
    store.execute("PRAGMA synchronous = OFF")
    log.info(t("Reading %s", settings.catalogue))
    try:
        catalogue = Catalogue(settings, store)
        counts = [sum(1 for _one in catalogue.records()), sum(1 for _one in catalogue.items())]
    except (OSError, EOFError, csv.Error, sqlite3.Error) as error:
        raise Problem(FILE, t("%s is not readable: %s", settings.catalogue, error))
    log.info(t("Found %d records and %d copies.", *counts))
    if not counts[0]:
        raise Problem(FILE, t("No records were found in %s. Nothing was sent.", settings.catalogue))
    if catalogue.skipped:
        text = "%d rows could not be read and were left out; the first is line %d."
        log.warning(t(text, catalogue.skipped, catalogue.first_skipped))
    if not catalogue.whole:
        log.warning(t("The file ends too early. What it holds is sent, but nothing is taken out."))
    return catalogue


def dry_run(memory: Memory, catalogue: Catalogue) -> None:
    counts: list[int] = []
    for part, told in (("records", catalogue.records()), ("items", catalogue.items())):
        changed = list(memory.changed(part, told, False))
        for number, what, _digest in changed[:3]:
            log.info("%s %s: %s", part, number, json.dumps(what, ensure_ascii=False)[:300])
        counts += [len(changed), len(memory.gone(part)) if catalogue.whole else 0]
    log.info(t("Would send %d records and take out %d; %d copies and take out %d.", *counts))


# --- the command line -----------------------------------------------------------------------------------------


def options_of(arguments: list[str] | None) -> Any:
    parser = argparse.ArgumentParser(
        prog="jejaring_agent.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "jejaring-agent.ini")
    parser.add_argument(
        "--config", default=here, metavar="FILE",
        help="settings, with the key; only you may read it / "
        "berkas pengaturan berisi kunci; hanya Anda yang boleh membacanya",
    )  # fmt: skip
    times = parser.add_mutually_exclusive_group()
    times.add_argument(
        "--once", action="store_true", help="send once and end (the usual way) / kirim sekali lalu selesai"
    )
    times.add_argument(
        "--every", type=float, metavar="MINUTES", help="send again and again / kirim berkala tiap … menit"
    )
    parser.add_argument(
        "--check", action="store_true", help="only see if the key works / hanya menguji kunci dan sambungan"
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would be sent / tampilkan yang akan dikirim"
    )
    parser.add_argument("--full", action="store_true", help="send everything anew / kirim ulang semuanya")
    parser.add_argument("--version", action="version", version=VERSION)
    return parser.parse_args(arguments)


def check(settings: Settings) -> None:
    log.info(connected(Portal(settings).state()))


def pass_once(options: Any) -> int:
    """One pass; its exit code. The settings are read anew each time, so that they can be changed while it runs."""
    try:
        settings = Settings(options.config)
        if options.check:
            check(settings)
        else:
            one_run(settings, options)
    except Problem as problem:
        log.error("%s", problem)
        return problem.code
    return DONE


def main(arguments: list[str] | None = None) -> int:
    options = options_of(arguments)
    if hasattr(sys.stdout, "reconfigure"):  # a console that lacks a letter shows another one
        sys.stdout.reconfigure(errors="replace")
    logging.basicConfig(
        format="%(asctime)s  %(levelname)s  %(message)s", level=logging.INFO, stream=sys.stdout
    )
    logging.addLevelName(logging.WARNING, "WARN")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        while True:
            code = pass_once(options)
            if not options.every or code == SETTINGS:
                return code
            log.info(t("Next run in %d minutes.", options.every))
            time.sleep(options.every * 60)
    except KeyboardInterrupt:
        log.info(t("Stopped."))
        return DONE


if __name__ == "__main__":
    sys.exit(main())
