"""Whole clusters: the measures themselves, and that the matcher keeps what it reached on real heaps of records."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.formats import flat
from catalog.matching.normalise import features
from catalog.matching.score import compare
from catalog.matching.vetoes import veto
from catalog.models import SourceRecord
from tests.baselines import heaps, judged
from tests.baselines.clusters import Heap, measure, wrong_pairs
from tests.baselines.figures import clustered
from tests.catalog.building import load, marc, source, write
from tests.paths import needs_shared

CITIES = ("Bandung", "Malang", "Medan", "Padang", "Kudus", "Ambon", "Bogor", "Surakarta")


def test_the_measures_are_those_of_the_books() -> None:
    truth = dict(zip(range(6), "AAABBC", strict=True))
    right = measure(dict(zip(range(6), (1, 1, 1, 2, 2, 3), strict=True)), truth)
    assert (right.precision, right.recall, right.b3_precision, right.b3_recall) == (1, 1, 1, 1)
    mixed = measure(dict(zip(range(6), (1, 1, 2, 2, 2, 2), strict=True)), truth)
    assert (mixed.precision, mixed.recall) == (2 / 7, 2 / 4)
    assert mixed.b3_precision == pytest.approx((2 * 1 + 1 / 4 + 2 * 2 / 4 + 1 / 4) / 6)
    assert mixed.b3_recall == pytest.approx((2 * 2 / 3 + 1 / 3 + 2 + 1) / 6)
    assert list(wrong_pairs(dict.fromkeys(range(6), 1), truth)) == [(0, 3), (0, 5)]


@pytest.mark.django_db
def test_the_heap_clusters_as_loading_does(tmp_path: Path) -> None:
    """Blocks, merges and pages in memory are the same as those in the database."""
    told = [
        (f"{n}", f"Sejarah kota {CITIES[n % 8]}{' lama' if n % 3 == 0 else ''}", 1980 + n % 5)
        for n in range(60)
    ]
    own = source()
    records = [marc(i, title, year=year, author="Kartono, Slamet", pages=200) for i, title, year in told]
    load(own, write(tmp_path, *records))
    stored = list(SourceRecord.objects.order_by("id"))
    heap = Heap()
    heap.add((record.pk, record.features) for record in stored)
    groups: dict[int, set[int]] = {}
    expected: dict[int, set[int]] = {}
    for record in stored:
        groups.setdefault(heap.edition_of[record.pk], set()).add(record.pk)
        assert record.edition_id is not None
        expected.setdefault(record.edition_id, set()).add(record.pk)
    assert sorted(map(sorted, groups.values())) == sorted(map(sorted, expected.values()))
    assert 1 < len(groups) < 60


@needs_shared
def test_clusters_of_records_that_taught_nothing_are_pure_and_whole() -> None:
    found = clustered(heaps.marc_ai("test"))
    assert found.records > 5000
    assert found.precision >= 0.99
    assert found.recall >= 0.97
    assert found.b3_f1 >= 0.99


@needs_shared
def test_merges_of_indonesian_records_that_a_person_judged() -> None:
    said, _, between = judged.indonesian()
    assert said.same + said.different + said.open == 148
    assert between >= 8
    assert said.same_joined >= 0.95 * said.same
    assert said.different_joined == 0


@pytest.mark.parametrize(
    ("one", "two", "why"),
    [
        ("Sejarah kota Bandung", "Sejarah kota Malang", "replaced_word"),
        ("Statistik penduduk Kabupaten Bandung", "Statistik penduduk Kabupaten Garut", "replaced_word"),
    ],
)
def test_a_series_by_one_body_is_left_to_a_person_though_all_else_agrees(
    one: str, two: str, why: str
) -> None:
    rest = {"author": "Kartono, Slamet", "year": 1980, "pages": "200 hlm.", "publisher": "Pemda"}
    a, b = (features(flat.draft({"title": title, **rest})) for title in (one, two))
    assert (compare(a, b, 1.0).outcome, compare(a, b, 1.0).caution) == ("review", why)


def test_one_other_word_is_left_to_a_person_where_no_pages_tell() -> None:
    rest = {"author": "Toer, Pramoedya", "year": 1980, "publisher": "Hasta Mitra"}
    titles = ("Riwayat bumi dan bumi", "Riwayat bumi dan pasar", "Riwajat bumi dan bumi")
    one, two, misprint = (features(flat.draft({"title": title, **rest})) for title in titles)
    assert (compare(one, two, 1.0).outcome, compare(one, two, 1.0).caution) == ("review", "replaced_word")
    assert compare(one, misprint, 1.0).caution != "replaced_word"


def test_other_numbers_are_left_to_a_person_even_on_a_shared_isbn() -> None:
    rest = {
        "author": "Yayasan Istiqlal",
        "year": 1996,
        "isbn": "9789798175886",
        "publisher": "Yayasan Istiqlal",
    }
    one = features(flat.draft({"title": "Ruh Islam dalam budaya bangsa 1; aneka budaya Nusantara", **rest}))
    two = features(flat.draft({"title": "Ruh Islam dalam budaya bangsa 2; aneka budaya di Jawa", **rest}))
    assert compare(one, two, 1.0).outcome == "review"


def test_a_revised_school_book_that_keeps_its_isbn_is_left_to_a_person() -> None:
    rest = {"author": "Mulyono, Dwi", "isbn": "9789790403444", "publisher": "Wangsa Jatra Lestari"}
    first = {"title": "Sosiologi kelas XII", "year": 2014, "edition": "Kurikulum 2013"}
    later = {"title": "Sosiologi kelas XII edisi revisi", "year": 2016, "edition": "Edisi revisi 2016"}
    one, two = (features(flat.draft({**told, **rest})) for told in (first, later))
    assert (compare(one, two, 1.0).outcome, compare(one, two, 1.0).caution) == ("review", "revised")
    titled = [
        features(flat.draft({"title": f"Sejarah kelas X edisi revisi {y}", **rest})) for y in (2014, 2016)
    ]
    assert veto(*titled) == "edition"


@needs_shared
def test_the_editions_of_one_novel_stay_apart() -> None:
    said, records, clusters = judged.novel()
    assert records == 383 and clusters > 330
    assert said.same_joined >= 0.9 * said.same
    assert said.different_joined <= 1


@pytest.mark.parametrize(
    ("one", "two", "name"),
    [
        ({"title": "Sejarah Indonesia Kelas XI"}, {"title": "Sejarah Indonesia Kelas XII Semester 1"}, "school_year"),
        ({"title": "Matematika kelas VII"}, {"title": "Matematika untuk kelas X"}, "school_year"),
        ({"title": "Vademecum I seorang muslim"}, {"title": "Vademecum II seorang muslim"}, "number"),
        ({"title": "Tempo", "edition": "Vol. 3 No. 1"}, {"title": "Tempo", "edition": "Vol. 3 No. 3"}, "issue"),
        ({"title": "Tempo", "edition": "7-13 Maret 2016"}, {"title": "Tempo", "edition": "14-20 Maret 2016"}, "issue"),
        ({"title": "Tafsir", "subtitle": "Juz V"}, {"title": "Tafsir", "subtitle": "Juz VIII"}, "part"),
        ({"title": "Sejarah kelas XI"}, {"title": "Sejarah kelas 11"}, ""),
        ({"title": "Kimia kelas X"}, {"title": "Kimia untuk SMA"}, ""),
        ({"title": "Laskar pelangi", "edition": "Cet. 5"}, {"title": "Laskar pelangi", "edition": "Cet. 2"}, ""),
        ({"title": "Perang 1945 di Surabaya"}, {"title": "Perang 1946 di Surabaya"}, ""),
    ],
)  # fmt: skip
def test_numbers_that_tell_two_books_of_one_isbn_apart(
    one: dict[str, str], two: dict[str, str], name: str
) -> None:
    isbn = {"isbn": "9786024271220"}
    assert veto(features(flat.draft({**one, **isbn})), features(flat.draft({**two, **isbn}))) == name
