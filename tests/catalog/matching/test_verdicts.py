"""The cases that matchers in use get wrong: which pairs are one edition and which are not."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.formats.draft import BibDraft, Contributor, Identifier
from catalog.matching.compare import AGAINST, FOR, NAMES
from catalog.matching.normalise import features
from catalog.matching.score import REVIEW, SEPARATE, compare, isbn_worth, weights
from catalog.matching.vetoes import veto

BASE: dict[str, Any] = {
    "title": "Bumi manusia",
    "author": "Toer, Pramoedya Ananta",
    "year": 1980,
    "publisher": "Hasta Mitra",
}
ISBN, OTHER = "9789799731234", "9786020312345"


def feature(**values: Any) -> dict[str, Any]:
    values = {**BASE, **values}
    author, isbn = values.pop("author"), values.pop("isbn", "")
    draft = BibDraft(**values)
    draft.contributors = [Contributor(author)] if author else []
    draft.identifiers = [Identifier("isbn", isbn)] if isbn else []
    return features(draft)


SAME = {
    "direct_and_inverted_name": ({}, {"author": "Pramoedya Ananta Toer"}),
    "old_spelling": ({"author": "Sukarno"}, {"author": "Soekarno"}),
    "academic_titles": ({}, {"author": "Prof. Dr. Pramoedya Ananta Toer, M.Hum."}),
    "initials": ({}, {"author": "Toer, P. A."}),
    "author_missing": ({}, {"author": ""}),
    "subtitle_in_one_only": ({}, {"subtitle": "sebuah roman"}),
    "subtitle_within_the_title": ({"subtitle": "sebuah roman"}, {"title": "Bumi manusia sebuah roman"}),
    "publisher_with_legal_form": ({"publisher": "Gramedia Pustaka Utama"}, {"publisher": "PT Gramedia"}),
    "printing_is_no_edition": ({"isbn": ISBN, "edition_statement": "Cet. 5"}, {"isbn": ISBN}),
    "reprint_with_the_same_isbn": ({"isbn": ISBN}, {"isbn": ISBN, "year": 1987}),
    "capitals": ({}, {"title": "BUMI MANUSIA"}),
    "volume_written_differently": (
        {"title": "Matematika jilid 2"},
        {"title": "Matematika", "part_number": "Vol. II"},
    ),
    "year_missing": ({}, {"year": None}),
    "language_unknown": ({"language": "ind"}, {"language": "und"}),
    "figure_one_typed_as_a_letter": (
        {"title": "Sejarah Indonesia sampai 1945", "extent": "157 hlm."},
        {"title": "Sejarah Indonesia sampai l945", "extent": "157 hlm."},
    ),
    "house_by_its_initials": (
        {"title": "Statistik Indonesia", "author": "Suhariyanto", "publisher": "Badan Pusat Statistik"},
        {"title": "Statistik Indonesia", "author": "Suhariyanto", "publisher": "BPS"},
    ),
    "body_that_publishes_itself": (
        {
            "title": "Peta bahasa daerah",
            "author": "Badan Pengembangan Bahasa Indonesia",
            "publisher": "Badan Pengembangan Bahasa",
        },
        {
            "title": "Peta bahasa daerah",
            "author": "Badan Pengembangan Bahasa Indonesia",
            "publisher": "Percetakan Negara",
        },
    ),
    "letter_dropped_from_a_long_word": (
        {"title": "Pengantar sosiologi perdesaan"},
        {"title": "Pengantar sosiologi perdsaan"},
    ),
    "edition_said_in_words": ({"edition_statement": "Ed. 2"}, {"edition_statement": "Edisi kedua"}),
}
DIFFERENT = {
    "set_isbn_on_each_volume": (
        {"isbn": ISBN, "part_number": "Jilid 1"},
        {"isbn": ISBN, "part_number": "Jilid 2"},
    ),
    "two_of_one_series": (
        {"title": "Lima Sekawan", "subtitle": "di pulau harta", "year": None},
        {"title": "Lima Sekawan", "subtitle": "beraksi kembali", "year": None},
    ),
    "volume_in_one_only": (
        {"isbn": ISBN},
        {"isbn": ISBN, "title": "Bumi manusia jilid 2", "year": 1981, "pages": None},
    ),
    "cassettes_and_discs": (
        {"format": "audio", "carrier": "audio", "extent": "4 kaset suara"},
        {"format": "audio", "carrier": "audio", "extent": "5 cakram padat (CD)"},
    ),
    "lettered_halves_of_a_volume": (
        {"title": "Kelengkapan tarikh nabi I"},
        {"title": "Kelengkapan tarikh nabi IVa"},
    ),
    "isbn_used_again_for_the_next_edition": (
        {"isbn": ISBN, "edition_statement": "Ed. 1"},
        {"isbn": ISBN, "edition_statement": "Ed. 2"},
    ),
    "wrong_isbn_on_another_title": (
        {"isbn": ISBN},
        {"isbn": ISBN, "title": "Pengantar akuntansi", "author": "Sari, Dewi"},
    ),
    "other_isbn_and_other_year": ({"isbn": ISBN}, {"isbn": OTHER, "year": 2011}),
    "print_and_electronic": ({}, {"carrier": "electronic"}),
    "print_and_braille": ({}, {"carrier": "braille"}),
    "thesis_and_its_book": ({"format": "thesis"}, {}),
    "translation_with_the_same_title": ({"language": "ind"}, {"language": "eng"}),
    "same_title_other_author": ({"title": "Cinta"}, {"title": "Cinta", "author": "Rahardjo, Budi"}),
    "same_work_other_publisher": ({}, {"publisher": "Lentera Dipantara"}),
    "reprint_of_another_year_without_isbn": ({}, {"year": 2005, "publisher": "Lentera Dipantara"}),
    "generic_title_without_author": (
        {"title": "Laporan tahunan", "author": "", "publisher": ""},
        {"title": "Laporan tahunan", "author": "", "publisher": ""},
    ),
    "part_names": ({"part_name": "Aljabar"}, {"part_name": "Geometri"}),
    "issues_of_other_months": (
        {"title": "Tempo", "edition_statement": "7-13 November 2016"},
        {"title": "Tempo", "edition_statement": "7-13 Maret 2016"},
    ),
    "edition_numbers": ({"edition_statement": "Ed. 2"}, {"edition_statement": "Ed. 3"}),
}


def one_edition(left: dict[str, Any], right: dict[str, Any]) -> bool:
    left.pop("pages", None), right.pop("pages", None)
    a, b = feature(**left), feature(**right)
    assert veto(a, b) == veto(b, a)
    assert compare(a, b).score == compare(b, a).score
    return not veto(a, b) and compare(a, b).merges


@pytest.mark.parametrize("case", SAME)
def test_these_are_one_edition(case: str) -> None:
    left, right = SAME[case]
    assert one_edition(dict(left), dict(right))


@pytest.mark.parametrize("case", DIFFERENT)
def test_these_are_two_editions(case: str) -> None:
    left, right = DIFFERENT[case]
    assert not one_edition(dict(left), dict(right))


def test_the_points_say_why() -> None:
    verdict = compare(feature(isbn=ISBN), feature(isbn=ISBN, year=1987))
    assert set(verdict.points) == {
        "stem_same",
        "title_same",
        "title_short",
        "year_far",
        "name_same",
        "isbn_shared",
    }
    assert verdict.points["year_far"] < 0 < verdict.points["isbn_shared"]
    assert abs(verdict.score - sum(verdict.points.values()) - weights().start) < len(verdict.points)


def test_a_weight_has_the_sign_of_what_it_weighs() -> None:
    known = weights()
    assert all(known.points[name] > 0 for name in FOR if name in known.points)
    assert all(known.points[name] < 0 for name in AGAINST if name in known.points)
    assert known.points.keys() <= set(NAMES)


@pytest.mark.parametrize("titles", [1, 2, 3, 20])
def test_a_number_on_many_titles_is_worth_little(titles: int) -> None:
    a, b = feature(isbn=ISBN, year=None, publisher=""), feature(isbn=ISBN, year=None, publisher="")
    alone, spread = compare(a, b), compare(a, b, isbn_worth(titles))
    assert (spread.score < alone.score) == (titles > 1)
    assert spread.points.get("isbn_shared", 0) == round(weights().points["isbn_shared"] * isbn_worth(titles))


DOUBTFUL = {
    "other_publisher": ({}, {"publisher": "Lentera Dipantara"}),
    "reprint": (
        {"title": "Sejarah kesusastraan Indonesia modern", "extent": "251 hlm."},
        {
            "title": "Sejarah kesusastraan Indonesia modern",
            "extent": "251 hlm.",
            "publisher": "Lentera Dipantara",
            "year": 2011,
            "other_years": [1980],
        },
    ),
    "other_name": ({"title": "Cinta"}, {"title": "Cinta", "author": "Rahardjo, Budi"}),
    "other_year": ({}, {"year": 2005}),
    "nearly_a_word": ({"title": "Pengantar ekonomi mikro"}, {"title": "Pengantar ekonomi makro"}),
    "other_subtitle": ({"subtitle": "di pulau harta"}, {"subtitle": "beraksi kembali"}),
    "thin": ({"author": "", "publisher": ""}, {"author": "", "publisher": ""}),
    "generic_title": ({"title": "Laporan tahunan", "author": ""}, {"title": "Laporan tahunan", "author": ""}),
    "companion": (
        {"isbn": ISBN, "title": "Biologi kelas XII"},
        {"isbn": ISBN, "title": "Biologi kelas XII (Buku Guru)"},
    ),
    "revised": (
        {"isbn": ISBN, "title": "Biologi kelas XII"},
        {"isbn": ISBN, "title": "Biologi kelas XII", "edition_statement": "Edisi revisi", "year": 1982},
    ),
    "volume_one_sided": ({"isbn": ISBN}, {"isbn": ISBN, "part_number": "Jilid 2"}),
    "issue": (
        {"title": "Jurnal kajian budaya", "edition_statement": "Vol. 10 No. 6"},
        {"title": "Jurnal kajian budaya"},
    ),
}


@pytest.mark.parametrize("why", DOUBTFUL)
def test_a_doubt_is_left_to_a_person(why: str) -> None:
    left, right = DOUBTFUL[why]
    verdict = compare(feature(**left), feature(**right))
    assert (verdict.outcome, verdict.caution) == (REVIEW, why), verdict


def test_a_comparison_ends_when_nothing_left_could_outweigh_what_is_against_it() -> None:
    other = feature(title="雪国", subtitle="川端康成", year=1937, extent="12 hlm.")
    verdict = compare(feature(), other)
    assert verdict.outcome == SEPARATE
    assert not {"title_words", "words_replaced", "publisher_differs"} & set(verdict.found)


def test_a_parallel_title_under_another_code_is_no_translation() -> None:
    """The same to the page: one cataloguer took the second title for the main one, and the code with it."""
    one = {
        "title": "Nyanyi bisu",
        "subtitle": "songs of a silent man",
        "language": "ind",
        "extent": "320 hlm.",
    }
    other = {"title": "Songs of a silent man", "language": "eng", "extent": "320 p."}
    assert veto(feature(**one), feature(**other)) == ""
    assert veto(feature(**one), feature(**{**other, "extent": "411 p."})) == "language"


def test_as_many_volumes_are_not_as_many_pages() -> None:
    """They do not say that a book of another year is the same one where little else does."""
    found = {}
    for extent in ("6 jil.", "386 hlm."):
        one, other = (feature(title="Sejarah nasional", extent=extent, year=year) for year in (1965, 1984))
        found[extent] = compare(one, other)
    assert found["6 jil."].found["few_shared"] == found["386 hlm."].found["page_shared"] == 1
    assert found["6 jil."].caution == "other_year" != found["386 hlm."].caution
