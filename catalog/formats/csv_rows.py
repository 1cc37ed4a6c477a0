"""Rows out of CSV as library systems and spreadsheets really write it, in bounded memory.

Called by slims and csv_table. A row whose quotation marks do not close costs itself alone, not the rest of the file.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from .marcxml import _utf8_blocks

DELIMITERS = (",", ";", "\t", "|")
MAX_ROW = 256 * 1024  # bytes
MOST_LINES = 200  # of one row; a note of more lines is a quotation mark that was never closed
_BOM = b"\xef\xbb\xbf"
# A quotation mark with a backslash before it, as PHP's addslashes leaves it; not one that ends a cell.
_SLASHED = re.compile(r'\\"(?!\s*(?:[,;\t|]|$))')


@dataclass(slots=True)
class Row:
    """One row. A byte that is not UTF-8 is kept as a lone surrogate, for whoever knows the source's encoding."""

    offset: int
    payload: bytes
    cells: list[str]
    problem: str = ""  # "", "row_quotes", "row_columns"


def sniff(head: bytes) -> str:
    """The delimiter: the one that gives the most rows the same number of columns, and more than one."""
    best, delimiter = 0, ","
    lines = [_text(line) for line in head.split(b"\n")[:40] if line.strip()]
    for candidate in DELIMITERS:
        widths = Counter(len(_cells(line, candidate)) for line in lines)
        width, times = max(
            widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]), default=(1, 0)
        )
        score = times * (min(width, 30)) if width > 1 else 0
        if score > best:
            best, delimiter = score, candidate
    return delimiter


def read_rows(stream: BinaryIO, delimiter: str, columns: int = 0) -> Iterator[Row]:
    """Every row that is not quite empty. `columns`: how many there must be; 0 for as many as the first row has."""
    held: list[tuple[int, bytes]] = []
    lines = _lines(stream)
    while True:
        offset, line = held.pop(0) if held else next(lines, (0, b""))
        if not line:
            return
        if not line.strip():
            continue
        row, used = _row(offset, line, held, lines, delimiter, columns)
        del held[:used]
        columns = columns or len(row.cells)
        yield row


def _row(
    offset: int, line: bytes, held: list[tuple[int, bytes]], lines: Iterator[tuple[int, bytes]], delimiter: str,
    columns: int,
) -> tuple[Row, int]:  # fmt: skip
    """The row that begins with a line, and how many of the held lines belong to it."""
    alone = Row(offset, line.rstrip(b"\r\n"), _cells(_text(line), delimiter))
    if _closed(_text(line)):
        alone.problem = "row_columns" if columns and len(alone.cells) != columns else ""
        return alone, 0
    whole = line
    for used in range(1, MOST_LINES):
        if len(held) < used:
            following = next(lines, None)
            if following is None:
                break
            held.append(following)
        whole += held[used - 1][1]
        if len(whole) > MAX_ROW:
            break
        if _closed(_text(whole)):
            cells = _cells(_text(whole), delimiter)
            if not columns or len(cells) == columns:
                return Row(offset, whole.rstrip(b"\r\n"), cells), used
            break
    if columns and len(alone.cells) == columns:
        return alone, 0  # a quotation mark for inches, or a forgotten one at the row's end
    alone.problem = "row_quotes"
    return alone, 0


def _text(line: bytes) -> str:
    text = line.decode("utf-8", "surrogateescape").replace("\0", "")
    return _SLASHED.sub('""', text) if '\\"' in text else text


def _closed(text: str) -> bool:
    return '"' not in text or text.count('"') % 2 == 0


def _cells(text: str, delimiter: str) -> list[str]:
    """The cells of one row's text, without blanks around them."""
    try:
        rows = list(csv.reader(text.splitlines(keepends=True), delimiter=delimiter))
    except csv.Error:
        return []
    return [cell.strip() for cell in rows[0]] if rows else []


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Lines with their offsets. One longer than a row may be is handed out in pieces, which will be refused."""
    buffer, start = b"", 0
    for block in _utf8_blocks(stream):
        if not start and not buffer and block.startswith(_BOM):
            block, start = block[3:], 3
        if b"\r" in block and b"\n" not in block:
            block = block.replace(b"\r", b"\n")  # as old spreadsheets on Macintosh end their lines
        buffer += block
        done = 0
        while (end := buffer.find(b"\n", done)) >= 0:
            yield start + done, buffer[done : end + 1]
            done = end + 1
        buffer, start = buffer[done:], start + done
        if len(buffer) > MAX_ROW:
            yield start, buffer
            start, buffer = start + len(buffer), b""
    if buffer:
        yield start, buffer
