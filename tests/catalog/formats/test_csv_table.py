"""Tables that no system wrote: their columns guessed from words and values, their rows as drafts."""

from __future__ import annotations

import csv
import io

import pytest

from catalog.formats.csv_table import Mapping, guess, rows_of, to_draft
from catalog.formats.marc21 import problem
from tests.paths import SHARED, needs_shared

FOLDER = SHARED / "data" / "indonesian"
INDONESIAN = ["No", "Judul Buku", "Pengarang", "Penerbit", "Kota Terbit", "Thn. Terbit", "ISBN", "No. Klasifikasi",
              "Jumlah Eksemplar", "Lokasi Rak", "Harga"]  # fmt: skip
BOOKS = [
    ["1", "Bumi manusia", "Pramoedya Ananta Toer", "Hasta Mitra", "Jakarta", "1980", "979-97312-3-2", "899.221", "3",
     "A1", "50000"],
    ["2", "Laskar pelangi : novel", "Andrea Hirata", "Bentang", "Yogyakarta", "2005", "978-979-3062-79-2", "899.221",
     "1", "A2", "60000"],
]  # fmt: skip


def test_an_indonesian_header_names_its_columns() -> None:
    found = guess([INDONESIAN, *BOOKS])
    assert found.header
    assert found.problem == ""
    assert found.columns == {
        1: "title", 2: "author", 3: "publisher", 4: "place", 5: "year", 6: "isbn", 7: "classification", 8: "copies",
        9: "location",
    }  # fmt: skip
    assert found.unsure == []


def test_rows_become_drafts() -> None:
    mapping = guess([INDONESIAN, *BOOKS])
    first, second = (to_draft(row, mapping) for row in BOOKS)
    assert (first.title, first.author, first.publisher, first.place) == (
        "Bumi manusia", "Pramoedya Ananta Toer", "Hasta Mitra", "Jakarta",
    )  # fmt: skip
    assert (first.year, first.isbns, first.classification) == (1980, ["9789799731234"], ["899.221"])
    assert [(h.location, h.call_number, h.item_count) for h in first.holdings] == [("A1", "899.221", 3)]
    assert (second.title, second.subtitle) == ("Laskar pelangi", "novel")
    assert first.identifier != second.identifier
    assert first.identifier == to_draft(BOOKS[0], mapping).identifier


def test_an_english_header_in_another_order_is_known() -> None:
    header = [
        "Call Number",
        "Title",
        "Subtitle",
        "Author Name",
        "Publication Year",
        "Language",
        "Pages",
        "Barcode",
    ]
    row = ["823 ROW h", "Harry Potter", "and the goblet of fire", "Rowling, J.K.; GrandPré, Mary", "2000", "English",
           "636", "B1;B2"]  # fmt: skip
    mapping = guess([header, row])
    assert [mapping.columns[place] for place in range(8)] == [
        "call_number", "title", "subtitle", "author", "year", "language", "extent", "barcode",
    ]  # fmt: skip
    found = to_draft(row, mapping)
    assert [c.name for c in found.contributors] == ["Rowling, J.K.", "GrandPré, Mary"]
    assert (found.identifier, found.extent, found.language) == ("row:B1", "636 hlm.", "eng")
    assert [(h.call_number, h.barcodes) for h in found.holdings] == [("823 ROW h", ["B1", "B2"])]


def test_without_a_header_values_tell() -> None:
    rows = [[b[6], b[1], b[5], b[7], "Indonesia", f"{n}00 hlm. ; 21 cm"] for n, b in enumerate(BOOKS * 4, 1)]
    found = guess(rows)
    assert not found.header
    assert found.columns == {
        0: "isbn",
        1: "title",
        2: "year",
        3: "classification",
        4: "language",
        5: "extent",
    }
    assert sorted(found.unsure) == [0, 1, 2, 3, 4, 5]


def test_a_table_without_any_title_says_so() -> None:
    found = guess([["ISBN", "Tahun"], ["979-97312-3-2", "1980"]])
    assert found.problem == "no_title"
    assert problem(to_draft(["979-97312-3-2", "1980"], found)) == "no_title"
    assert guess([]).problem == "no_title"


def test_columns_with_names_of_their_own_are_left_alone() -> None:
    found = guess([["Judul", "Tanggal input", "Harga"], ["Bumi manusia", "1980", "2005"]])
    assert found.columns == {0: "title"}


def test_a_mapping_is_stored_and_read_again() -> None:
    mapping = guess([INDONESIAN, *BOOKS])
    assert Mapping.from_json(mapping.as_json()) == mapping
    assert Mapping.from_json({"columns": {"1": "nonsense", "2": "title"}}).columns == {2: "title"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_rows_come_out_of_files_of_any_dialect(delimiter: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([INDONESIAN, *BOOKS])
    content = out.getvalue().replace("Hirata", "Hiráta").encode("cp1252")
    rows = [row.cells for row in rows_of(io.BytesIO(content))]
    assert len(rows) == 3
    found = to_draft(rows[2], guess(rows))
    assert (found.author, found.warnings) == ("Andrea Hiráta", ["fallback_encoding"])


@needs_shared
def test_tables_of_real_systems_are_guessed() -> None:
    for name, least in (("slims-smk", 15), ("slims-sample", 15), ("slims-digilib", 1)):
        with (FOLDER / name / "csv" / "biblio.csv").open("rb") as stream:
            rows = [row.cells for row in rows_of(stream)]
        mapping = guess(rows)
        named = {column: mapping.names[place] for place, column in mapping.columns.items()}
        assert (named["title"], named["isbn"], named["year"]) == ("title", "isbn_issn", "publish_year")
        drafts = [to_draft(row, mapping) for row in rows[1:]]
        assert len([d for d in drafts if problem(d) is None]) == len(drafts) >= least
        assert len({d.identifier for d in drafts}) == len(drafts)


@needs_shared
def test_the_columns_of_a_renamed_export_are_guessed_too() -> None:
    with (FOLDER / "slims-universitas-dumai" / "senayan_biblio_export.csv").open("rb") as stream:
        rows = [row.cells for row in rows_of(stream)]
    mapping = guess(rows)
    named = {column: mapping.names[place] for place, column in mapping.columns.items()}
    assert named["title"] == "Judul"
    assert named["call_number"] == "No. Panggil"
    assert named["barcode"].startswith("Nomor Induk")
    assert sum(bool(to_draft(row, mapping).isbns) for row in rows[1:]) > 1000
