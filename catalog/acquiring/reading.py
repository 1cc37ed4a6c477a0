"""One row of a weeding list to the value that names a book, or to why there is none. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from catalog.acquiring.choices import RowProblem
from catalog.acquiring.numbers import bare_isbn, isbn_of

LONGEST = 100
# As library systems and spreadsheets call these columns; compared without signs and spaces.
ISBNS = frozenset({"isbn", "isbn13", "isbn10", "isbnissn", "nomorisbn", "noisbn"})
BARCODES = frozenset(
    {"barcode", "itemcode", "kodeeksemplar", "kodeitem", "nomorinduk", "noinduk", "inventarisasi",
     "nomorinventaris", "noinventaris", "accession", "accessionnumber", "eksemplar", "nomorbarcode", "kodebarcode"}
)  # fmt: skip
NUMBERS = frozenset(
    {"biblioid", "bibid", "biblionumber", "recordnumber", "controlnumber", "idbiblio", "nomorkatalog", "nomorkendali",
     "id", "bibnumber", "001", "nomorcantuman"}
)  # fmt: skip
_ROUNDED = re.compile(r"^\d(?:[.,]\d+)?E\+?\d+$", re.I)
_QUOTED = re.compile(r'^="(.*)"$')  # how spreadsheets are told to leave a number alone


@dataclass(frozen=True)
class Named:
    """What a row names: a number to be looked for as `value`, or an ISBN; a problem where neither."""

    position: int
    value: str
    isbn: str = ""
    problem: str = ""
    only: str = ""  # "barcode" or "number" where the column says so


def read_rows(rows: Iterable[Sequence[str]]) -> Iterator[Named]:
    """A header tells the columns; without one every cell is looked at. What stands there twice is said so."""
    columns: list[str] | None = None
    seen: set[str] = set()
    for position, cells in enumerate(rows, 1):
        if position == 1 and (columns := _columns(cells)):
            continue
        row = _named(position, [_plain(cell) for cell in cells], columns or [])
        mark = f"{row.only}:{row.value.casefold()}" if row.only else row.isbn or row.value.casefold()
        if not row.problem and mark in seen:
            row = Named(position, row.value, problem=RowProblem.TWICE)
        seen.add(mark)
        yield row


def _columns(cells: Sequence[str]) -> list[str] | None:
    """What each column is, if this is a header."""
    kinds = [_kind(cell) for cell in cells]
    return kinds if any(kinds) else None


def _kind(cell: str) -> str:
    bare = re.sub(r"[\W_]+", "", cell.casefold())
    if bare in ISBNS:
        return "isbn"
    return "barcode" if bare in BARCODES else "number" if bare in NUMBERS else ""


def _plain(cell: str) -> str:
    found = _QUOTED.match(cell.strip())
    return (found.group(1) if found else cell).strip().lstrip("'").strip()


def _named(position: int, cells: list[str], columns: list[str]) -> Named:
    by_kind = {kind: cell for kind, cell in zip(columns, cells, strict=False) if kind and cell}
    for kind in ("barcode", "number"):  # one copy is meant rather than the whole edition
        if value := by_kind.get(kind):
            return _numbered(position, value, kind, isbn_of(by_kind.get("isbn", "")))
    told = [by_kind["isbn"]] if "isbn" in by_kind else [] if columns else [cell for cell in cells if cell]
    for cell in told:
        if isbn := isbn_of(cell):
            return Named(position, cell[:200], isbn=isbn)
    if not told:
        return Named(position, "", problem=RowProblem.EMPTY)
    if "isbn" in by_kind and not bare_isbn(told[0]) and not _ROUNDED.match(told[0]):
        return Named(position, told[0][:200], problem=RowProblem.ISBN_WRONG)
    return _numbered(position, told[0], "")


def _numbered(position: int, value: str, only: str, isbn: str = "") -> Named:
    if _ROUNDED.match(value) and only != "barcode":
        return Named(position, value[:200], problem=RowProblem.ROUNDED)
    if len(value) > LONGEST:
        return Named(position, value[:200], problem=RowProblem.TOO_LONG)
    # 13 digits that begin with 978 can hardly be a library's own number.
    if not only and bare_isbn(value) and value.replace("-", "").startswith(("978", "979")):
        return Named(position, value, problem=RowProblem.ISBN_WRONG)
    return Named(position, value, isbn, only=only)
