"""The Gold Rush match key as its specification of 2024 describes it. Records with the same key are one cluster."""

from __future__ import annotations

import re

from catalog.formats.records import RawRecord
from tests.baselines.marc import control, fields, first, key, values, without_accents

_YEAR = re.compile(r"\d{4}")
_NUMBER = re.compile(r"\d+")
_ARTICLE = re.compile(r"^(?:a|an|the)\s+", re.I)
_WORDS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def match_key(record: RawRecord) -> str:
    return "".join(
        (_title(record), _year(record), _pages(record), _edition(record), _publisher(record), record.leader[6:7],
         _parts(record), _padded(_underscored(first(record, "245", "n")), 10), _author(record),
         _padded(key(first(record, "245", "f")), 15), _underscored(first(record, "086", "a")), _carrier(record))
    ).lower()  # fmt: skip


def same(a: RawRecord, b: RawRecord) -> bool:
    return match_key(a) == match_key(b)


def _padded(text: str, length: int) -> str:
    return text[:length].ljust(length, "_")


def _underscored(text: str) -> str:
    """Blanks and signs become underscores."""
    return re.sub(r"\W+", "_", without_accents(text).lower())


def _title(record: RawRecord) -> str:
    pieces = [first(record, "245", code) for code in "abp"]
    return _padded("".join(key(_ARTICLE.sub("", piece.strip())) for piece in pieces), 70)


def _year(record: RawRecord) -> str:
    """The first date of 008 for a reprint only, else the second; then 264, then 260."""
    fixed = control(record, "008")
    told = fixed[7:11] if fixed[6:7] == "r" else fixed[11:15]
    if _YEAR.fullmatch(told):
        return told
    for tag in ("264", "260"):
        digits = re.sub(r"\D", "", first(record, tag, "c"))
        if len(digits) >= 4:
            return digits[:4]
    return "0000"


def _pages(record: RawRecord) -> str:
    found = _YEAR.search(first(record, "300", "a"))
    return found[0] if found else "____"


def _edition(record: RawRecord) -> str:
    statement = without_accents(first(record, "250", "a")).lower()
    if number := re.match(r"\W*(\d{1,3})", statement):
        return _padded(number[1], 3)
    word = (re.findall(r"[a-z]+", statement) or [""])[0]
    return _padded(str(_WORDS.index(word) + 1) if word in _WORDS else "1", 3)


def _publisher(record: RawRecord) -> str:
    return _padded(key(first(record, "264", "b") or first(record, "260", "b")), 5)


def _parts(record: RawRecord) -> str:
    """What follows the first $p, ten characters each."""
    rest = [_underscored(_ARTICLE.sub("", part.strip()))[:10] for part in values(record, "245", "p")[1:]]
    return _padded("".join(rest), 30)


def _author(record: RawRecord) -> str:
    named = (value for f in fields(record, "100", "110", "111", "130") for code, value in f if code == "a")
    return _padded(re.sub(r"[^a-z0-9]", "", key(next(named, ""))), 5)


def _carrier(record: RawRecord) -> str:
    """ "e" for electronic: told by 245$h, 590, 533, 300, 007, 337, or by a government number with a link."""
    if values(record, "245", "h") or control(record, "007")[:1] == "c" or "c" in values(record, "337", "b"):
        return "e"
    notes = " ".join(
        values(record, "590", "a") + values(record, "533", "a") + values(record, "300", "a")
    ).lower()
    if "electronic reproduction" in notes or "online resource" in notes:
        return "e"
    return "e" if values(record, "086", "a") and any(fields(record, "856")) else "p"
