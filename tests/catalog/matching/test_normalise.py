"""Folding what catalogues write differently: titles, volumes, names, publishers, editions."""

from __future__ import annotations

import pytest

from catalog.matching.keys import match_keys
from catalog.matching.normalise import (
    edition_number,
    fold,
    name_tokens,
    pages,
    publisher_stem,
    title_and_part,
)


@pytest.mark.parametrize(
    ("title", "number", "name", "expected"),
    [
        ("Matematika jilid II", "", "", ("matematika", "2")),
        ("Buku Ajar Ilmu Penyakit Dalam, jilid 3", "", "", ("buku ajar ilmu penyakit dalam", "3")),
        ("Matematika", "Jil. 2", "", ("matematika", "2")),
        ("Matematika, buku kedua", "", "", ("matematika", "2")),
        ("Matematika. 2", "", "", ("matematika", "2")),
        ("Matematika", "", "Vol. ii", ("matematika", "2")),
        ("Buku ajar fisika", "", "", ("buku ajar fisika", "")),
        ("The Lord of the Rings", "", "", ("lord of the rings", "")),
        ("Sang pemimpi", "", "", ("pemimpi", "")),
        ("Sedjarah Djakarta", "", "", ("sejarah jakarta", "")),
        ("1984", "", "", ("1984", "")),
        ("Jilid 2", "", "", ("jilid 2", "")),
    ],
)
def test_a_volume_is_found_wherever_it_is_written(
    title: str, number: str, name: str, expected: tuple[str, str]
) -> None:
    assert title_and_part(title, number, name) == expected


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Hirata, Andrea", "Andrea Hirata"),
        ("Prof. Dr. H. Quraish Shihab, M.A.", "Shihab, Quraish"),
        ("Soekarno", "Sukarno"),
        ("Budi Santoso, S.Pd., M.Hum.", "Santoso, Budi"),
        ("Pamuntjak, Laksmi", "Laksmi Pamuncak"),
        ("Émile Zola", "Zola, Emile"),
    ],
)
def test_names_are_equal_in_any_order_without_titles(one: str, two: str) -> None:
    assert name_tokens(one) == name_tokens(two)


@pytest.mark.parametrize(
    ("statement", "number"),
    [
        ("Ed. 2", 2), ("Edisi kedua", 2), ("2nd ed.", 2), ("Edisi III", 3), ("Ed. ke-3", 3), ("Ed. 1, cet. 5", 1),
        ("Cet. ke-5, ed. 2", 2), ("cet. 5", None), ("Cetakan ketujuh", None), ("Edisi revisi", None), ("", None),
    ],
)  # fmt: skip
def test_a_printing_is_no_edition(statement: str, number: int | None) -> None:
    assert edition_number(statement) == number


def test_publishers_lose_their_legal_form_and_pages_are_the_largest_number() -> None:
    assert publisher_stem("PT. Gramedia Pustaka Utama") == publisher_stem("Penerbit Gramedia Pustaka Utama")
    assert publisher_stem("CV") == "cv"
    assert pages("xii, 320 hlm. : ilus. ; 21 cm") == 320
    assert pages("1 v.") is None


def test_other_scripts_stay_themselves_and_long_texts_are_cut() -> None:
    assert fold("الأيام") == "الايام"
    assert fold("紅樓夢") == "紅樓夢"
    assert len(fold("kata " * 1_000_000)) <= 400


def test_records_of_one_house_year_and_length_are_looked_at_whatever_their_titles_say() -> None:
    told = {"year": 1983, "numbers": [126], "publisher": "museum nasional"}
    one, other = (
        {**told, "title": "prajurit keraton", "names": [["suthren"]]},
        {**told, "title": "abdi dalem"},
    )
    assert set(match_keys(one)) & set(match_keys(other))
    assert not set(match_keys({**one, "isbn": ["9789799731234"]})) & set(match_keys(other))
