"""The description that readers see: no shouting, no volume said twice, the sources' records left as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.matching.capitals import unshout
from catalog.matching.merge import display_of, merge
from catalog.models import Edition, SourceRecord
from tests.catalog.building import load, marc, source, write


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("SERAT CENTHINI 2", "Serat Centhini 2"),
        ("IBUNDA", "Ibunda"),
        ("DI BAWAH LINDUNGAN KA'BAH", "Di Bawah Lindungan Ka'bah"),
        ("PERANG DUNIA II DI ASIA DAN PASIFIK", "Perang Dunia II di Asia dan Pasifik"),
        ("UUD 1945: SEJARAH DAN TAFSIR", "UUD 1945: Sejarah dan Tafsir"),
        ("DASAR-DASAR HTML UNTUK PEMULA: YANG MUDAH", "Dasar-Dasar HTML untuk Pemula: Yang Mudah"),
        ("THE LORD OF THE RINGS", "The Lord of the Rings"),
        ("ÉTUDES SUR L'ISLAM", "Études Sur L'islam"),
        ("Bumi Manusia", "Bumi Manusia"),
        ("eBOOK", "eBOOK"),
        ("ВОЙНА И МИР", "ВОЙНА И МИР"),
        ("红楼梦", "红楼梦"),
        ("Q", "Q"),
        ("1984", "1984"),
        ("", ""),
    ],
)
def test_a_title_in_capitals_only_is_shown_as_a_reader_would_write_it(sent: str, shown: str) -> None:
    assert unshout(sent) == shown


def test_a_record_that_does_not_shout_is_preferred_to_a_guess() -> None:
    shouted, quiet = {"title": "LASKAR PELANGI", "subtitle": "SEBUAH NOVEL"}, {"title": "Laskar pelangi"}
    assert merge([shouted, quiet])["title"] == "Laskar pelangi"
    assert merge([shouted, quiet])["subtitle"] == "Sebuah Novel"
    assert merge([shouted, dict(shouted)])["title"] == "Laskar Pelangi"


def test_a_volume_that_the_title_names_is_not_said_again() -> None:
    assert "part_number" not in display_of({"title": "Tafsir al-Azhar, jilid 1", "part_number": "1"})
    assert display_of({"title": "Tafsir al-Azhar", "part_number": "1"})["part_number"] == "1"
    assert display_of({"title": "Matematika kelas 7", "part_number": "Jilid 2"})["part_number"] == "Jilid 2"


@pytest.mark.django_db
def test_the_record_itself_stays_as_it_was_sent(tmp_path: Path) -> None:
    load(source(), write(tmp_path, marc("1", "SERAT CENTHINI 2", subtitle="SULUK TAMBANGRARAS")))
    edition, record = Edition.objects.get(), SourceRecord.objects.get()
    assert (edition.title, edition.subtitle) == ("Serat Centhini 2", "Suluk Tambangraras")
    assert (record.draft["title"], record.draft["subtitle"]) == ("SERAT CENTHINI 2", "SULUK TAMBANGRARAS")


def test_links_keep_what_the_best_record_calls_them() -> None:
    a, b = "https://example.org/a", "https://example.org/b"
    one = {
        "title": "Bumi manusia",
        "links": [a],
        "link_texts": {a: "Teks lengkap"},
        "summary": "x",
        "notes": ["y", "z"],
    }
    two = {"title": "Bumi manusia", "links": [a, b], "link_texts": {a: "klik", b: "Daftar isi"}}
    merged = merge([two, one])
    assert merged["links"] == [a, b]
    assert merged["link_texts"] == {a: "Teks lengkap", b: "Daftar isi"}
    assert "link_texts" not in merge([{"title": "Bumi manusia", "links": [a]}, {"title": "Bumi manusia"}])
