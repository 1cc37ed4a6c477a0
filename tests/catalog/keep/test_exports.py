"""Files of titles, read back by the programs' own kinds of readers: nothing is lost, nothing breaks the format."""

from __future__ import annotations

import csv
import io
from typing import Any

import bibtexparser
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware
from django.test import Client
from lxml import etree

from catalog.exporting.references import PAGE, Person, reference_of
from catalog.exporting.writers import bibtex, endnote, ris
from catalog.models import Edition
from catalog.search import indexer
from tests.catalog.search.world import edition, library

pytestmark = pytest.mark.django_db
ODD = "50 % {lebih} & $murah$ #1 _ ~ ^ \\ ü — <b>"


def book(title: str = "Laskar Pelangi", **display: Any) -> Edition:
    values = {
        "contributors": [
            {"name": "Hirata, Andrea", "role": "author"},
            {"name": "Departemen Pendidikan", "role": "corporate"},
        ],
        "identifiers": [{"scheme": "isbn", "value": "9789793062792", "valid": True}],
        "subjects": ["Fiksi Indonesia", "Belitung"], "summary": "Baris satu.\nBaris dua\x07.", "place": "Yogyakarta",
        "edition_statement": "Edisi 3", "series": ["Tetralogi; 1"], "extent": "534 hlm.", **display,
    }  # fmt: skip
    return edition(
        title,
        "Hirata, Andrea",
        held_by=(library("NEAR"),),
        publisher="Bentang",
        language="ind",
        display=values,
    )


def body(client: Client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200, address
    assert answer["Content-Disposition"].startswith("attachment")
    return answer.getvalue()


def test_ris_is_read_back() -> None:
    text = ris(reference_of(book(ODD), "https://x.example/edition/1")).decode()
    assert all(line[2:6] == "  - " for line in text.splitlines() if line) and "\x07" not in text
    (read,) = rispy.loads(text.replace("\r\n", "\n"))
    assert read["title"] == ODD and read["authors"] == ["Hirata, Andrea", "Departemen Pendidikan"]
    assert (read["type_of_reference"], read["year"], read["publisher"]) == ("BOOK", "2005", "Bentang")
    assert read["keywords"] == ["Fiksi Indonesia", "Belitung"]
    assert read["abstract"] == "Baris satu. Baris dua ."


@pytest.mark.parametrize("title", [ODD, "{", "}", "\\", "@book{x,", "100%"])
def test_bibtex_is_read_back(title: str) -> None:
    text = bibtex(reference_of(book(title), "https://x.example/edition/1")).decode()
    library_read = bibtexparser.parse_string(text, append_middleware=[LatexDecodingMiddleware()])
    assert library_read.failed_blocks == []
    (entry,) = library_read.entries
    assert entry.entry_type == "book" and entry["year"] == "2005" and entry["isbn"] == "9789793062792"
    plain = bibtexparser.parse_string(text).entries[0]["title"]
    assert plain.count("{") == plain.count("}") + plain.count(r"\{") - plain.count(r"\}")
    assert entry["author"].startswith("Hirata, Andrea and")


def test_names_in_direct_order_are_one_piece() -> None:
    text = bibtex(
        reference_of(book(contributors=[{"name": "Pramoedya Ananta Toer", "role": "author"}]), "x")
    ).decode()
    assert "author = {{Pramoedya Ananta Toer}}" in text
    assert Person("Pramoedya Ananta Toer").inverted == "Pramoedya Ananta Toer"


def test_two_books_never_have_one_key() -> None:
    keys = {bibtex(reference_of(book(), "x")).split(b",")[0] for _ in range(3)}
    assert len(keys) == 3


def test_endnote_is_xml_with_everything_in_its_place() -> None:
    record = etree.fromstring(endnote(reference_of(book(ODD), "https://x.example/edition/1")))
    assert record.findtext("titles/title") == ODD
    assert [author.text for author in record.iter("author")] == ["Hirata, Andrea", "Departemen Pendidikan,"]
    assert record.find("ref-type").get("name") == "Book"  # type: ignore[union-attr]
    assert record.findtext("isbn") == "9789793062792"


def test_a_table_runs_no_formulas(client: Client) -> None:
    made = book('=HYPERLINK("http://evil")')
    rows = list(
        csv.DictReader(
            io.StringIO(body(client, f"/search/export?as=csv&edition={made.pk}").decode("utf-8-sig"))
        )
    )
    assert rows[0]["title"].startswith("'=") and rows[0]["isbn"] == "9789793062792"


def test_a_whole_search_is_taken_along_whatever_its_length(client: Client) -> None:
    for number in range(PAGE + 30):
        edition(f"Peta {number}", held_by=(library("NEAR"),))
    edition("Laut", held_by=(library("NEAR"),))
    indexer.index_dirty()
    found = rispy.loads(
        body(client, "/search/export?as=ris&q=peta&sort=title").decode().replace("\r\n", "\n")
    )
    assert len(found) == PAGE + 30
    assert found[0]["title"] == "Peta 0"
    assert len({entry["id"] for entry in found}) == PAGE + 30


def test_every_format_of_the_menu_is_there_and_no_other(client: Client) -> None:
    made = book()
    for code in ("ris", "bibtex", "endnote", "csv", "marcxml"):
        assert (
            b"9789793062792" in body(client, f"/search/export?as={code}&edition={made.pk}")
            or code == "marcxml"
        )
    assert client.get(f"/search/export?as=exe&edition={made.pk}").status_code == 404
    assert client.get("/search/export?as=ris").status_code in (302, 503)


def test_merged_editions_come_once_as_what_they_are_now(client: Client) -> None:
    one, other = book("Satu"), book("Dua")
    Edition.objects.filter(pk=one.pk).update(merged_into=other)
    text = body(client, f"/search/export?as=ris&edition={one.pk}&edition={other.pk}").decode()
    assert text.count("TY  - ") == 1 and "Dua" in text
