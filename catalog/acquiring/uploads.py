"""What a librarian pastes or uploads to rows of text: lines, CSV in any encoding, spreadsheets. Nothing is trusted."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from members.importing.table import MOST_CELL, MOST_COLUMNS, MOST_ROWS, TableError, read_table

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 150 * 1024 * 1024
MOST_PARTS = 2000
ZIP = b"PK\x03\x04"
BOOK, SHEETS = "xl/workbook.xml", "xl/worksheets/"
BLOCK = 1024 * 1024
# Where cells and rows say that they stand. The reader lays a sheet out from the first cell to the last: one cell at
# the far corner of an empty sheet would cost gigabytes.
_PLACE = re.compile(rb"""\br\s*=\s*["']([^"']*)["']""")
_CELL = re.compile(rb"([A-Z]{0,3})(\d{0,7})")


@dataclass(frozen=True)
class Rows:
    packed: bytes  # gzipped CSV, as members.importing.table.rows_of reads it
    count: int


def rows_read(data: bytes) -> Rows:
    """Raises TableError: no_table, empty, too_big, too_many_rows, too_many_columns."""
    if len(data) > MOST_BYTES:
        raise TableError("too_big")
    if data.startswith(ZIP):
        return _packed(_spreadsheet(data))
    table = read_table(data)
    return Rows(table.packed, table.rows)


def _spreadsheet(data: bytes) -> Iterable[list[str]]:
    """The first sheet that is not empty."""
    _look_into(data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in book.sheet_names:
            # Empty rows below a list count here too: spreadsheets drag many along.
            lines = book.get_sheet_by_name(name).to_python()
            rows = [row for line in lines if any(row := [_text(cell) for cell in line])]
            if rows:
                return rows
    except (CalamineError, PasswordError, ValueError, OSError) as error:
        raise TableError("no_table") from error
    raise TableError("empty")


def _look_into(data: bytes) -> None:
    """Unpack every part once: a small file may grow to gigabytes, lie about its size, or spread a few cells far."""
    left = MOST_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if BOOK not in names or len(names) != len(archive.infolist()):
                raise TableError("no_table")  # another kind of archive, or one with two parts of one name
            if len(names) > MOST_PARTS:
                raise TableError("too_big")
            for part in archive.infolist():
                content = bytearray()
                with archive.open(part) as file:
                    while block := file.read(BLOCK):
                        left -= len(block)
                        if left < 0:
                            raise TableError("too_big")
                        content += block if part.filename.endswith(".xml") else b""
                if part.filename.endswith(".xml") and part.filename.startswith(SHEETS):
                    _measure(bytes(content))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise TableError("no_table") from error


def _measure(sheet: bytes) -> None:
    if b"\0" in sheet[:1000]:  # two bytes a letter: nothing could be found in it
        raise TableError("no_table")
    for place in set(_PLACE.findall(sheet)):
        found = _CELL.fullmatch(place)
        if found is None:
            raise TableError("no_table")
        if int(found.group(2) or 0) > MOST_ROWS + 1:
            raise TableError("too_many_rows")
        if _column(found.group(1)) > MOST_COLUMNS:
            raise TableError("too_many_columns")


def _column(letters: bytes) -> int:
    """A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _text(cell: object) -> str:
    """A whole number stays one: spreadsheets keep 9786020331607 as 9786020331607.0."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = str(cell)
    if not text.isprintable():
        text = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(text.split())[:MOST_CELL]


def _packed(rows: Iterable[list[str]]) -> Rows:
    count, out = 0, io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=5, mtime=0) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", errors="replace", newline="", write_through=True)
        writer = csv.writer(text, lineterminator="\n")
        for count, row in enumerate(rows, 1):
            if count > MOST_ROWS + 1:  # a header among them
                raise TableError("too_many_rows")
            writer.writerow(row)
        text.detach()
    return Rows(out.getvalue(), count)
