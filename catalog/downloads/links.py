"""Fields in another script (880) stay with the fields they belong to when records are joined.

$6 pairs them by an occurrence number that counts within one record; a joined record needs numbers of its own.
Standard: MARC 21, Appendix A, control subfields.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from catalog.formats.records import DataField, Field

_LINK = re.compile(r"(\d{3})-(\d\d)(.*)$", re.S)
_MARK = re.compile(r"(\d{3})-(\d+\.\d\d)(.*)$", re.S)
MOST = 99  # two digits


def marked(fields: Sequence[Field], member: int) -> list[Field]:
    """Occurrence numbers with the place of their record before them: "880-01" becomes "880-2.01"."""
    return [
        _changed(field, _LINK, lambda found: f"{found[1]}-{member}.{found[2]}{found[3]}") for field in fields
    ]


def linked(chosen: Sequence[Field], members: Sequence[Sequence[Field]]) -> list[Field]:
    """The chosen fields with numbers of their own, and the 880 fields that they lead to; links to nothing are gone."""
    pairs = {
        mark: field for fields in members for field in fields if field[0] == "880" and (mark := _mark(field))
    }
    numbers: dict[str, int] = {}
    others: list[Field] = []
    done: list[Field] = []
    for field in chosen:
        mark = _mark(field)
        other = pairs.get(mark)
        if mark and other is not None and mark not in numbers and len(numbers) < MOST:
            numbers[mark] = len(numbers) + 1
            others.append(_numbered(other, numbers[mark]))
            done.append(_numbered(field, numbers[mark]))
        else:
            done.append(_without(field) if mark else field)
    return [*done, *others]


def _mark(field: Field) -> str:
    if len(field) == 2:
        return ""
    told = next((value for code, value in field[3] if code == "6"), "")
    found = _MARK.match(told)
    return found[2] if found and not found[2].endswith(".00") else ""


def _numbered(field: Field, number: int) -> Field:
    return _changed(field, _MARK, lambda found: f"{found[1]}-{number:02d}{found[3]}")


def _without(field: Field) -> Field:
    if len(field) == 2:
        return field
    return (field[0], field[1], field[2], tuple(pair for pair in field[3] if pair[0] != "6"))


def _changed(field: Field, pattern: re.Pattern[str], change: Callable[[re.Match[str]], str]) -> Field:
    if len(field) == 2 or not any(code == "6" for code, _ in field[3]):
        return field
    told = tuple(
        (code, change(found) if code == "6" and (found := pattern.match(value)) else value)
        for code, value in field[3]
    )
    kept: DataField = (field[0], field[1], field[2], told)
    return kept
