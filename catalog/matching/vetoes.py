"""What forbids two records to be one edition, whatever else agrees. Asked before any score, also on a shared ISBN."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Features = dict[str, Any]
_VAGUE = {"other", "kit", None}


def veto(a: Features, b: Features) -> str:
    """The name of the first veto that holds between two records, or ""."""
    for name, holds in VETOES.items():
        if holds(a, b):
            return name
    return ""


def _differ(key: str) -> Callable[[Features, Features], bool]:
    """Both sides say it, and they say different things."""

    def holds(a: Features, b: Features) -> bool:
        left, right = a.get(key), b.get(key)
        return left is not None and right is not None and left != right

    return holds


def _differ_clearly(key: str) -> Callable[[Features, Features], bool]:
    def holds(a: Features, b: Features) -> bool:
        left, right = a.get(key), b.get(key)
        return left != right and left not in _VAGUE and right not in _VAGUE

    return holds


def _part_names(a: Features, b: Features) -> bool:
    left, right = a.get("part_name"), b.get("part_name")
    return bool(left and right and left not in right and right not in left)


def _isbn_and_year(a: Features, b: Features) -> bool:
    """Other ISBN and other year: the next edition, or another publisher's."""
    if not (a.get("isbn") and b.get("isbn") and a.get("year") and b.get("year")):
        return False
    return a["year"] != b["year"] and not set(a["isbn"]) & set(b["isbn"])


VETOES: dict[str, Callable[[Features, Features], bool]] = {
    "format": _differ_clearly("format"),
    "carrier": _differ_clearly("carrier"),
    "part": _differ("part"),
    "edition": _differ("edition"),
    "language": _differ("language"),
    "part_name": _part_names,
    "isbn_and_year": _isbn_and_year,
}
