"""What keeps a pair from being joined by machine though its score is high: a person decides in the review queue."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from rapidfuzz.distance import Indel

from catalog.matching.compare import title_text
from catalog.matching.normalise import title_and_part
from catalog.matching.words import GENERIC_TITLES, LITTLE_WORDS

Features = dict[str, Any]
Found = dict[str, float]
_GENERIC = frozenset(title_and_part(title)[0] for title in GENERIC_TITLES)  # folded as the titles are
ENOUGH = 2  # agreements beside the title; one where the title is long
LONG = 5  # words
_NUMBERED_ISSUE = re.compile(r"\b(?:vol|volume|no|nomor|number)\b.*\d")
DECADES = 20  # years
LIKE_NAME = 0.15
BODY, LIKE_BODY = (
    3,
    0.55,
)  # words that a body has in common as author and as house, and the share of the shorter name
STATES = frozenset(
    ("indonesia", "republik", "united", "states", "great", "britain")
)  # say only whose body it is
MISPRINT = 0.6  # share of letters that a misprinted word has in common with the right one
_COMPANION = re.compile(
    r"\b(?:buku guru|buku siswa|(?:buku )?(?:pegangan|panduan) guru|kunci jawaban|workbook|answer key|"
    r"teachers (?:book|manual|edition|guide)|solutions? manual)\b"
)
# From so many points on, ten being odds of e to 1, what speaks for one edition outweighs a caution.
OUTWEIGHED = {"other_words": 25, "other_subtitle": 15, "other_year": 20}


def caution(a: Features, b: Features, found: Found, score: float) -> str:
    """The name of the first that holds, or "". `found`: what the comparisons say of the two (compare.py)."""
    return next(
        (
            name
            for name, holds in CAUTIONS.items()
            if holds(a, b, found) and score < OUTWEIGHED.get(name, score + 1)
        ),
        "",
    )


def _numbered(found: Found) -> bool:
    return found.get("isbn_shared", 0) >= 1 or bool(found.get("number_shared"))


def _named(found: Found) -> bool:
    """One person; a body's name may be spelt a little otherwise: "Archaeological Survey (of) India"."""
    return bool(found.get("name_same") or 0 < found.get("name_differs", 1) <= LIKE_NAME)


def agreements(found: Found) -> int:
    """How many independent things agree: year, person, publisher, pages; a standard number counts twice."""
    return (
        bool(found.get("year_same") or found.get("year_shared")) + _named(found) + _same_house(found)
        + _same_pages(found) + 2 * _numbered(found)
    )  # fmt: skip


def _same_pages(found: Found) -> bool:
    """The same number of pages; so many volumes or leaves say it only of books of one year."""
    return bool(found.get("page_shared") or (found.get("few_shared") and found.get("year_same")))


def _same_house(found: Found) -> bool:
    return bool(found.get("publisher_known")) and found.get("publisher_differs", 0) < 0.3


def _thin(a: Features, b: Features, found: Found) -> bool:
    long = found.get("title_same") and len(title_text(a).split()) >= LONG <= len(title_text(b).split())
    return agreements(found) < ENOUGH - bool(long)


def _generic(a: Features, b: Features, found: Found) -> bool:
    """Every department has its "Laporan tahunan": only a person or a number tells whose it is."""
    if a.get("title") not in _GENERIC and b.get("title") not in _GENERIC:
        return False
    return not _numbered(found) and not (_named(found) and found.get("year_same"))


def _publishes_itself(record: Features) -> bool:
    """A body that is author and house at once; the other house then only printed it, or sells it."""
    house = set(record.get("publisher", "").split()) - LITTLE_WORDS
    for name in record.get("names", ()):
        body = set(name) - LITTLE_WORDS - STATES
        if len(house & body) >= max(BODY, LIKE_BODY * min(len(house), len(body))):
            return True
    return False


def _other_publisher(a: Features, b: Features, found: Found) -> bool:
    """The same work in the same year from another house, unless something says that it is the same printing."""
    if found.get("name_same") and found.get("year_same") and (_publishes_itself(a) or _publishes_itself(b)):
        return False
    if found.get("publisher_differs", 0) < 0.41 or found.get("publisher_words", 0) < 0.45:
        return False
    other_year = found.get("year_near") or found.get("year_off") or found.get("year_far")
    return not _numbered(found) and bool(not _same_pages(found) or other_year)


def _other_name(a: Features, _b: Features, found: Found) -> bool:
    """The same title by somebody else, unless it is the same to the page, or long and of one house and year."""
    if found.get("name_differs", 0) < 0.5:
        return False
    if found.get("title_same") and found.get("year_same") and _same_house(found):
        return len(title_text(a).split()) < LONG and not _same_pages(found) and not _numbered(found)
    return not _same_pages(found) and not _numbered(found)


def _other_year(_a: Features, _b: Features, found: Found) -> bool:
    """Printed again years later, and nothing tells whether with the same pages; a year later with others."""
    other = found.get("year_off") or found.get("year_far")
    if found.get("year_near") and found.get("pages_off") and not _numbered(found):
        return not found.get("page_shared")
    return bool(other) and not _same_pages(found) and not _numbered(found)


