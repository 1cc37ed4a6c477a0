"""ISO 5426, the extended Latin set of binary UNIMARC: its marks stand before the letter. Called by the reader."""

from __future__ import annotations

import re
import unicodedata

from .records import Field

_MARKS = dict(zip(range(0xC0, 0xD0),
                  "\u0309\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u0308\u030a\u0315\u0312\u030b\u031b\u030c",
                  strict=True))  # fmt: skip
_MARKS |= dict(zip(range(0xD0, 0xDC), "\u0327\u031c\u0326\u0328\u0325\u032e\u0323\u0324\u0332\u0333\u0329\u032d",
                   strict=True))  # fmt: skip
_MARKS |= {0xDD: "\ufe20", 0xDE: "\ufe21", 0xDF: "\ufe23"}
_LETTERS = {
    0xA1: "¡", 0xA2: "„", 0xA3: "£", 0xA4: "$", 0xA5: "¥", 0xA6: "†", 0xA7: "§", 0xA8: "′", 0xA9: "\u2018", 0xAA: "“",
    0xAB: "«", 0xAC: "♭", 0xAD: "©", 0xAE: "℗", 0xAF: "®", 0xB0: "\u02bb", 0xB1: "\u02bc", 0xB2: "\u201a", 0xB6: "‡",
    0xB7: "·", 0xB8: "″", 0xB9: "\u2019", 0xBA: "”", 0xBB: "»", 0xBC: "♯", 0xBD: "\u02b9", 0xBE: "\u02ba", 0xBF: "¿",
    0xE1: "Æ", 0xE2: "Đ", 0xE6: "Ĳ", 0xE8: "Ł", 0xE9: "Ø", 0xEA: "Œ", 0xEC: "Þ", 0xF1: "æ", 0xF2: "đ", 0xF3: "ð",
    0xF5: "ı", 0xF6: "ĳ", 0xF8: "ł", 0xF9: "ø", 0xFA: "œ", 0xFB: "ß", 0xFC: "þ",
}  # fmt: skip
_MARKED = re.compile(rb"[\xc0-\xdf]+[A-Za-z]")
_LATIN1 = re.compile(rb"[\xe0-\xff](?=[A-Za-z\x1e\x1f .,;:'-])")


def is_used(payload: bytes, fields: list[Field]) -> bool:
    """Whether a binary record is UNIMARC in ISO 5426: by 100$a/26-29, and by its marks standing before letters."""
    tags = {field[0] for field in fields}
    if "200" not in tags or "245" in tags:
        return False
    coded = next((f[3][0][1] for f in fields if len(f) == 4 and f[0] == "100" and f[3]), "")[26:30]
    if coded.startswith("50"):
        return False
    try:
        payload.decode("utf-8")
    except UnicodeDecodeError:
        return len(_MARKED.findall(payload)) >= len(_LATIN1.findall(payload)) or "03" in (
            coded[:2],
            coded[2:],
        )
    return False


def decode(data: bytes) -> str:
    """Text, composed. A byte that the set does not have becomes U+FFFD; the non-sorting marks 0x88 and 0x89 stay."""
    out: list[str] = []
    marks: list[str] = []
    for byte in data:
        if byte in _MARKS:
            marks.append(_MARKS[byte])
            continue
        out.append(chr(byte) if byte < 0xA0 else _LETTERS.get(byte, "\ufffd"))
        if marks:
            out += marks if byte >= 0x20 else []
            marks = []
    return unicodedata.normalize("NFC", "".join(out))


def fields_of(payload: bytes) -> list[Field] | None:
    """The record's fields in this set; None where directory and fields do not agree in number."""
    directory, _, data = payload[24:].partition(b"\x1e")
    tags = [directory[at : at + 3].decode("ascii", "replace") for at in range(0, len(directory), 12)]
    values = data.removesuffix(b"\x1e").split(b"\x1e")
    if len(tags) != len(values):
        return None
    fields: list[Field] = []
    for tag, value in zip(tags, values, strict=True):
        if tag.startswith("00"):
            fields.append((tag, decode(value)))
            continue
        head, *parts = value.split(b"\x1f")
        pairs = tuple([(chr(part[0]), decode(part[1:])) for part in parts if part])
        ind = head.decode("ascii", "replace") + "  "
        if pairs:
            fields.append((tag, ind[0], ind[1], pairs))
    return fields
