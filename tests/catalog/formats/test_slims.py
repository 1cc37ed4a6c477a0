"""SLiMS's exports: told by content, in both dialects, with junk in every column; and every real one, row by row."""

from __future__ import annotations

import csv
import io
import time
from collections import Counter
from pathlib import Path

import pytest

from catalog.formats.draft import BibDraft
from catalog.formats.errors import NotMarc
from catalog.formats.marc21 import dump_lines, problem, to_draft
from catalog.formats.reader import parse_payload, read_records
from catalog.formats.records import RawRecord, Rejected
from catalog.formats.slims import COLUMNS, Item, add_items, read_items
from catalog.harvesting.pages import Prepared, prepare, read_pages
from tests.paths import SHARED, needs_shared

from .build import bad, good, read

FOLDER = SHARED / "data" / "indonesian"
ROW = ["Bumi manusia : roman", "Text", "Cet. 5", "979-97312-3-2", "Hasta Mitra", "1980", "xii, 354 hlm. : il. ; 21 cm",
       "Tetralogi Buru ; 1", "899.221 TOE b", "Indonesia", "Jakarta", "899.221", "", "bumi.jpg", "Pramoedya",
       "<TOER, Pramoedya Ananta><Lane, Max>", "<Novel><Sejarah>", "<B002><B001>"]  # fmt: skip
INDONESIAN = ["Judul", "GMD", "Edisi", "ISBN", "Penerbit", "Tahun", "Kolasi", "Seri", "No. Panggil", "Bahasa", "Tempat",
              "Klasifikasi", "Catatan", "Gambar", "Penanggung jawab", "Pengarang", "Subjek", "Barcode"]  # fmt: skip
ENGLISH = list(COLUMNS)

# File: rows, accepted, rejected by reason, titles with a valid ISBN, with a year, with an author, barcodes.
# Rows and titles as the csv module of the standard library counts them, the header of the third left out; the other
# numbers are pinned as read. Blank rows have no title.
REAL = {
    "slims-rlc/senayan_biblio_export.csv": (5799, 5799, {}, 968, 3417, 5626, 6778),
    "slims-universitas-dumai/senayan_biblio_export.csv": (1196, 1196, {}, 1062, 1191, 1192, 3127),
    "slims-smaga/senayan_biblio_export.csv": (100, 100, {}, 98, 100, 99, 9626),
    "slims-smaga/senayan_biblio_export_b.csv": (490, 490, {}, 436, 479, 473, 10192),
    "slims-smaga/senayan_biblio_export_c.csv": (41, 41, {}, 39, 41, 41, 8558),
    "slims-smaga/senayan_biblio_export_d.csv": (126, 126, {}, 91, 125, 125, 3376),
}


def export(*rows: list[str], delimiter: str = ",", quoting: int = csv.QUOTE_ALL) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=quoting).writerows(rows)  # type: ignore[arg-type]
    return out.getvalue().encode()


def row(**columns: str) -> list[str]:
    return [columns.get(name, value) for name, value in zip(COLUMNS, ROW, strict=True)]


def draft(**columns: str) -> BibDraft:
    return to_draft(good(export(row(**columns)))[0])


def test_every_column_arrives() -> None:
    found = draft()
    assert (found.identifier, found.title, found.subtitle) == ("slims:B001", "Bumi manusia", "roman")
    assert (found.responsibility, found.edition_statement) == ("Pramoedya", "Cet. 5")
    assert [c.name for c in found.contributors] == ["TOER, Pramoedya Ananta", "Lane, Max"]
    assert (found.place, found.publisher, found.year) == ("Jakarta", "Hasta Mitra", 1980)
    assert (found.extent, found.series, found.language) == ("xii, 354 hlm.", ["Tetralogi Buru ; 1"], "ind")
    assert (found.classification, found.subjects) == (["899.221"], ["Novel", "Sejarah"])
    assert (found.isbns, found.format) == (["9789799731234"], "book")
    (holding,) = found.holdings
    assert (holding.call_number, holding.barcodes, holding.item_count) == (
        "899.221 TOE b",
        ["B002", "B001"],
        2,
    )


@pytest.mark.parametrize("header", [[], [INDONESIAN], [ENGLISH]])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_ALL, csv.QUOTE_MINIMAL])
def test_dialects_and_headers_change_nothing(header: list[list[str]], delimiter: str, quoting: int) -> None:
    content = export(
        *header, ROW, row(title="Jejak langkah", items="<C1>"), delimiter=delimiter, quoting=quoting
    )
    found = good(content)
    assert [r.format for r in found] == ["slims_csv"] * 2
    assert [to_draft(r).title for r in found] == ["Bumi manusia", "Jejak langkah"]
    assert found[0].fields == good(export(ROW))[0].fields


