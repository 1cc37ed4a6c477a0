"""Pairs of our own for what matchers fail on (discovery-and-matching, 2.8): twelve of each kind, half of one edition.

Written from the kinds of variation that Indonesian exports show, as plain fields. `python -m
tests.catalog.matching.cases` prints them as match_pairs reads them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

Book = dict[str, Any]
Both = tuple[Book, Book]


def _book(title: str, author: str, publisher: str, year: int, pages: int, isbn: str, **more: Any) -> Book:
    return {"title": title, "author": author, "publisher": publisher, "year": year, "pages": f"{pages} hlm.",
            "isbn": isbn, "language": "ind", "format": "book", **more}  # fmt: skip


# Made-up books by made-up people; the check digits are right.
BOOKS = (
    _book("Dasar-dasar ilmu tanah", "Hardjo, Sarwono", "Akademika Pressindo", 2007, 286, "9789798035562"),
    _book("Sejarah perkebunan di Jawa Timur", "Kartono, Slamet", "Aditya Media", 1991, 214, "9789795331179"),
    _book(
        "Statistika untuk penelitian pendidikan", "Sugiarto, Bambang", "Alfabeta", 2012, 390, "9789798433641"
    ),
    _book("Hukum perdata dan perkembangannya", "Subekti, Rahmat", "Intermasa", 1985, 242, "9789798144509"),
    _book("Perempuan di tepi danau", "Lestari, Ayu", "Gramedia Pustaka Utama", 2003, 178, "9789792201123"),
    _book("Akuntansi biaya lanjutan", "Mulyadi, Hendra", "Salemba Empat", 2015, 512, "9789790614567"),
)
OTHER_ISBN = (
    "9789794611234",
    "9786020331607",
    "9789790222045",
    "9786022981234",
    "9789792248609",
    "9786237162001",
)


def _with(book: Book, **changes: Any) -> Book:
    return {key: value for key, value in {**book, **changes}.items() if value is not None}


def _isbn13(body: str) -> str:
    digits = [int(d) for d in body]
    return body + str(-sum(d * (3 if i % 2 else 1) for i, d in enumerate(digits)) % 10)


def _isbn10(body: str) -> str:
    check = -sum((10 - i) * int(d) for i, d in enumerate(body)) % 11
    return body + ("X" if check == 10 else str(check))


def _number(n: int) -> str:
    return f"979{4000 + n}{30 + n}"


Pairs = Callable[[int, Book], Both]
KINDS: dict[str, tuple[Pairs, Pairs]] = {}


def _kind(name: str, same: Pairs, different: Pairs) -> None:
    KINDS[name] = (same, different)


def _title(book: Book, more: str) -> str:
    return f"{book['title']} {more}"


_kind(
    "set_isbn",
    lambda n, b: (_with(b, title=_title(b, "jilid 1"), isbn=[b["isbn"], OTHER_ISBN[n]]),
                  _with(b, title=_title(b, "jil. I"))),
    lambda n, b: (_with(b, title=_title(b, "jilid 1"), pages=f"{200 + n} hlm."),
                  _with(b, title=_title(b, "jilid 2"), pages=f"{260 + n} hlm.")),
)  # fmt: skip
_kind(
    "isbn_of_the_edition_before",
    lambda n, b: (_with(b, edition="Ed. 2"), _with(b, edition="Edisi kedua", year=b["year"] + (n % 2))),
    lambda n, b: (_with(b, edition="Ed. 1"), _with(b, edition="Ed. 2", year=b["year"] + 4 + n, pages=None)),
)
_kind(
    "isbn_of_the_other_binding",
    lambda n, b: (_with(b, isbn=[b["isbn"], OTHER_ISBN[n]]), b),
    lambda n, b: (b, _with(b, format="e-book", pages="1 sumber elektronik" if n % 2 else None)),
)
_kind(
    "wrong_isbn",
    lambda n, b: (b, _with(b, isbn=OTHER_ISBN[n])),
    lambda n, b: (b, _with(BOOKS[(n + 1) % 6], isbn=b["isbn"])),
)
_kind(
    "placeholder_isbn",
    lambda n, b: (_with(b, isbn="9786020000009"), _with(b, isbn=("0000000000", "9786020000009")[n % 2])),
    lambda n, b: (_with(b, isbn="9786020000009"), _with(BOOKS[(n + 2) % 6], isbn="9786020000009")),
)
_kind(
    "isbn10_of_group_979",
    lambda n, b: (_with(b, isbn=_isbn10(_number(n)), year=None),
                  _with(b, isbn=_isbn13("978" + _number(n)), pages=None)),
    lambda n, b: (_with(b, isbn=_isbn10(_number(n))),
                  _with(BOOKS[(n + 3) % 6], isbn=_isbn13("979" + _number(n)[3:] + "000"[:3]))),
)  # fmt: skip
_kind(
    "place_of_the_volume",
    lambda n, b: (_with(b, title=_title(b, "jilid 2"), isbn=None), _with(b, volume="2", isbn=None)),
    lambda n, b: (
        _with(b, title=_title(b, "jilid 2"), isbn=None),
        _with(b, volume="3", isbn=None, pages=None),
    ),
)
_WORDS = ("jil. II", "Vol. 2", "buku kedua", "volume 2", "bagian 2", "jld. 2")
_kind(
    "words_of_the_volume",
    lambda n, b: (
        _with(b, title=_title(b, "jilid 2"), isbn=None),
        _with(b, title=_title(b, _WORDS[n]), isbn=None),
    ),
    lambda n, b: (
        _with(b, title=_title(b, "jilid 1"), isbn=None),
        _with(b, title=_title(b, _WORDS[n]), isbn=None),
    ),
)
_kind(
    "edition_and_printing",
    lambda n, b: (_with(b, edition=f"Ed. 3, cet. {n + 1}"), _with(b, edition=f"Ed. 3, cet. {n + 4}", isbn=None)),
    lambda n, b: (_with(b, edition="Ed. 3, cet. 5", isbn=None),
                  _with(b, edition="Ed. 4, cet. 5", isbn=None, year=b["year"] + n, pages=None)),
)  # fmt: skip
_CARRIERS = (
    "e-book",
    "braille",
    "large print",
    "audio book (rekaman suara)",
    "sumber elektronik",
    "buku braille",
)
_kind(
    "carrier",
    lambda n, b: (_with(b, format=_CARRIERS[n]), _with(b, format=_CARRIERS[n], year=b["year"], isbn=None)),
    lambda n, b: (b, _with(b, format=_CARRIERS[n])),
)
_LANGUAGES = ("eng", "dut", "ara", "English", "jav", "mal")
_kind(
    "translation",
    lambda n, b: (b, _with(b, language=("Indonesia", "id", "Bahasa Indonesia", None, "ind", "und")[n], isbn=None)),
    lambda n, b: (_with(b, isbn=None),
                  _with(b, language=_LANGUAGES[n], isbn=None, year=b["year"] + n, pages=f"{120 + n} hlm.")),
)  # fmt: skip
_kind(
    "facsimile",
    lambda n, b: (b, _with(b, year=b["year"] + 1 + n)),
    lambda n, b: (
        _with(b, isbn=None, year=1938 + n),
        _with(b, isbn=None, publisher="Pustaka Jaya", pages=None),
    ),
)
_GENERIC = ("Laporan tahunan", "Skripsi", "Prosiding", "Laporan penelitian", "Tugas akhir", "Bunga rampai")
_kind(
    "generic_title",
    lambda n, b: (_with(b, title=_GENERIC[n], isbn=None), _with(b, title=_GENERIC[n].upper(), isbn=None)),
    lambda n, b: (_with(b, title=_GENERIC[n], isbn=None),
                  _with(b, title=_GENERIC[n], author=BOOKS[(n + 1) % 6]["author"], publisher=None, isbn=None,
                        pages=None)),
)  # fmt: skip


def _serial(n: int, **changes: Any) -> Book:
    base = {"title": f"Jurnal ilmu {('tanah', 'hukum', 'gizi', 'sosial', 'bahasa', 'kelautan')[n]}",
            "publisher": "Universitas Negeri", "year": 1990 + n, "format": "jurnal", "language": "ind",
            "issn": ("0125-9989", "0216-4043", "0852-8144", "1410-4946", "0854-9958", "1411-5190")[n]}  # fmt: skip
    return _with(base, **changes)


_kind(
    "serial",
    lambda n, b: (_serial(n), _serial(n, publisher="Univ. Negeri", year=1990 + n if n % 2 else None)),
    lambda n, b: (
        _serial(n),
        _serial(n, title=f"Media {_serial(n)['title'][7:]} Indonesia", issn=None, year=2004 + n),
    ),
)
_kind(
    "thesis_and_book",
    lambda n, b: (_with(b, format="skripsi", isbn=None), _with(b, format=("tesis", "skripsi")[n % 2], isbn=None)),
    lambda n, b: (_with(b, format="disertasi", isbn=None, publisher="Universitas Indonesia", pages=f"{400 + n} hlm."),
                  _with(b, year=b["year"] + 1)),
)  # fmt: skip


def _direct(name: str) -> str:
    last, _, first = name.partition(", ")
    return f"{first} {last}"


_NAMES: tuple[Callable[[str], str | None], ...] = (
    _direct, lambda a: None, lambda a: f"Prof. Dr. H. {_direct(a)}, M.Hum.", lambda a: f"{_direct(a)}, S.Pd., M.Pd.",
    lambda a: f"{a[: a.index(',')]}, {a[a.index(',') + 2]}.", str.upper,
)  # fmt: skip
_kind(
    "name",
    lambda n, b: (_with(b, isbn=None), _with(b, author=_NAMES[n](b["author"]), isbn=None)),
    lambda n, b: (_with(b, isbn=None, title=("Manajemen", "Etika", "Filsafat", "Cinta", "Ekologi", "Puisi")[n]),
                  _with(b, isbn=None, title=("Manajemen", "Etika", "Filsafat", "Cinta", "Ekologi", "Puisi")[n],
                        author=BOOKS[(n + 1) % 6]["author"], pages=None)),
)  # fmt: skip
_OLD = (
    ("Sejarah Jakarta", "Sedjarah Djakarta"), ("Pujangga baru", "Poedjangga baroe"),
    ("Cerita rakyat Cianjur", "Tjerita rakjat Tjiandjur"), ("Sukarno muda", "Soekarno moeda"),
    ("Jalan ke Surabaya", "Djalan ke Soerabaja"), ("Buku cerita guru", "Boekoe tjerita goeroe"),
)  # fmt: skip
_kind(
    "old_spelling",
    lambda n, b: (_with(b, title=_OLD[n][0], isbn=None), _with(b, title=_OLD[n][1], isbn=None)),
    lambda n, b: (_with(b, title=_OLD[n][0], isbn=None, pages=None),
                  _with(b, title=_OLD[(n + 1) % 6][1], isbn=None, pages=None)),
)  # fmt: skip
_SUBTITLES = (
    "sebuah pengantar",
    "teori dan praktik",
    "pendekatan terpadu",
    "kumpulan cerita",
    "studi kasus",
    "suatu tinjauan",
)
_kind(
    "subtitle",
    lambda n, b: (_with(b, isbn=None),
                  _with(b, isbn=None, title=f"{b['title']} : {_SUBTITLES[n]}") if n % 2 else
                  _with(b, isbn=None, subtitle=_SUBTITLES[n])),
    lambda n, b: (_with(b, isbn=None, pages=None, title="Seri anak saleh", subtitle=_SUBTITLES[n]),
                  _with(b, isbn=None, pages=None, title="Seri anak saleh", subtitle=_SUBTITLES[(n + 1) % 6])),
)  # fmt: skip
_HOUSES = ("PT {}", "Penerbit {}", "CV. {}", "{}, PT", "penerbit {} ", "{}")
_kind(
    "publisher",
    lambda n, b: (_with(b, isbn=None), _with(b, isbn=None, publisher=_HOUSES[n].format(b["publisher"]).upper())),
    lambda n, b: (_with(b, isbn=None, pages=None),
                  _with(b, isbn=None, publisher=BOOKS[(n + 1) % 6]["publisher"], pages=None)),
)  # fmt: skip
_kind(
    "own_duplicate",
    lambda n, b: (_with(b, isbn=None),
                  _with(b, isbn=None, title=b["title"].title(), pages=str(b["pages"]).replace("hlm.", "p."))),
    lambda n, b: (_with(b, isbn=None, title=f"{b['title']} untuk SMA kelas X"),
                  _with(b, isbn=None, title=f"{b['title']} untuk SMA kelas XI")),
)  # fmt: skip
_kind(
    "chain",
    lambda n, b: (_with(b, edition="Ed. 2"), _with(b, edition=None, year=b["year"])),
    lambda n, b: (_with(b, edition="Ed. 2"), _with(b, edition="Ed. 3", isbn=None, year=b["year"] + (n % 3))),
)
_HUB = "Al-Qur'an dan terjemahnya"
_CITIES = ("Toha Putra", "Diponegoro", "Mizan", "Syaamil Cipta Media", "Departemen Agama RI", "Jumanatul Ali")
_kind(
    "hub",
    lambda n, b: ({"title": _HUB, "publisher": _CITIES[n], "year": 1989 + n, "pages": f"{1100 + n} hlm."},
                  {"title": "Alquran dan Terjemahnya", "publisher": f"Penerbit {_CITIES[n]}", "year": 1989 + n,
                   "pages": f"{1100 + n} hlm."}),
    lambda n, b: ({"title": _HUB, "publisher": _CITIES[n], "year": 1989 + n},
                  {"title": _HUB, "publisher": _CITIES[(n + 1) % 6], "year": 1989 + n}),
)  # fmt: skip


def cases() -> Iterator[dict[str, Any]]:
    """{"a", "b", "same", "class"}, six and six of each kind."""
    for name, makers in KINDS.items():
        for same, make in zip((True, False), makers, strict=True):
            for n, book in enumerate(BOOKS):
                a, b = make(n, book)
                yield {"a": a, "b": b, "same": same, "class": name}


if __name__ == "__main__":
    for case in cases():
        print(json.dumps(case, ensure_ascii=False))  # noqa: T201