def _reprint(a: Features, b: Features, found: Found) -> bool:
    """Another house printed it again decades later, and gives the year of the first printing beside its own."""
    elsewhere = found.get("publisher_differs", 0) >= 0.41 and found.get("publisher_words", 0) >= 0.45
    later = abs((a.get("year") or 0) - (b.get("year") or 0)) >= DECADES
    return bool(found.get("year_shared")) and later and elsewhere and not _numbered(found)


def _nearly_a_word(_a: Features, _b: Features, found: Found) -> bool:
    """A misprint, or "Pengantar ekonomi mikro" and "… makro"."""
    if _same_pages(found) or _numbered(found):
        return False
    misprint = _named(found) and _same_house(found) and found.get("year_same")
    return found.get("words_alike", 0) >= 1 or bool(found.get("words_misprinted") and not misprint)


def _other_numbers(_a: Features, _b: Features, found: Found) -> bool:
    """Titles that differ in nothing but a number: "… untuk kelas X" and "… untuk kelas XI".

    Also on a shared ISBN, which the volumes of a set and the revisions of a school book often carry in common.
    """
    return bool(found.get("title_number_differs"))


def _other_words(_a: Features, _b: Features, found: Found) -> bool:
    """ "Pengantar akuntansi" and "Pengantar akuntansi biaya" by one author in one year."""
    other = found.get("words_added") or found.get("words_replaced", 0) >= 0.5
    return bool(other) and not _same_pages(found) and not _numbered(found)


def _replaced_word(a: Features, b: Features, found: Found) -> bool:
    """ "Sejarah kota Bandung" and "… Malang": a series has as many pages each time."""
    if _numbered(found):
        return False
    if found.get("words_replaced", 0) >= 0.6:
        return not (found.get("stem_same") and _certain(found))
    return not _same_pages(found) and _one_word_else(a.get("title", ""), b.get("title", ""))


def _certain(found: Found) -> bool:
    """Person, house, year and a number of pages that is none of a series of leaflets."""
    return bool(_named(found) and _same_house(found) and found.get("year_same") and found.get("pages_many"))


def _one_word_else(one: str, two: str) -> bool:
    """Word for word the same but for one, and that is no misprint of the other's."""
    left, right = one.split(), two.split()
    if one == two or len(left) != len(right):
        return False
    other = [pair for pair in zip(left, right, strict=True) if pair[0] != pair[1]]
    return len(other) == 1 and Indel.normalized_similarity(*other[0]) < MISPRINT


def _other_subtitle(_a: Features, _b: Features, found: Found) -> bool:
    """Two of one series: "Lima Sekawan: di pulau harta" and "Lima Sekawan: beraksi kembali"."""
    return found.get("subtitle_differs", 0) > 0.6 and not _same_pages(found) and not _numbered(found)


def _volume(_a: Features, _b: Features, found: Found) -> bool:
    """One side names a volume and the other none: the set or another volume of it, unless it has the same pages."""
    same = _same_pages(found) and found.get("year_same")
    return bool(found.get("volume_one_sided")) and not same


def _other_isbn(a: Features, b: Features, found: Found) -> bool:
    """Two good numbers, none shared: another binding or another edition, unless pages, year and house are the same.

    Sound has no pages: hours and pieces, which the extent counts, are the same on cassettes and on discs.
    """
    if found.get("isbn_differs") and "audio" in (a.get("carrier"), b.get("carrier")):
        return True
    same = found.get("page_same") and found.get("year_same") and found.get("publisher_differs", 0) < 0.3
    return bool(found.get("isbn_differs")) and not same


def _revised(a: Features, b: Features, found: Found) -> bool:
    """Only one says that it is a later or revised edition, and the years differ: school books keep their ISBN."""
    if found.get("page_shared") or not (
        found.get("year_near") or found.get("year_off") or found.get("year_far")
    ):
        return False
    revised = [
        any("revis" in record.get(key, "") for key in ("edition_words", "title", "rest")) for record in (a, b)
    ]
    return bool(found.get("edition_one_sided")) or revised[0] != revised[1]


def _companion(a: Features, b: Features, _found: Found) -> bool:
    """The teacher's book beside the pupil's: they often bear one ISBN, that of the set."""
    left, right = (set(_COMPANION.findall(title_text(record))) for record in (a, b))
    return left != right


def _issue(a: Features, b: Features, found: Found) -> bool:
    """An issue of a periodical that is described as a book: where only one says which, or the pages are not known."""
    told = [bool(_NUMBERED_ISSUE.search(record.get("edition_words", ""))) for record in (a, b)]
    return any(told) and not (all(told) and found.get("title_same") and found.get("page_shared"))


CAUTIONS: dict[str, Callable[[Features, Features, Found], bool]] = {
    "thin": _thin,
    "generic_title": _generic,
    "other_publisher": _other_publisher,
    "other_name": _other_name,
    "other_year": _other_year,
    "reprint": _reprint,
    "nearly_a_word": _nearly_a_word,
    "other_subtitle": _other_subtitle,
    "other_numbers": _other_numbers,
    "other_words": _other_words,
    "replaced_word": _replaced_word,
    "volume_one_sided": _volume,
    "other_isbn": _other_isbn,
    "revised": _revised,
    "issue": _issue,
    "companion": _companion,
}
