"""What a record describes and on what it comes, from leader, 007, 008 and the words cataloguers use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from .records import DataField

Fields = Mapping[str, list[DataField]]
_BY_TYPE = {"c": "score", "d": "score", "e": "map", "f": "map", "g": "video", "i": "audio", "j": "audio",
            "k": "image", "m": "computer", "o": "kit", "p": "manuscript", "r": "object", "t": "manuscript"}  # fmt: skip
_BY_LEVEL = {"s": "serial", "i": "serial", "b": "article", "a": "article"}
_BY_ITEM_FORM = {"a": "microform", "b": "microform", "c": "microform", "d": "large_print", "f": "braille",
                 "o": "electronic", "q": "electronic", "s": "electronic"}  # fmt: skip
_BY_007 = {
    "c": "electronic",
    "h": "microform",
    "s": "audio",
    "f": "braille",
    "m": "other",
    "v": "other",
    "g": "other",
}
_WORDS = (
    ("large_print", re.compile(r"large print|large type|huruf besar|cetak(?:an)? besar", re.I)),
    ("braille", re.compile(r"brail", re.I)),
    ("microform", re.compile(r"microfi|microform|mikrofi|microreproduction", re.I)),
    (
        "electronic",
        re.compile(r"electronic|elektroni|online|e-?book|digital file|computer file|daring", re.I),
    ),
    ("audio", re.compile(r"sound recording|audio|rekaman suara|compact disc|kaset", re.I)),
)
_THESIS = re.compile(r"\b(?:thesis|tesis|skripsi|disertasi|dissertation|tugas akhir)\b", re.I)
CARRIER_HINT = re.compile(
    r"print|type|besar|brail|micro|mikro|electr|elektr|online|book|digital|computer|daring|sound|audio|rekam|disc|kaset",
    re.I,
)


def format_of(leader: str, control008: str, by_tag: Fields) -> str:
    """One of draft.FORMATS from leader/06 and 07; a thesis is known by 502 or 008/24-27."""
    kind, level = leader[6], leader[7]
    books = kind in "at " and level not in "sib"
    if books and ("502" in by_tag or (len(control008) == 40 and level in "mcd" and "m" in control008[24:28])):
        return "thesis"
    if books and any(_THESIS.search(v) for f in by_tag.get("655", ()) for c, v in f[3] if c == "a"):
        return "thesis"
    if kind in _BY_TYPE:
        return _BY_TYPE[kind]
    return _BY_LEVEL.get(level, "book") if kind in "a |#" else "other" if kind.isalpha() else "book"


def carrier_of(leader: str, control007: str, control008: str, by_tag: Fields) -> str:
    """One of draft.CARRIERS: the fixed fields first, then words in 245$h, 250, 300, 338 and 533."""
    kind = leader[6]
    if len(control008) >= 40 - 6:
        place = 29 if kind in "efgkor" else 23
        if found := _BY_ITEM_FORM.get(control008[place : place + 1]):
            return found
    if found := _BY_007.get(control007[:1]):
        return found
    for tag, codes in (("245", "h"), ("338", "ab"), ("250", "a"), ("300", "a"), ("533", "a")):
        for field in by_tag.get(tag, ()):
            for code, value in field[3]:
                if code in codes and (named := _named_carrier(value)):
                    return named
    if kind in "ij":
        return "audio"
    if kind == "m":
        return "electronic"
    return "other" if kind in "gor" else "print"


@lru_cache(maxsize=5_000)
def _named_carrier(text: str) -> str:
    """The carrier that a phrase like "rekaman suara" or "1 DVD" names, or nothing."""
    if not CARRIER_HINT.search(text):
        return ""
    return next((carrier for carrier, words in _WORDS if words.search(text)), "")