def test_encodings_are_guessed_row_by_row() -> None:
    latin = export(row(title="Café Padang", items="<1>")).decode().encode("cp1252")
    utf8 = export(row(title="Café Medan", items="<2>"))
    twice = export(row(title="Café Solo", items="<3>")).decode().encode().decode("cp1252").encode()
    found = good(b"\xef\xbb\xbf" + latin + utf8 + twice)
    assert [to_draft(r).title for r in found] == ["Café Padang", "Café Medan", "Café Solo"]
    assert [r.warnings for r in found] == [["fallback_encoding"], [], ["double_encoded"]]
    wide = "\ufeff" + export(INDONESIAN, row(title="Café Bali"), delimiter="\t").decode()
    assert [to_draft(r).title for r in good(wide.encode("utf-16-le"))] == ["Café Bali"]


def test_line_breaks_inside_a_cell_and_lost_ones_are_read() -> None:
    content = export(
        row(notes="baris satu\nbaris dua\r\nbaris tiga"), row(title="Konseling\nDua", items="<7>")
    )
    assert [to_draft(r).title for r in good(content)] == ["Bumi manusia", "Konseling Dua"]
    assert (
        draft(title="Bimbingan KonselingrnSekolah Menengah").title == "Bimbingan Konseling Sekolah Menengah"
    )
    assert draft(title="Perpustakaan Modern").title == "Perpustakaan Modern"


def test_titles_with_one_barcode_keep_numbers_of_their_own_however_many_they_are() -> None:
    many = 20_000
    found = good(export(*(row(title=f"Judul {n}", items="<B001>") for n in range(many))))
    assert len({to_draft(r).identifier for r in found[:50] + found[-50:]}) == 100
    assert to_draft(found[1]).identifier == "slims:B001#2"


def test_a_row_that_is_damaged_costs_no_other() -> None:
    lines = export(*[row(title=f"Judul {n}", items=f"<N{n}>") for n in range(6)]).split(b"\r\n")
    lines[1] = lines[1].replace(b'"Jakarta"', b'"Jakarta')
    lines[3] = lines[3].replace(b'"Cet. 5",', b"")
    lines.insert(5, b'"","Text",' + b'"",' * 15 + b'""')
    lines.insert(6, b'"",' * 17 + b'""')
    content = b"\r\n".join(lines)
    assert [to_draft(r).title for r in good(content)] == ["Judul 0", "Judul 2", "Judul 4", "Judul 5"]
    assert [(r.position, r.reason_code) for r in bad(content)] == [
        (2, "row_quotes"), (4, "row_columns"), (6, "row_blank"),
    ]  # fmt: skip
    for refused in bad(content):
        assert refused.reason
        assert content[refused.offset :].startswith(refused.snippet[:20])


def test_a_quotation_mark_never_closed_does_not_swallow_the_file() -> None:
    lines = export(*[row(title=f"Judul {n}", items=f"<N{n}>") for n in range(3000)]).split(b"\r\n")
    lines[10] = b'"' + lines[10].replace(b'"', b"")
    started = time.perf_counter()
    assert len(good(b"\r\n".join(lines))) == 2999
    assert time.perf_counter() - started < 20


@pytest.mark.parametrize(
    ("written", "scheme", "valid"),
    [("979-97312-3-2", "isbn", True), ("978-602-03-3295-1", "isbn", False), ("0125-9989", "issn", True)],
)
def test_numbers_are_told_apart_and_wrong_ones_are_kept(written: str, scheme: str, valid: bool) -> None:
    (number,) = draft(isbn_issn=written).identifiers
    assert (number.scheme, number.valid) == (scheme, valid)


def test_what_stands_in_the_wrong_column_is_no_number() -> None:
    assert draft(isbn_issn="vii, 156 hlm.; 29 cm", collation="").extent == "vii, 156 hlm.; 29 cm"
    assert draft(isbn_issn="899.221 TOE b").identifiers == []
    assert draft(isbn_issn="-", classification="NONE", year="-").classification == []
    assert draft(collation="Buku Guru").extent == ""


def test_titles_without_barcodes_keep_apart_and_keep_their_key() -> None:
    rows = [row(items="", title="Satu"), row(items="", title="Dua"), row(items="", title="Dua")]
    keys = [to_draft(r).identifier for r in good(export(*rows))]
    assert len(set(keys)) == 3
    assert [to_draft(r).identifier for r in good(export(*rows))] == keys
    corrected = row(items="", title="Satu", year="1981", call_number="R 899")
    assert to_draft(good(export(corrected, ROW))[0]).identifier == keys[0]
    same = [to_draft(r).identifier for r in good(export(row(title="Satu"), row(title="Dua")))]
    assert same == ["slims:B001", "slims:B001#2"]


