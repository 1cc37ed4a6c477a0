"""Taking cataloguing punctuation off values, and years out of dates. Used by the MARC 21 and UNIMARC mappings."""

from __future__ import annotations

import datetime
import re
from functools import lru_cache

_ISBD = " \t/:;,=\u00a0"
_INITIAL = re.compile(
    r"(?:(?:^|[\s.(-])[^\W\d_]|\.\.|\b(?:Jr|Sr|Dr|Drs|Ir|Prof|Tn|Ny|dkk|etc|Inc|Ltd|Co|Tbk|ed|Ed|cet|Cet|hlm|vol|no|jil|dll))\.$"
)
_NONSORT = str.maketrans("", "", "\u0088\u0089\u0098\u009c\u200e\u200f\u202a\u202b\u202c\u00ac")
_CORRECTED = re.compile(r"i\.\s?e\.,?\s*(1[4-9]\d\d|20\d\d)")
_YEAR = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)")
_NOWHERE = re.compile(
    r"^\W*(?:s\.?\s?[nl]\.?|sine (?:nomine|loco)|t\.?\s?[pt]\.?|"
    r"(?:publisher|place) (?:of publication )?not identified)\W*$",
    re.I,
)
LATEST_YEAR = datetime.datetime.now(tz=datetime.timezone.utc).year + 2


def trim(value: str) -> str:
    """Without ISBD marks at the end and with single blanks."""
    value = value.strip(_ISBD)
    return " ".join(value.split()) if "  " in value or "\n" in value else value


@lru_cache(maxsize=20_000)  # subjects, places, publishers and roles come again and again
def trim_stop(value: str) -> str:
    """As `trim`, and without a closing full stop that belongs to no initial, abbreviation or ellipsis."""
    value = trim(value)
    if value[-1:] == "." and not _INITIAL.search(value):
        value = value[:-1].rstrip(_ISBD)
    return value


def unbracket(value: str) -> str:
    """[Jakarta] → Jakarta, where the brackets go around everything or stand alone."""
    if "[" in value or "]" in value:
        if value.startswith("[") and value.endswith("]") and value.count("[") == 1:
            return value[1:-1].strip(_ISBD)
        if value.count("[") != value.count("]"):
            return value.strip("[]").strip(_ISBD)
    return value


@lru_cache(maxsize=20_000)
def named(value: str) -> str:
    """A place or publisher; empty for [S.l.], s.n., "t.p." and the like."""
    value = unbracket(trim(value))
    if len(value) < 40 and _NOWHERE.match(value):
        return ""
    return value


def without_marks(value: str) -> str:
    """Without non-sorting and direction marks, which are there for machines."""
    return value if value.isascii() else value.translate(_NONSORT)


def year_of(text: str) -> int | None:
    """The Gregorian year in a printed date: "c2005", "[19]98", "1998 [i.e. 1999]"; None for "198-" and for 1419 H."""
    if len(text) == 4 and text.isdigit():
        year = int(text)
        return year if 1400 <= year <= LATEST_YEAR else None
    if corrected := _CORRECTED.search(text[:200]):
        return int(corrected.group(1))
    plain = text[:200].replace("[", "").replace("]", "")
    for found in _YEAR.finditer(plain):
        year = int(found.group())
        after = plain[found.end() : found.end() + 3].strip().upper()
        if year <= LATEST_YEAR and not (year < 1500 and after.startswith(("H", "A.H"))):
            return year
    return None
