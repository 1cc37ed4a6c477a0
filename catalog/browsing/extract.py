"""The headings of one edition: titles, names, subjects, shelf marks, and the variants that refer to them.

Pure functions over an edition's merged description and what its records call the same. `sort` is the folded text
without a leading article and signs: byte order is then the alphabet of Indonesian and English, as dictionaries have it,
and volume 10 comes after volume 2. Shelf marks are filed by their signs: their numbers are decimal fractions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from catalog.choices import Format, HeadingKind
from catalog.folding import fold

LONGEST, LONGEST_SORT = 300, 120
_SIGNS, _SIGNS_OF_CALLS = re.compile(r"[\W_]+"), re.compile(r"[^\w.]+|_+")
_NUMBER = re.compile(r"0*([0-9]+)")
_END = " .,;:/="


@dataclass(frozen=True, slots=True)
class Line:
    """One heading; `see`: it only refers to that one."""

    kind: str
    text: str
    sort: str
    see: str = ""


def sort_key(text: str, *, nonfiling: int = 0, kind: str = "") -> str:
    """What a heading is filed under: "The Qur’ān: a guide" with nonfiling 4 is "quran a guide"."""
    signs = _SIGNS_OF_CALLS if kind == HeadingKind.CALL else _SIGNS
    folded = " ".join(signs.sub(" ", fold(text[nonfiling:] if nonfiling < len(text) else text)).split())
    filed = folded.strip(" .") or fold(text).strip()
    return (filed if kind == HeadingKind.CALL else _NUMBER.sub(_by_size, filed))[:LONGEST_SORT]


def _by_size(number: re.Match[str]) -> str:
    """How many digits it has stands before a number, so that 9 comes before 10: "19", "210"."""
    return f"{min(len(number[1]), 9)}{number[1]}"


def clean(text: str) -> str:
    """Without the signs that cataloguing rules put at the end; an initial keeps its full stop."""
    text = " ".join(text.replace("\x00", "").split())
    short = text.rstrip(_END)
    if text[len(short) :].startswith(".") and re.search(r"(?:^|[\s.])\w$", short):
        short += "."
    return short[:LONGEST]


def lines_of(
    display: Mapping[str, Any], *, format: str, names: Iterable[str] = (), calls: Iterable[str] = ()
) -> set[Line]:
    """`names`: what its records call the first author; `calls`: shelf marks of its holdings."""
    found = {line for line in _titles(display, format) if line}
    contributors = [clean(one.get("name", "")) for one in display.get("contributors", [])]
    found |= _direct(HeadingKind.AUTHOR, contributors)
    found |= _direct(HeadingKind.SUBJECT, map(clean, display.get("subjects", [])))
    found |= _direct(HeadingKind.CALL, (" ".join(call.split()) for call in calls))
    if contributors and contributors[0]:
        found |= _references(HeadingKind.AUTHOR, map(clean, names), contributors[0], set(contributors))
    return found


def _titles(display: Mapping[str, Any], format: str) -> set[Line]:
    title = clean(
        ". ".join(filter(None, (display.get(key) for key in ("title", "part_number", "part_name"))))
    )
    if not title:
        return set()
    sort = sort_key(title, nonfiling=int(display.get("nonfiling", 0) or 0))
    kinds = [HeadingKind.TITLE, *([HeadingKind.SERIAL] if format == Format.SERIAL else [])]
    variants = [*display.get("variant_titles", []), display.get("uniform_title", "")]
    found = {Line(kind.value, title, sort) for kind in kinds}
    return found.union(*(_references(kind, map(clean, variants), title, {title}) for kind in kinds))


def _direct(kind: HeadingKind, texts: Iterable[str]) -> set[Line]:
    filed = ((text[:LONGEST], sort_key(text, kind=kind)) for text in texts if text)
    return {Line(kind.value, text, sort) for text, sort in filed if sort}


def _references(kind: HeadingKind, texts: Iterable[str], see: str, own: set[str]) -> set[Line]:
    """Only variants that stand elsewhere in the alphabet help anybody."""
    filed = {sort_key(text) for text in own}
    return {
        Line(kind.value, t, sort_key(t), see) for t in texts if t and sort_key(t) and sort_key(t) not in filed
    }
