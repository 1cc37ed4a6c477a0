"""What keeps a pair from being joined by machine though its score is high: a person decides in the review queue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from catalog.matching.compare import title_text
from catalog.matching.words import GENERIC_TITLES

Features = dict[str, Any]
Found = dict[str, float]
ENOUGH = 2  # agreements beside the title; one where the title is long
LONG = 5  # words


def caution(a: Features, b: Features, found: Found) -> str:
    """The name of the first that holds, or "". `found`: what the comparisons say of the two (compare.py)."""
    return next((name for name, holds in CAUTIONS.items() if holds(a, b, found)), "")


def _numbered(found: Found) -> bool:
    return found.get("isbn_shared", 0) >= 1 or bool(found.get("number_shared"))


def agreements(found: Found) -> int:
    """How many independent things agree: year, person, publisher, pages; a standard number counts twice."""
    publisher = found.get("publisher_known", 0) and found.get("publisher_differs", 0) < 0.3
    return (
        bool(found.get("year_same") or found.get("year_shared")) + bool(found.get("name_same")) + bool(publisher)
        + bool(found.get("page_shared")) + 2 * _numbered(found)
    )  # fmt: skip


def _thin(a: Features, b: Features, found: Found) -> bool:
    long = found.get("title_same") and len(title_text(a).split()) >= LONG <= len(title_text(b).split())
    return agreements(found) < ENOUGH - bool(long)


def _generic(a: Features, b: Features, found: Found) -> bool:
    """Every department has its "Laporan tahunan": only a person or a number tells whose it is."""
    if a.get("title") not in GENERIC_TITLES and b.get("title") not in GENERIC_TITLES:
        return False
    return not _numbered(found) and not (found.get("name_same") and found.get("year_same"))


def _other_publisher(_a: Features, _b: Features, found: Found) -> bool:
    """The same work in the same year from another house, unless something says that it is the same printing."""
    if found.get("publisher_differs", 0) < 0.41 or found.get("publisher_words", 0) < 0.45:
        return False
    other_year = found.get("year_near") or found.get("year_off") or found.get("year_far")
    return not _numbered(found) and bool(not found.get("page_shared") or other_year)


def _other_name(_a: Features, _b: Features, found: Found) -> bool:
    """The same title by somebody else, unless it is the same to the page."""
    return found.get("name_differs", 0) >= 0.5 and not found.get("page_shared") and not _numbered(found)


def _other_year(_a: Features, _b: Features, found: Found) -> bool:
    """Printed again years later, and nothing tells whether with the same pages."""
    other = found.get("year_off") or found.get("year_far")
    return bool(other) and not found.get("page_shared") and not _numbered(found)


def _nearly_a_word(_a: Features, _b: Features, found: Found) -> bool:
    """A misprint, or "Pengantar ekonomi mikro" and "… makro"."""
    return found.get("words_alike", 0) >= 1 and not found.get("page_shared") and not _numbered(found)


def _other_numbers(_a: Features, _b: Features, found: Found) -> bool:
    """Titles that differ in nothing but a number: "… untuk kelas X" and "… untuk kelas XI"."""
    return bool(found.get("title_number_differs")) and not _numbered(found)


def _other_words(_a: Features, _b: Features, found: Found) -> bool:
    """ "Pengantar akuntansi" and "Pengantar akuntansi biaya" by one author in one year."""
    other = found.get("words_added") or found.get("words_replaced", 0) >= 0.5
    return bool(other) and not found.get("page_shared") and not _numbered(found)


def _other_subtitle(_a: Features, _b: Features, found: Found) -> bool:
    """Two of one series: "Lima Sekawan: di pulau harta" and "Lima Sekawan: beraksi kembali"."""
    return found.get("subtitle_differs", 0) > 0.6 and not found.get("page_shared") and not _numbered(found)


def _volume(_a: Features, _b: Features, found: Found) -> bool:
    """One side names a volume and the other none: the set or another volume of it, unless it has the same pages."""
    same = found.get("page_shared") and found.get("year_same")
    return bool(found.get("volume_one_sided")) and not same


def _other_isbn(_a: Features, _b: Features, found: Found) -> bool:
    """Two good numbers, none shared: another binding or another edition, unless pages, year and house are the same."""
    same = found.get("page_same") and found.get("year_same") and found.get("publisher_differs", 0) < 0.3
    return bool(found.get("isbn_differs")) and not same


CAUTIONS: dict[str, Callable[[Features, Features, Found], bool]] = {
    "thin": _thin,
    "generic_title": _generic,
    "other_publisher": _other_publisher,
    "other_name": _other_name,
    "other_year": _other_year,
    "nearly_a_word": _nearly_a_word,
    "other_subtitle": _other_subtitle,
    "other_numbers": _other_numbers,
    "other_words": _other_words,
    "volume_one_sided": _volume,
    "other_isbn": _other_isbn,
}
