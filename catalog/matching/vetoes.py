"""What forbids two records to be one edition, whatever else agrees. Asked before any score, also on a shared ISBN."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from catalog.matching.compare import page_numbers, years_of
from catalog.matching.normalise import number

Features = dict[str, Any]
_VAGUE = {"other", "kit", None}
_CLASS = re.compile(r"\bkelas (\d{1,2}|[ivx]{1,4})\b")
_ISSUE = re.compile(
    r"\b(?:vol|volume|no|nomor|number|januari|februari|maret|april|mei|juni|juli|agustus|september|oktober|november|"
    r"desember|january|february|march|may|june|july|august|october|december)\b.*\d|\d.*\b(?:januari|februari|maret|"
    r"april|mei|juni|juli|agustus|september|oktober|november|desember)"
)
_DIGITS = re.compile(r"\d+")
_MONTHS = re.compile(
    r"\b(?:januari|februari|maret|april|mei|juni|juli|agustus|september|oktober|november|desember|january|february|march|"
    r"may|june|july|august|october|december)\b"
)


_LETTERED = ("a", "b")  # halves of a volume

MODERN = 1950  # since when an edition is an edition
PARALLEL = 3  # words; a shorter title may stand in another by chance
HIGHEST = 40  # number of a volume or a class; higher ones are years and amounts, in which somebody may slip


def veto(a: Features, b: Features) -> str:
    """The name of the first veto that holds between two records, or ""."""
    for name, holds in VETOES.items():
        if holds(a, b):
            return name
    return ""


def to_the_page(a: Features, b: Features) -> bool:
    """Title, a year and a number of pages are the same: what a single code says otherwise is a slip of the pen."""
    return _same_year(a, b) and bool(set(page_numbers(a)) & set(page_numbers(b)))


def _same_year(a: Features, b: Features) -> bool:
    """And the same title, as far as the shorter goes, or as the other's parallel title."""
    one, two = a.get("title", ""), b.get("title", "")
    same = one.startswith(two) or two.startswith(one) or _parallel(one, b) or _parallel(two, a)
    return bool(same and years_of(a) & years_of(b))


def _parallel(title: str, record: Features) -> bool:
    """Whether a title of some words stands in what the other record says after its own."""
    return title.count(" ") >= PARALLEL - 1 and f" {title} " in f" {record.get('rest', '')} "


def _part_names(a: Features, b: Features) -> bool:
    left, right = a.get("part_name"), b.get("part_name")
    return bool(left and right and left not in right and right not in left)


def _parts(a: Features, b: Features) -> bool:
    """Other volumes. What names them in words ("second series") is compared with the rest of the title."""
    left, right = a.get("part", ""), b.get("part", "")
    return bool(left != right and left.isdigit() and right.isdigit())


def _formats(a: Features, b: Features) -> bool:
    """Another kind of thing; a thesis and the book made of it have other pages or another year."""
    left, right = a.get("format"), b.get("format")
    if left == right or left in _VAGUE or right in _VAGUE:
        return False
    pair = frozenset((left, right))
    if pair in _PAPERS and not (page_numbers(a) and page_numbers(b)):
        return not _same_year(a, b)
    return pair not in _EASILY_MISTAKEN or not to_the_page(a, b)


def _carriers(a: Features, b: Features) -> bool:
    """Print and braille, print and sound, cassettes and discs.

    A microform of the same printing is described as that; it only weighs.
    """
    if a.get("medium", "") != b.get("medium", "") and a.get("medium") and b.get("medium"):
        return True
    left, right = a.get("carrier"), b.get("carrier")
    if left == right or left in _VAGUE or right in _VAGUE:
        return False
    return {left, right} != {"print", "microform"}


def _languages(a: Features, b: Features) -> bool:
    """A translation, unless all the rest is the same to the page: then somebody took the wrong code."""
    left, right = a.get("language"), b.get("language")
    if not left or not right or left == right:
        return False
    return not to_the_page(a, b)


def _editions(a: Features, b: Features) -> bool:
    """Other editions. Of old, publishers called printings so: what then has the same pages in one year is one."""
    left, right = a.get("edition"), b.get("edition")
    if not left or not right or left == right:
        return False
    old = a.get("year") == b.get("year") and (a.get("year") or MODERN) < MODERN
    return not (old and to_the_page(a, b))


def _isbn_and_year(a: Features, b: Features) -> bool:
    """Other ISBN and other year: the next edition, or another publisher's."""
    if not (a.get("isbn") and b.get("isbn")) or set(a["isbn"]) & set(b["isbn"]):
        return False
    left, right = years_of(a), years_of(b)
    return bool(left and right) and not left & right


def _school_years(a: Features, b: Features) -> bool:
    """ "Sejarah kelas XI" and "… kelas XII": school books of all years often bear one ISBN, that of the set."""
    left, right = a.get("title", ""), b.get("title", "")
    if "kelas" not in left or "kelas" not in right or (left == right and a.get("part") == b.get("part")):
        return False
    one, two = _school_year(left, a), _school_year(right, b)
    return bool(one and two) and not one & two


def _counted(a: Features, b: Features) -> bool:
    """Titles that differ in nothing but a number: "Vademecum I seorang muslim", "Vademecum II …"."""
    left, right = a.get("title", ""), b.get("title", "")
    if left == right or not left or not right or left.count(" ") != right.count(" "):
        return False
    other = [(one, two) for one, two in zip(left.split(), right.split(), strict=True) if one != two]
    return all(
        0 < n < HIGHEST and 0 < m < HIGHEST and one != two
        for one, two in other
        for n, m in [(_place(one), _place(two))]
    )


def _place(token: str) -> int:
    """The number that a word of a title is, "IVa" being one too; 0 for any other word."""
    return number(token) or (number(token[:-1]) if token[-1:] in _LETTERED else 0) or 0


def _school_year(title: str, record: Features) -> set[int | None]:
    told = _CLASS.findall(title)
    if title.endswith("kelas") and record.get("part"):  # "kelas VII" was taken for a volume
        told.append(record["part"])
    return {number(text) for text in told} - {None}


def _issues(a: Features, b: Features) -> bool:
    """Two issues of a periodical, where the record says which it is in the statement of edition: "Vol. 3 no. 1"."""
    left, right = a.get("edition_words", ""), b.get("edition_words", "")
    if left == right or not (_ISSUE.search(left) and _ISSUE.search(right)):
        return False
    return _DIGITS.findall(left) != _DIGITS.findall(right) or _MONTHS.findall(left) != _MONTHS.findall(right)


# Codes that cataloguers take for one another: a pamphlet for an article, a typescript for a manuscript.
_EASILY_MISTAKEN = {
    frozenset(pair)
    for pair in (("book", "article"), ("book", "manuscript"), ("thesis", "manuscript"), ("thesis", "book"),
                 ("book", "score"), ("book", "serial"))
}  # fmt: skip
_PAPERS = {frozenset(("book", "article")), frozenset(("book", "manuscript"))}
VETOES: dict[str, Callable[[Features, Features], bool]] = {
    "format": _formats,
    "carrier": _carriers,
    "part": _parts,
    "edition": _editions,
    "language": _languages,
    "part_name": _part_names,
    "isbn_and_year": _isbn_and_year,
    "school_year": _school_years,
    "number": _counted,
    "issue": _issues,
}
