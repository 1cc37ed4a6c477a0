"""Tables that no system wrote: their columns guessed from words and values, their rows as drafts."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.formats.csv_guess import COLUMNS, Mapping, guess
from catalog.formats.csv_table import remapped, rows_of, to_draft, with_mapping
from catalog.formats.errors import BadRecord
from catalog.formats.marc21 import problem
from catalog.formats.marc21 import to_draft as draft_of
from catalog.formats.reader import parse_payload, read_records
from catalog.formats.records import RawRecord, Rejected
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


def table(rows: list[list[str]], delimiter: str = ";", encoding: str = "utf-8") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def read_table(content: bytes, mapping: Mapping) -> list[RawRecord | Rejected]:
    return list(read_records(io.BytesIO(b"".join(with_mapping(io.BytesIO(content), mapping)))))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_table_with_its_mapping_in_front_is_read_like_any_other_format(encoding: str) -> None:
    rows = [[cell.replace("Hirata", "Hiráta") for cell in row] for row in [INDONESIAN, *BOOKS]]
    found = read_table(table(rows, encoding=encoding), guess(rows))
    drafts = [draft_of(record) for record in found if isinstance(record, RawRecord)]
    assert [(d.title, d.author) for d in drafts] == [
        ("Bumi manusia", "Pramoedya Ananta Toer"), ("Laskar pelangi", "Andrea Hiráta"),
    ]  # fmt: skip
    assert [sum(h.item_count for h in d.holdings) for d in drafts] == [3, 1]
    assert [record.position for record in found] == [1, 2]


def test_a_stored_row_is_read_again_with_another_mapping() -> None:
    mapping = guess([INDONESIAN, *BOOKS])
    record = read_table(table([INDONESIAN, *BOOKS]), mapping)[0]
    changed = Mapping({**mapping.columns, 9: "notes"}, True, mapping.names)
    payload = remapped(record.payload, changed.as_json())
    first, again = (draft_of(parse_payload(p, "table")) for p in (record.payload, payload))
    assert (first.holdings[0].location, again.holdings[0].location) == ("A1", "")
    assert again.notes == ["A1"]
    assert again.identifier == first.identifier
    other = Mapping({0: "title"}, True, ["Nama", "Alamat"])
    assert remapped(record.payload, other.as_json()) == record.payload


def test_the_mapping_put_on_a_stored_row_is_the_one_that_a_new_upload_would_store() -> None:
    mapping = guess([INDONESIAN, *BOOKS])
    changed = Mapping({**mapping.columns, 9: "notes"}, True, mapping.names)
    old, new = (read_table(table([INDONESIAN, *BOOKS]), m)[1].payload for m in (mapping, changed))
    assert old != new
    assert remapped(old, changed.as_json()) == new


def test_a_row_cut_short_by_a_spreadsheet_is_taken_and_one_with_cells_too_many_is_refused() -> None:
    rows = [["Judul", "Pengarang", "Tahun"], ["Bumi manusia", "Toer"], ["A", "B", "1", "x"], ["C", "D", "2", ""],
            ["sendiri"]]  # fmt: skip
    found = read_table(table(rows), guess(rows))
    assert [r.reason_code if isinstance(r, Rejected) else "" for r in found] == [
        "",
        "row_columns",
        "",
        "row_columns",
    ]


def test_the_same_row_twice_is_two_copies_with_keys_that_stay_the_same() -> None:
    rows = [["Judul", "Pengarang"], ["Bumi manusia", "Toer"], ["Bumi manusia", "Toer"]]
    first, second = ([draft_of(r).identifier for r in read_table(table(rows), guess(rows))] for _ in "ab")
    assert first == second
    assert len(set(first)) == 2


def test_columns_of_the_same_name_and_without_one_are_kept_apart() -> None:
    mapping = Mapping({0: "title", 1: "author", 2: "notes"}, True, ["Nama", "Nama", ""])
    record = read_table(table([["Nama", "Nama", ""], ["Bumi manusia", "Toer", "bekas"]]), mapping)[0]
    draft = draft_of(record)
    assert (draft.title, draft.author, draft.notes) == ("Bumi manusia", "Toer", ["bekas"])


@pytest.mark.parametrize("payload", [b"", b"[]", b'{"row": 1}', b'{"row": {}, "as": []}'])
def test_stored_bytes_that_are_no_row_are_refused(payload: bytes) -> None:
    with pytest.raises(BadRecord):
        parse_payload(payload, "table")


CELLS = st.one_of(
    st.sampled_from(["Judul", "Pengarang", "979-97312-3-2", "1980", '"', "a;b", "\n", "\ud800"]), st.text()
)


@given(
    st.lists(st.lists(CELLS, max_size=6), min_size=1, max_size=12),
    st.sampled_from([";", ",", "\t"]),
    st.data(),
)
@settings(max_examples=150, deadline=None)
def test_whatever_stands_in_a_table_is_read_or_refused_row_by_row(
    rows: list[list[str]], delimiter: str, data: st.DataObject
) -> None:
    content = "\n".join(delimiter.join(row) for row in rows).encode("utf-8", "surrogatepass")
    mapping = guess([row.cells for row in rows_of(io.BytesIO(content))])
    mapping.columns |= {place: data.draw(st.sampled_from(COLUMNS)) for place in range(len(mapping.names))}
    assert Mapping.from_json(json.loads(json.dumps(mapping.as_json()))) == mapping
    for record in read_table(content, mapping):
        if isinstance(record, RawRecord):
            again = parse_payload(remapped(record.payload, mapping.as_json()), "table")
            assert draft_of(again) == draft_of(record)


@given(st.binary(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_bytes_behind_a_mapping_are_read_or_refused(content: bytes) -> None:
    for record in read_table(content, Mapping({0: "title", 1: "isbn", 2: "copies"}, False, ["", "", ""])):
        if isinstance(record, RawRecord):
            draft_of(record)
