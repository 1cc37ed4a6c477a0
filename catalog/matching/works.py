"""The key of the work that an edition belongs to: equal keys are editions, formats and translations of one work.

A pure function of the display record, worked out where its row is written (harvesting/pages.py), so that it is right
in the same transaction. It shows readers what else there is. It never decides what is sent to anybody.
"""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from catalog.matching.normalise import fold, number, publisher_stem, title_and_part
from catalog.matching.words import (
    DEGREES,
    GENERIC_TITLES,
    GENERIC_WORKS,
    HONORIFICS,
    KINDS_OF_WORKS,
    SCHOOL_TITLES,
)

ENOUGH_WORDS = 3  # of a title that nobody signed, so that its publisher may stand in for the author
LONGEST = 200
_MAIN = re.compile(r"\s*[:;/=]\s+|\s+[:;/=]\s*")  # where the rest of the title begins, if it was not parted
_ASIDE = re.compile(r"\s*[\[(][^\])]*[\])]")
_ORIGINAL = re.compile(
    r"\b(?:judul asli(?:nya)?|terjemahan dari|diterjemahkan dari|alih bahasa dari|translation of|translated from|"
    r"original(?:ly)? (?:title|published as)|titre original)\b\s*(?:the\s+)?[:;=\"“”'«‘]*\s*([^.;/\[(\"”»]{3,120})",
    re.I,
)
_FROM_LANGUAGE = re.compile(r"^(?:bahasa|the \w+ (?:edition|of)|english|dutch|arabic|french|german)\b", re.I)

# As titles are folded: old spelling makes "pums" of "Poems".
_GENERIC = frozenset(title_and_part(title)[0] for title in GENERIC_TITLES | GENERIC_WORKS)


def work_key(display: dict[str, Any]) -> int | None:
    """64 bits; None where neither title nor name tells which work it is."""
    title, part = _title(display)
    if not title or title in _GENERIC:
        return None
    who = _author(display) or _instead_of_author(display, title)
    if who is None:
        return None
    told = f"w:{title[:LONGEST]}|{part}|{who}"
    return int.from_bytes(
        blake2b(told.encode("utf-8", "replace"), digest_size=8).digest(), "big", signed=True
    )


def _title(display: dict[str, Any]) -> tuple[str, str]:
    """(title of the work, volume): the uniform title, else the original that a note names, else the main title."""
    title = _main(display.get("title", ""))
    stem, part = title_and_part(title, display.get("part_number", ""), display.get("part_name", ""))
    if not part and (name := fold(display.get("part_name", ""))):
        part = name[:60]
    if original := _main(display.get("uniform_title", "") or _original_in(display.get("notes", ()))):
        known, own_part = title_and_part(original)
        if known not in _GENERIC:
            return known, own_part or part
    rest = fold(display.get("subtitle", ""))
    if rest:
        if " " not in stem or stem in SCHOOL_TITLES:
            stem = f"{stem} {rest}"  # "Kamus: Inggris-Indonesia" and "Kamus: Belanda-Indonesia" are two
        elif numbers := [word for word in rest.split() if number(word)]:
            stem = " ".join([stem, *numbers])  # "… untuk kelas X" and "… untuk kelas XI"
    return stem, part


def _main(title: str) -> str:
    """Without what is in brackets, and without a subtitle that the record did not part from it."""
    if "[" in title or "(" in title:
        title = _ASIDE.sub("", title) or title
    if ":" in title or "/" in title or ";" in title or "=" in title:
        pieces = _MAIN.split(title, maxsplit=1)
        if len(pieces[0]) > 3:  # "C: the language"
            return pieces[0]
    return title


def _original_in(notes: Any) -> str:
    for note in notes:
        if (found := _ORIGINAL.search(note[:300])) and not _FROM_LANGUAGE.match(found[1]):
            return found[1].strip(" ,:")
    return ""


def _author(display: dict[str, Any]) -> str:
    """The key of whom the work is by: its author; else who edited it. Who translated or drew says nothing."""
    people = [
        p for p in display.get("contributors", ()) if p.get("role") not in ("translator", "illustrator")
    ]
    by = next((p for p in people if p.get("role", "author") == "author"), people[0] if people else None)
    if by is None:
        return ""
    return fold(by["name"])[:80] if by.get("role") == "corporate" else surname(by["name"])


@lru_cache(maxsize=20_000)
def surname(name: str) -> str:
    """The last word before the comma, direct or inverted: "Hirata, Andrea", "Drs. Andrea Hirata, M.Hum.": "hirata".

    Initials, second names that one record leaves out, titles and degrees so count for nothing.
    """
    words = name.partition(",")[0].split()
    while len(words) > 1 and "." in words[-1] and fold(words[-1].replace(".", "")) in DEGREES:
        words.pop()
    plain = [word for word in fold(" ".join(words)).split() if word not in HONORIFICS and not word.isdigit()]
    long = [word for word in plain if len(word) > 1]
    last = (long or plain or [""])[-1]
    for old, new in (("oe", "u"), ("tj", "c"), ("dj", "j")):
        last = last.replace(old, new)
    return last


def _instead_of_author(display: dict[str, Any], title: str) -> str | None:
    """For what nobody signed: nothing more beside a uniform title, else its publisher; None: it could be anything."""
    if display.get("uniform_title"):
        return ""
    words = title.split()
    if len(words) < ENOUGH_WORDS or words[0] in KINDS_OF_WORKS:
        return None
    house = publisher_stem(display["publisher"]) if display.get("publisher") else ""
    return f"p:{house[:60]}" if house else None
