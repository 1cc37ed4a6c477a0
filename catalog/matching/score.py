"""How alike two records are, in points that can be shown. This is the part to replace by fitted weights.

The seam: `compare(a, b) -> Verdict`, called for each candidate pair that no veto forbids.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from catalog.matching.words import GENERIC_TITLES

MERGE_AT = 65
Features = dict[str, Any]


@dataclass(frozen=True)
class Verdict:
    score: int
    points: dict[str, int]  # feature -> points, so that "why one record?" can be answered

    @property
    def merges(self) -> bool:
        return self.score >= MERGE_AT


def compare(a: Features, b: Features) -> Verdict:
    """ISBN proposes; title, volume and year dispose. What one side does not say gives no points either way."""
    points = {
        "title": _title(a, b),
        "rest": _rest(a, b),
        "names": _names(a.get("names"), b.get("names")),
        "year": _year(a.get("year"), b.get("year")),
        "publisher": _publisher(a.get("publisher"), b.get("publisher")),
        "isbn": _shared(a.get("isbn"), b.get("isbn"), same=30, other=-10),
        "ids": _shared(a.get("ids"), b.get("ids"), same=25, other=0),
        "part": -60 if bool(a.get("part")) != bool(b.get("part")) else 0,
        "edition": _edition(a.get("edition"), b.get("edition")),
        "pages": _pages(a.get("pages"), b.get("pages")),
    }
    points = {name: value for name, value in points.items() if value}
    return Verdict(sum(points.values()), points)


def _title(a: Features, b: Features) -> int:
    left, right = a.get("title", ""), b.get("title", "")
    if not left or not right:
        return -40
    if left == right:
        return 15 if left in GENERIC_TITLES else 40
    # A subtitle that one source put into the title itself.
    if f"{left} {a.get('rest', '')}".strip() == f"{right} {b.get('rest', '')}".strip():
        return 40
    one, two = left.split(), right.split()
    shared = len(set(one) & set(two))
    if one[: len(two)] == two or two[: len(one)] == one:
        return 25 if min(len(one), len(two)) > 1 else 10
    if shared / len(set(one) | set(two)) >= 0.7:
        return 20
    return -40


def _rest(a: Features, b: Features) -> int:
    left, right = a.get("rest"), b.get("rest")
    if not left or not right or left == right:
        return 0
    one, two = set(left.split()), set(right.split())
    if not one & two:
        return -45  # two books of one series: "Lima Sekawan: di pulau harta", "Lima Sekawan: beraksi kembali"
    return 0 if len(one & two) * 2 >= min(len(one), len(two)) else -20


def _names(a: list[list[str]] | None, b: list[list[str]] | None) -> int:
    """Any name of one side that may be a name of the other: the order of authors and editors differs by source."""
    if not a or not b:
        return 0
    return 25 if any(same_person(x, y) for x in a for y in b) else -30


def same_person(a: list[str], b: list[str]) -> bool:
    """Every full token of the shorter name stands in the longer, in full or as an initial; one at least in full."""
    small, big = (a, b) if len(a) <= len(b) else (b, a)
    full = [t for t in small if len(t) > 1]
    rest = set(big)
    found = [t for t in full if t in rest]
    initials = {t for t in big if len(t) == 1}
    return bool(found) and all(t in rest or t[0] in initials for t in full)


def _year(a: int | None, b: int | None) -> int:
    if not a or not b:
        return 0
    return 15 if a == b else 0 if abs(a - b) == 1 else -20


def _publisher(a: str | None, b: str | None) -> int:
    if not a or not b:
        return 0
    one, two = set(a.split()), set(b.split())
    if one <= two or two <= one or a.replace(" ", "") == b.replace(" ", ""):
        return 10
    return -20 if not one & two else -5


def _shared(a: list[str] | None, b: list[str] | None, *, same: int, other: int) -> int:
    if not a or not b:
        return 0
    return same if set(a) & set(b) else other


def _edition(a: int | None, b: int | None) -> int:
    """A second edition against silence may be the first; a first edition is often not said."""
    if a == b:
        return 5 if a else 0
    return -15 if max(a or 0, b or 0) > 1 else 0


def _pages(a: int | None, b: int | None) -> int:
    if not a or not b:
        return 0
    difference = abs(a - b) / max(a, b)
    return 5 if difference <= 0.03 else -10 if difference > 0.2 else 0
