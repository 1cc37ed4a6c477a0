"""Spellings of one word meet, and words that only look like old Indonesian keep their letters."""

from __future__ import annotations

from collections import Counter

import pytest

from catalog.search import analysis, variants


def meet(one: str, other: str) -> bool:
    """Whether a question with one word finds a record with the other."""
    return bool(analysis.loose_all(analysis.words(one)) & analysis.loose_all(analysis.words(other)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Soekarno", "Sukarno"), ("Djakarta", "Jakarta"), ("tjatatan", "catatan"), ("njanji", "nyanyi"),
        ("Sjahrir", "Syahrir"), ("Soerabaja", "Surabaya"), ("achir", "akhir"), ("chusus", "khusus"),
        ("tachta", "takhta"), ("Jogjakarta", "Yogyakarta"), ("Poetri", "putri"), ("koepoe", "kupu"),
        ("Banjoemas", "Banyumas"), ("Noerbaja", "Nurbaya"), ("Djaja", "Jaya"), ("Agoes", "Agus"), ("jang", "yang"),
        ("Qur'an", "Alquran"), ("Koran", "Qur’ān"), ("hadits", "hadith"), ("hadis", "hadist"), ("syari'ah", "sharia"),
        ("shariah", "syariat"), ("fiqh", "fikih"), ("Mohammed", "Muhammad"), ("Moh.", "Muhamad"), ("shalat", "sholat"),
        ("ramadhan", "Ramadan"), ("aqidah", "akidah"), ("tasawwuf", "tasawuf"), ("dzikir", "zikir"),
        ("Achmad", "Ahmad"), ("Chairil", "Khairil"), ("Moechtar", "Mochtar"),
        ("ustadz", "ustad"), ("Hussein", "Husin"),
        ("wudhu", "wudu"), ("akhlaq", "akhlak"),
    ],
)  # fmt: skip
def test_spellings_of_one_word_find_each_other(one: str, other: str) -> None:
    assert meet(one, other)
    assert meet(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("poetry", "putry"), ("shoes", "shus"), ("object", "obyect"), ("conjunction", "conyunction"), ("heroes", "herus"),
     ("surat", "surah"), ("salah", "salat"), ("raja", "raya"), ("queen", "kueen"), ("phoenix", "phunix")],
)  # fmt: skip
def test_other_words_do_not(one: str, other: str) -> None:
    assert not meet(one, other)


def test_each_spelling_stands_on_one_line() -> None:
    words = Counter(
        word for line in variants._GROUPS.split("\n") for word in set(line.replace("'", "").split())
    )
    assert [word for word, times in words.items() if times > 1] == []


def test_a_shared_form_is_no_spelling_of_another() -> None:
    shared = variants._SHARED
    assert [word for word, form in shared.items() if form in shared] == []
