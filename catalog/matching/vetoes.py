"""What forbids two records to be one edition, whatever else agrees. Asked before any score, also on a shared ISBN."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from catalog.matching.compare import page_numbers, years_of

Features = dict[str, Any]
_VAGUE = {"other", "kit", None}


MODERN = 1950  # since when an edition is an edition


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
    """And the same title, as far as the shorter goes."""
    one, two = a.get("title", ""), b.get("title", "")
    return bool((one.startswith(two) or two.startswith(one)) and years_of(a) & years_of(b))


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
    """Print and braille, print and sound. A microform of the same printing is described as that; it only weighs."""
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
}