def test_a_stored_row_is_read_again_and_shown_as_fields() -> None:
    (found,) = good(export(row(title="Café")).decode().encode("cp1252"))
    again = parse_payload(found.payload, found.format)
    assert (again.leader, again.fields, again.warnings) == (found.leader, found.fields, found.warnings)
    assert [line.tag for line in dump_lines(again)][:3] == ["LDR", "001", "245"]


def test_other_tables_are_no_export() -> None:
    table, line = b"title;author\nBumi manusia;Toer\n" * 50, ",".join(["a"] * 18).encode() + b"\n"
    for content, code in ((table, "needs_mapping"), (line, "text")):
        with pytest.raises(NotMarc) as refusal:
            read(content)
        assert refusal.value.code == code


def test_the_pipeline_s_pages_take_an_export_as_it_is() -> None:
    content = export(*[row(title=f"Judul {n}", items=f"<N{n}>") for n in range(25)])
    pages = list(read_pages(io.BytesIO(content), fallback="cp1252", page_records=10))
    assert [len(groups) for _, groups in pages] == [10, 10, 5]
    done = [prepare(g, h) for page, groups in pages for g, h in zip(groups, page.heads, strict=True)]
    assert all(isinstance(item, Prepared) for item in done)
    assert [head.identifier for head in pages[0][0].heads][:2] == ["slims:N0", "slims:N1"]
    later = list(read_pages(io.BytesIO(content), fallback="cp1252", page_records=10, done=20))
    assert later[0][0].heads[0].identifier == "slims:N20"


ITEMS = (
    b"item_code,call_number,coll_type_name,inventory_code,received_date,location_name,item_status_name,title\r\n"
    b"B001,899 TOE b,Textbook,,2020-01-01,Lantai 2,Available,Bumi manusia\r\n"
    b"B002,,Reference,,2020-01-01,Referensi,No Loan,Bumi manusia\r\n"
    b",,Reference,,2020-01-01,Referensi,,Bumi manusia\r\n"
    b"B009,,Fiction,,2020-01-01,Lantai 1,Missing,Lain\r\n"
)


def test_items_say_where_a_title_s_copies_stand() -> None:
    found = list(read_items(io.BytesIO(ITEMS)))
    assert [r.reason_code for r in found if isinstance(r, Rejected)] == ["item_blank"]
    items = {item.barcode: item for item in found if isinstance(item, Item)}
    title = draft(items="<B001><B002><B003>")
    add_items(title, items)
    assert [(h.location, h.call_number, h.status, h.barcodes, h.item_count) for h in title.holdings] == [
        ("", "899.221 TOE b", "unknown", ["B003"], 1),
        ("Lantai 2", "899 TOE b", "available", ["B001"], 1),
        ("Referensi", "899.221 TOE b", "reference", ["B002"], 1),
    ]
    assert items["B009"].status == "unavailable"
    with pytest.raises(NotMarc) as refusal:
        read(ITEMS.replace(b"title\r\n", b"title,site\r\n", 1))
    assert refusal.value.code == "slims_items"


@needs_shared
def test_real_item_tables_are_read() -> None:
    for name in ("slims-sample", "slims-smk"):
        with (FOLDER / name / "csv" / "item.csv").open("rb") as stream:
            found = list(read_items(stream))
        assert len(found) == 10
        assert all(isinstance(item, Item) and item.barcode.startswith("B000") for item in found)


@needs_shared
@pytest.mark.parametrize("name", REAL)
def test_every_row_of_a_real_export_is_accepted_or_refused_with_a_reason(name: str) -> None:
    path: Path = FOLDER / name
    with path.open("rb") as stream:
        found = list(read_records(stream))
    refused = Counter(r.reason_code for r in found if isinstance(r, Rejected))
    drafts = [to_draft(r) for r in found if isinstance(r, RawRecord)]
    assert all(problem(d) is None for d in drafts)
    assert len({d.identifier for d in drafts}) == len(drafts)
    counted = (
        len(found), len(drafts), dict(refused), sum(bool(d.isbns) for d in drafts), sum(bool(d.year) for d in drafts),
        sum(bool(d.author) for d in drafts), sum(len(h.barcodes) for d in drafts for h in d.holdings),
    )  # fmt: skip
    assert counted == REAL[name]
    with path.open(newline="") as stream:
        delimiter = ";" if name.endswith("smaga/senayan_biblio_export.csv") else ","
        rows = [
            cells
            for cells in csv.reader(stream, delimiter=delimiter)
            if any(cells) and cells[1] != "Jenis File"
        ]
    assert len(rows) == len(found)
    assert sum(bool(cells[0].strip()) for cells in rows) == len(drafts)
