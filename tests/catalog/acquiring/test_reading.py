"""Lists before weeding: what a row names, and files that are broken, hostile or too big."""

from __future__ import annotations

import io
import zipfile

import pytest

from catalog.acquiring import uploads
from catalog.acquiring.reading import read_rows
from members.importing.table import TableError, rows_of

SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData>'
    "</worksheet>"
)
NAMESPACE = "http://schemas.openxmlformats.org/"
BOOK = (
    f'<workbook xmlns="{NAMESPACE}spreadsheetml/2006/main" '
    f'xmlns:r="{NAMESPACE}officeDocument/2006/relationships">'
    '<sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>'
)
LINKS = (
    f'<Relationships xmlns="{NAMESPACE}package/2006/relationships"><Relationship Id="r1" '
    f'Type="{NAMESPACE}officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
)
ROOT = (
    f'<Relationships xmlns="{NAMESPACE}package/2006/relationships"><Relationship Id="r1" '
    f'Type="{NAMESPACE}officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
TYPES = f'<Types xmlns="{NAMESPACE}package/2006/content-types"/>'


def xlsx(*cells: object, filler: int = 0) -> bytes:
    """A spreadsheet with one column; `filler`: so many bytes that pack to nothing."""
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><v>{cell}</v></c></row>' if isinstance(cell, int | float)
        else f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{cell}</t></is></c></row>'
        for n, cell in enumerate(cells, 1)
    )  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", ROOT)
        archive.writestr("xl/workbook.xml", BOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", LINKS)
        archive.writestr("xl/worksheets/sheet1.xml", SHEET.format(rows=rows))
        if filler:
            archive.writestr("xl/media/x.bin", b"\0" * filler)
    return out.getvalue()


def rows(data: bytes) -> list[tuple[str, str, str, str]]:
    read = read_rows(rows_of(uploads.rows_read(data).packed))
    return [(row.value, row.isbn, row.only, row.problem) for row in read]


def test_isbns_with_and_without_hyphens_are_the_same_book() -> None:
    found = rows(b"978-602-03-3160-7\nISBN 9786020331607\n979-3062-79-7\n")
    assert [row[1] for row in found] == ["9786020331607", "", "9789793062792"]
    assert [row[3] for row in found] == ["", "twice", ""]


def test_a_header_tells_which_column_counts() -> None:
    found = rows(
        b"Judul;ISBN;Kode Eksemplar\nBuku;978-602-03-3160-7;B0001\nLain;;B0002\nKosong;9789793062792;\n"
    )
    assert found == [
        ("B0001", "9786020331607", "barcode", ""), ("B0002", "", "barcode", ""),
        ("9789793062792", "9789793062792", "", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "problem"),
    [("9786020331608", "isbn_wrong"), ("9.78602E+12", "rounded"), ('"9,78602E+12"', "rounded"), ("x" * 101, "too_long"),
     ('"=""00123"""', ""), ("=1+1", ""), ("00123", "")],
)  # fmt: skip
def test_what_cannot_be_a_number_says_why(line: str, problem: str) -> None:
    assert rows(f"A1\n{line}\n".encode())[1][3] == problem


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_any_encoding_is_read(encoding: str) -> None:
    assert rows("Kode;Catatan\nÉ-77;“satu”\n".encode(encoding))[1][0] == "É-77"


def test_spreadsheets_are_read_and_whole_numbers_stay_whole() -> None:
    found = rows(xlsx("ISBN", 9786020331607.0, "978-979-3062-79-2"))
    assert [row[1] for row in found] == ["9786020331607", "9789793062792"]


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"PK\x03\x04 broken", "no_table"), (b"\xd0\xcf\x11\xe0 old", "no_table"), (b"%PDF-1.7", "no_table"),
     (b"", "empty"),
     (b"\n\n  \n", "empty"), (xlsx(), "empty"), (b"x\n" * 100_002, "too_many_rows"), (b"," * 70, "empty"),
     (b"a," * 70 + b"\n", "too_many_columns")],
)  # fmt: skip
def test_files_that_are_no_list_are_refused(data: bytes, code: str) -> None:
    with pytest.raises(TableError) as refusal:
        uploads.rows_read(data)
    assert refusal.value.code == code


def test_a_small_file_that_unpacks_to_gigabytes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = xlsx("A1", filler=3_000_000)
    assert len(bomb) < 10_000 and uploads.rows_read(bomb).count == 1
    monkeypatch.setattr(uploads, "MOST_UNPACKED", 2_000_000)
    with pytest.raises(TableError) as refusal:
        uploads.rows_read(bomb)
    assert refusal.value.code == "too_big"
    # One that lies about its size: the directory at its end says ten bytes.
    lying = bomb.replace((3_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != bomb
    with pytest.raises(TableError):
        uploads.rows_read(lying)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ('<row r="1048576"><c><v>1</v></c></row>', "too_many_rows"),
        ('<row r="1"><c r="XFD1"><v>1</v></c></row>', "too_many_columns"),
        ("<row r='900000'><c r = \"A900000\"><v>1</v></c></row>", "too_many_rows"),
        ('<row r="1"><c r="A&#49;00000000"><v>1</v></c></row>', "no_table"),
    ],
)
def test_a_cell_far_away_does_not_make_the_sheet_huge(row: str, code: str) -> None:
    out = io.BytesIO(xlsx("A1"))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/worksheets/sheet2.xml", SHEET.format(rows=row))
    with pytest.raises(TableError) as refusal:
        uploads.rows_read(out.getvalue())
    assert refusal.value.code == code
