"""Tables as libraries save them: signs, encodings, columns, cells."""

from __future__ import annotations

import datetime

import pytest

from members.choices_people import Problem
from members.importing.columns import guess, has_header
from members.importing.rows import BadRow, PersonRow, read_row
from members.importing.table import MOST_BYTES, TableError, read_table, rows_of

TEXT = "Nama;Surel;No. Anggota\r\nSitti Aïsjah;siti@example.org;0012\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_a_table_reads_the_same_in_every_encoding(encoding: str) -> None:
    table = read_table(TEXT.encode(encoding))
    rows = list(rows_of(table.packed))
    assert rows == [["Nama", "Surel", "No. Anggota"], ["Sitti Aïsjah", "siti@example.org", "0012"]]
    assert guess(table.first) == ["name", "email", "card_number"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_usual_delimiter_is_found(delimiter: str) -> None:
    text = f'name{delimiter}email\n"Budi{delimiter} Ani"{delimiter}b@example.org\n'
    name = " ".join(f"Budi{delimiter} Ani".split())
    assert list(rows_of(read_table(text.encode()).packed))[1] == [name, "b@example.org"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"PK\x03\x04 a spreadsheet", "no_table"),
        (b"%PDF-1.7", "no_table"),
        (b"\n\n", "empty"),
        (b"x" * (MOST_BYTES + 1), "too_big"),
        (b"a\n" * 100_002, "too_many_rows"),
        (b"a," * 61, "too_many_columns"),
    ],
)
def test_what_is_no_table_is_said(data: bytes, code: str) -> None:
    with pytest.raises(TableError) as refused:
        read_table(data)
    assert refused.value.code == code


def test_a_nul_and_line_ends_in_a_cell_do_no_harm() -> None:
    assert list(rows_of(read_table(b'email,name\na@b.id,"Bu\x00di\nAni"\n').packed))[1] == [
        "a@b.id",
        "Bu di Ani",
    ]


def test_a_file_without_header_is_known_by_its_addresses() -> None:
    first = [["Budi", "b@example.org"], ["Ani", "a@example.org"]]
    assert not has_header(first) and guess(first) == ["", "email"]


COLUMNS = ("email", "name", "card_number", "expires_on", "phone")


def test_a_row_becomes_values() -> None:
    row = read_row(2, ["Budi@Example.org", "Budi", '="0012"', "31/12/2027", "+62 812-33"], COLUMNS)
    assert row == PersonRow(
        2, "budi@example.org", "Budi", "+62 812-33", "0012", "", datetime.date(2027, 12, 31)
    )


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        (["no-address"], Problem.EMAIL_WRONG),
        (["a@example.org", "=cmd|' /C calc'!A0"], Problem.FORMULA),
        (["a@example.org", "@SUM(A1)"], Problem.FORMULA),
        (["a@example.org", "+1+cmd"], Problem.FORMULA),
        (["a@example.org", "n" * 151], Problem.TOO_LONG),
        (["a@example.org", "", "", "2027-02-30"], Problem.DATE_WRONG),
        (["a@example.org", "", "", "soon"], Problem.DATE_WRONG),
    ],
)
def test_a_row_that_cannot_be_taken_over_says_why(cells: list[str], problem: Problem) -> None:
    assert read_row(5, cells, COLUMNS) == BadRow(5, problem.value, tuple(cells))
