"""The facts behind the demo catalogues."""

from __future__ import annotations

from collections import Counter

import pytest
from django.utils.text import slugify
from stdnum import isbn, issn

from network_portal.demo.editions import SHELVES, WORKS, load_editions, rows

EDITIONS = load_editions()


def test_there_are_far_more_than_four_hundred_different_editions() -> None:
    described = {
        (e.title, e.part, e.people, e.publisher, e.year, e.statement, e.language, e.form) for e in EDITIONS
    }
    assert len({e.key for e in EDITIONS}) == len(EDITIONS)
    # Volumes of two comics and one children's series differ in the subtitle alone.
    assert len(described) >= len(EDITIONS) - 3 >= 700


def test_every_isbn_and_issn_has_a_right_check_digit() -> None:
    assert [e.key for e in EDITIONS if e.isbn and not isbn.is_valid(e.isbn)] == []
    assert [e.key for e in EDITIONS if e.issn and not issn.is_valid(e.issn)] == []
    assert sum(bool(e.isbn) for e in EDITIONS) > 100


def test_no_isbn_stands_at_two_editions() -> None:
    numbers = Counter(isbn.to_isbn13(e.isbn) for e in EDITIONS if e.isbn)
    assert [number for number, times in numbers.items() if times > 1] == []


@pytest.mark.parametrize("shelf", SHELVES)
def test_every_line_of_a_shelf_has_all_columns(shelf: str) -> None:
    for row in rows(shelf):
        assert None not in row and None not in row.values(), row
        assert row["title"] == row["title"].strip() and row["publisher"] and row["place"], row
        assert row["form"] in ("", "serial", "map", "audio", "largeprint", "thesis"), row
        assert 1600 < int(row["year"]) <= 2026, row


@pytest.mark.parametrize(
    "title",
    [
        "Laskar Pelangi", "Bumi Manusia", "Siti Nurbaya", "Ronggeng Dukuh Paruk", "Pengantar Ilmu Perpustakaan",
        "Salah Asuhan", "Layar Terkembang", "Di Bawah Lindungan Ka'bah", "Sang Pemimpi", "Cantik Itu Luka", "Pulang",
        "Laut Bercerita", "Negeri 5 Menara", "Ayat-Ayat Cinta", "Filosofi Teras", "Sapiens", "Campbell Biology",
        "Kimia Dasar", "Kalkulus", "Babad Tanah Jawi", "Harry Potter dan Batu Bertuah",
    ],
)  # fmt: skip
def test_a_book_that_people_will_look_for_is_there(title: str) -> None:
    assert any(e.title == title for e in EDITIONS)


def test_the_languages_of_the_country_and_other_scripts_are_there() -> None:
    languages = {e.language for e in EDITIONS}
    assert {"ind", "jav", "sun", "min", "bug", "eng", "ara", "jpn", "rus"} <= languages
    assert {"serial", "thesis", "map", "audio", "largeprint"} <= {e.form for e in EDITIONS}


def test_every_summary_and_every_romanisation_belongs_to_an_edition() -> None:
    summarised = {slugify(e.title) for e in EDITIONS if e.summary}
    assert {slugify(row["title"]) for row in rows("summaries")} == summarised
    assert len(summarised) >= 60
    used = {text for e in EDITIONS for text in e.romanised}
    assert used == {row["original"] for row in rows("romanised")}


def test_what_tells_siblings_apart_is_known_to_the_reader_of_the_files() -> None:
    bumi_manusia = [e for e in EDITIONS if e.title == "Bumi Manusia"]
    assert len(bumi_manusia) > 1 and all(e.has_siblings for e in bumi_manusia)
    volume = next(e for e in EDITIONS if e.title == "Sejarah Nasional Indonesia" and e.part == "2")
    assert (volume.part_name, volume.subtitle) == ("Zaman kuno", "")
    set_with_one_subtitle = next(e for e in EDITIONS if e.title == "Tafsir al-Mishbah" and e.part == "2")
    assert set_with_one_subtitle.subtitle and not set_with_one_subtitle.part_name


def test_the_columns_are_explained_beside_the_files() -> None:
    text = (WORKS / "README.md").read_text(encoding="utf-8")
    assert all(
        f"`{column}`" in text for column in ("part", "people", "language", "subjects", "number", "form")
    )
