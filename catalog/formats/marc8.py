"""MARC-8 to Unicode, with pymarc's tables but without its per-character loop and its lines on stderr.

Runs between two escape sequences are translated as a whole. Standard: MARC 21 Specifications, Character Sets part 2.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import lru_cache

from pymarc.marc8_mapping import CODESETS, ODD_MAP

_LATIN, _ANSEL, _EACC = 0x42, 0x45, 0x31
_ESCAPE = re.compile(rb"\x1b(?:([gbps])|(\$?)([(),\-]?)!?([0-9A-Z]))")
DESIGNATION = re.compile(rb"\x1b(?:[gbps]|\$[,)\-]?1|[(,)\-]!?[BENQ234S])")
_MARKS = "".join(
    sorted({chr(uni) for codes in CODESETS.values() for uni, combining in codes.values() if combining})
)
_REORDER = re.compile(f"([{re.escape(_MARKS)}]+)([^{re.escape(_MARKS)}\x1e\x1f])", re.S)
# A mark at the end of a value stands before nothing, one behind a delimiter hides the subfield code.
_DANGLING = re.compile(f"[{re.escape(_MARKS)}]+(?=[\x1e\x1f]|$)|(?<=\x1f)[{re.escape(_MARKS)}]+")
_DROPPED = bytes([*range(0x1E), *range(0x81, 0xA0)])
_DELIMITERS = re.compile(rb"([\x1e\x1f])")
_HIGH_RUN = re.compile(rb"([\xe0-\xfe]+)(.?)", re.S)
# Bytes to which the extended Latin set of MARC-8 gives no character.
_UNDEFINED = re.compile(rb"[\x80-\x87\x8a-\x8c\x8f-\xa0\xaf\xbb\xbf\xc9-\xcc\xce\xd0-\xdf\xfc\xfd\xff]")


def looks_like_marc8(data: bytes) -> bool:
    """Whether bytes that are not UTF-8 read as MARC-8: no undefined byte, marks stand before letters.

    In windows-1252 the same bytes are letters, which end words and follow each other.
    """
    if DESIGNATION.search(data):
        return True
    undefined = len(_UNDEFINED.findall(data))
    good = bad = 0
    for run, after in _HIGH_RUN.findall(data):
        if len(run) <= 3 and after.isalpha() and after.isascii():
            good += 1
        else:
            bad += 1
    return undefined * 8 <= good and bad * 8 <= good


def decode_marc8(data: bytes) -> str:
    """Text in NFC with the delimiters kept; a shift to another set ends with its subfield.

    A byte without a meaning becomes a space, control characters are dropped, as pymarc does.
    """
    if b"\x1b" in data:
        text = "".join([_shifted(piece) for piece in _DELIMITERS.split(data)])
    else:
        text = _run(data, _LATIN, _ANSEL)
    return unicodedata.normalize("NFC", _REORDER.sub(r"\2\1", _DANGLING.sub("", text)))


def _shifted(data: bytes) -> str:
    """One value, run by run between its escape sequences; marks still stand before their letters."""
    g0, g1 = _LATIN, _ANSEL
    pieces: list[str] = []
    start = 0
    for match in _ESCAPE.finditer(data):
        if match.start() < start:
            continue
        pieces.append(_run(data[start : match.start()], g0, g1))
        start = match.end()
        short, _multibyte, side, final = match.groups()
        code = ord(short or final)
        if short:
            g0 = _LATIN if code == 0x73 else code
        elif code in CODESETS:
            if side in (b")", b"-"):
                g1 = code
            else:
                g0 = code
    pieces.append(_run(data[start:], g0, g1))
    return "".join(pieces)


def _run(data: bytes, g0: int, g1: int) -> str:
    if g0 != _EACC:
        return codecs.charmap_decode(data.translate(None, _DROPPED), "replace", _table(g0, g1))[0]
    codes = CODESETS[_EACC]
    characters = []
    for i in range(0, len(data), 3):
        code = int.from_bytes(data[i : i + 3], "big")
        known = codes.get(code)
        characters.append(chr(known[0]) if known else chr(ODD_MAP.get(code, 0x20)))
    return "".join(characters)


@lru_cache(maxsize=64)
def _table(g0: int, g1: int) -> str:
    low, high = CODESETS.get(g0, {}), CODESETS.get(g1, {})
    table = []
    for code in range(256):
        known = high.get(code) if code > 0x80 else low.get(code)
        if code in (0x1E, 0x1F):
            table.append(chr(code))
        else:
            table.append(chr(known[0] if known else ODD_MAP.get(code, 0x20)))
    return "".join(table)
