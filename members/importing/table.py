"""Bytes of a table (CSV, TSV, semicolons; UTF-8, UTF-16, Windows-1252) to rows of text. Nothing is trusted."""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

MOST_BYTES = 40 * 1024 * 1024
MOST_ROWS = 100_000
MOST_COLUMNS = 60
MOST_CELL = 1000
DELIMITERS = (",", ";", "\t", "|")
SAMPLE = 64 * 1024
# How files begin that people take for tables: Excel and LibreOffice (zip), old Excel, PDF.
NO_TABLES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")


class TableError(Exception):
    """The file is no table. `code`: no_table, empty, too_big, too_many_rows, too_many_columns."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Table:
    encoding: str
    delimiter: str
    packed: bytes  # the same rows as gzipped UTF-8 CSV
    first: list[list[str]]  # at most 20 rows
    rows: int


def read_table(data: bytes) -> Table:
    """Find encoding and delimiter, and read the whole file once, so that later reading can't fail."""
    if len(data) > MOST_BYTES:
        raise TableError("too_big")
    if data.startswith(NO_TABLES):
        raise TableError("no_table")
    encoding, text = _decode(data)
    delimiter = _delimiter(text[:SAMPLE])
    first: list[list[str]] = []
    count = 0
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=5, mtime=0) as packed:
        writer = csv.writer(lines := io.StringIO(), lineterminator="\n")
        for row in _parse(text, delimiter):
            count += 1
            if count > MOST_ROWS + 1:  # a header among them
                raise TableError("too_many_rows")
            if len(row) > MOST_COLUMNS:
                raise TableError("too_many_columns")
            if len(first) < 20:
                first.append(row)
            writer.writerow(row)
            if count % 1000 == 0:
                packed.write(_taken(lines))
        packed.write(_taken(lines))
    if not count:
        raise TableError("empty")
    return Table(encoding=encoding, delimiter=delimiter, packed=out.getvalue(), first=first, rows=count)


def rows_of(packed: bytes) -> Iterator[list[str]]:
    """The rows that `read_table` packed."""
    with (
        gzip.GzipFile(fileobj=io.BytesIO(packed)) as file,
        io.TextIOWrapper(file, encoding="utf-8", newline="") as text,
    ):
        yield from csv.reader(text)


def _taken(lines: io.StringIO) -> bytes:
    text = lines.getvalue()
    lines.seek(0)
    lines.truncate()
    return text.encode()


def _decode(data: bytes) -> tuple[str, str]:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16", data.decode("utf-16", errors="replace")
    sample = data[:2000]
    if sample.count(0) > len(sample) // 4:  # two bytes a letter, and the mark in front is missing
        encoding = "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"
        return encoding, data.decode(encoding, errors="replace")
    try:
        return "utf-8", data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "cp1252", data.decode("cp1252", errors="replace")


def _delimiter(sample: str) -> str:
    """The one that cuts most lines into the same number of columns, and into more than one."""
    best, best_score = ",", (0, 0)
    for delimiter in DELIMITERS:
        widths = Counter(len(row) for row in list(_parse(sample, delimiter))[:30])
        if not widths:
            continue
        width, times = widths.most_common(1)[0]
        if width > 1 and (times, width) > best_score:
            best, best_score = delimiter, (times, width)
    return best


def _parse(text: str, delimiter: str) -> Iterator[list[str]]:
    """Rows that are not empty; control characters (NUL would stop the database) are taken out."""
    csv.field_size_limit(1_000_000)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            cells = [_clean(cell) for cell in row]
            if any(cells):
                yield cells
    except csv.Error as error:
        raise TableError("no_table") from error


def _clean(cell: str) -> str:
    cell = " ".join(cell.split()) if cell.isprintable() else " ".join(
        "".join(letter if letter.isprintable() else " " for letter in cell).split()
    )  # fmt: skip
    return cell[:MOST_CELL]
