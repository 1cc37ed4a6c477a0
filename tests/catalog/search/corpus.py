"""A small shelf of known works, as index documents: what the contract and relevance tests search."""

from __future__ import annotations

from typing import Any

from catalog.search.documents import IndexDocument

INDONESIAN, ENGLISH, ARABIC = "ind", "eng", "ara"


def book(edition_id: int, title: str, *authors: str, **more: Any) -> IndexDocument:
    values: dict[str, Any] = {
        "languages": [more.get("language", INDONESIAN)], "language": INDONESIAN, "library_ids": [1],
        "library_count": len(more.get("library_ids", [1])), "added_at": 1_700_000_000 + edition_id,
    }  # fmt: skip
    return IndexDocument(edition_id=edition_id, title=title, authors=list(authors), **{**values, **more})


SHELF = [
    book(1, "Laut bercerita", "Leila S. Chudori", year=2017, publisher="Kepustakaan Populer Gramedia",
         subjects=["Fiksi Indonesia"], library_ids=[1, 2, 3, 4, 5], available_library_ids=[2, 3],
         call_numbers=["R 899.221 CHU l", "899.2 Lei"]),
    book(2, "Laut", "Ahmad Tohari", year=1999, subjects=["Cerpen"]),
    book(3, "Hukum laut internasional", "Dikdik Mohamad Sodik", year=2011, subjects=["Hukum laut"],
         library_ids=[1, 2, 3, 4, 5, 6, 7]),
    book(4, "Bumi manusia", "Pramoedya Ananta Toer", year=1980, publisher="Hasta Mitra",
         subjects=["Fiksi sejarah"], numbers=["9789799731234", "9799731232"], library_ids=[1, 2, 3],
         available_library_ids=[1]),
    book(5, "Anak semua bangsa", "Pramoedya Ananta Toer", year=1981, publisher="Hasta Mitra",
         subjects=["Fiksi sejarah"], library_ids=[2]),
    book(6, "Manusia dan bumi", "Soekarno", year=1962, subjects=["Filsafat"], library_ids=[3]),
    book(7, "Di bawah bendera revolusi", "Soekarno", year=1964, subjects=["Pidato politik"], library_ids=[3, 4]),
    book(8, "Science", "American Association for the Advancement of Science", format="serial", year=1880,
         language=ENGLISH, languages=[ENGLISH], numbers=["0036-8075", "10.1126/science.1"]),
    book(9, "Science and human behavior", "B. F. Skinner", year=1953, language=ENGLISH, languages=[ENGLISH],
         library_ids=[1, 2, 3, 4, 5, 6, 7]),
    book(10, "The structure of science", "Ernest Nagel", year=1961, language=ENGLISH, languages=[ENGLISH]),
    book(11, "Al-Qur'an dan terjemahnya", "Departemen Agama", year=1971, language=ARABIC,
         languages=[ARABIC, INDONESIAN], subjects=["Quran"], variant_titles=["القرآن الكريم"]),
    book(12, "Membaca pikiran orang", "Dewi Lestari", year=2005, rest=["Cara membaca gerak tubuh."]),
    book(13, "Bacaan anak-anak", "Tim Pustaka", year=2001),
    book(14, "Café Society : studies in Łódź", "Jan Nowak", year=1990, language=ENGLISH, languages=[ENGLISH]),
    book(15, "Programming in C++", "Bjarne Nielsen", year=2003, language=ENGLISH, languages=[ENGLISH]),
    book(16, "Laskar pelangi", "Andrea Hirata", year=2005, publisher="Bentang", series=["Tetralogi Laskar Pelangi"],
         library_ids=[1, 2, 3, 4, 5, 6, 7, 8], available_library_ids=[1, 2, 3]),
    book(17, "Sang pemimpi", "Andrea Hirata", year=2006, publisher="Bentang",
         series=["Tetralogi Laskar Pelangi"], library_ids=[1, 2]),
    book(18, "道德經", "老子", language="chi", languages=["chi"], year=None),
    book(19, "Pangeran Diponegoro", "Peter Carey", year=2014, subjects=["Perang Jawa"], etexts=["archive.org"]),
    book(20, "Panggil aku Kartini saja", "Pramoedya Ananta Toer", year=1962, subjects=["Kartini"]),
]  # fmt: skip
