"""Latin text as MARC-8 (ANSEL), for the one demo library whose system never learnt Unicode. Called by catalogue.py."""

from __future__ import annotations

import unicodedata

# Combining marks come before their letter (MARC 21 specifications, character sets, part 2).
MARKS = {
    "\u0300": 0xE1, "\u0301": 0xE2, "\u0302": 0xE3, "\u0303": 0xE4, "\u0304": 0xE5, "\u0306": 0xE6,
    "\u0307": 0xE7, "\u0308": 0xE8, "\u030c": 0xE9, "\u030a": 0xEA, "\u0327": 0xF0,
}  # fmt: skip
LETTERS = {"Ł": 0xA1, "Ø": 0xA2, "Æ": 0xA5, "ł": 0xB1, "ø": 0xB2, "æ": 0xB5, "ı": 0xB8, "©": 0xC3}


def encode(text: str) -> bytes:
    """Raises ValueError for a character outside ASCII and ANSEL."""
    out = bytearray()
    for character in unicodedata.normalize("NFD", text):
        if ord(character) < 0x80:
            out.append(ord(character))
        elif character in LETTERS:
            out.append(LETTERS[character])
        elif character in MARKS and out:
            out.insert(len(out) - 1, MARKS[character])
        else:
            raise ValueError(f"{character!r} has no place in ANSEL")
    return bytes(out)
