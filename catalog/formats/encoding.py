"""One record's bytes to text: the encoding is decided for each record, because files mix them.

Valid non-ASCII UTF-8 wins over what leader/09 says, then MARC-8, then the encoding set for the source.
Called by the ISO 2709 and MARCXML readers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from html.entities import html5

from .marc8 import DESIGNATION, decode_marc8, looks_like_marc8

_DELIMITERS = re.compile(rb"([\x1e\x1f])")
_UTF8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_CONTROLS = bytes([*range(0x1B), 0x1C, 0x1D, 0x7F])
_BLANKED = bytes.maketrans(_CONTROLS, b" " * len(_CONTROLS))
# UTF-8 of a lead byte taken for a letter, followed by the UTF-8 of what a continuation byte was taken for.
_MAYBE_TWICE = re.compile(rb"\xc3[\x82-\xb4](?:[\xc2\xc5\xc6\xcb]|\xe2\x80|\xe2\x82|\xe2\x84)")
# What the bytes 0x80-0xBF of a UTF-8 sequence look like when read as windows-1252 or Latin-1.
_TAIL = "\u0080-\u00bf" + re.escape(bytes(range(0x80, 0xA0)).decode("cp1252", "ignore"))
_TWICE = re.compile(
    f"(?:[\u00c2-\u00df][{_TAIL}]|[\u00e0-\u00ef][{_TAIL}]{{2}}|[\u00f0-\u00f4][{_TAIL}]{{3}})+"
)
_ENTITY = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9A-Fa-f]{1,6})|([A-Za-z][A-Za-z0-9]{1,30}));")
_TO_BYTES = {ord(bytes([b]).decode("cp1252", "replace")): b for b in range(0x80, 0xA0)}


def decode_record(data: bytes, declared_utf8: bool, fallback: str, warnings: list[str]) -> str:
    """The text of a record's data area, its delimiters kept. Appends what was repaired to `warnings`."""
    if len(data.translate(None, _CONTROLS)) != len(data):
        data = data.translate(_BLANKED)  # a blank, so that indicators and fixed fields keep their width
        warnings.append("control_characters")
    if data.isascii():
        if b"\x1b" in data and DESIGNATION.search(data):
            return decode_marc8(data)
        text = data.decode("ascii")
        return _normalised(undo_entities(text, warnings)) if b"&" in data else text
    text = _decode_high(data, declared_utf8, fallback, warnings)
    if b"&" in data:
        text = undo_entities(text, warnings)
    return text if unicodedata.is_normalized("NFC", text) else _normalised(text)


def _decode_high(data: bytes, declared_utf8: bool, fallback: str, warnings: list[str]) -> str:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        if not declared_utf8:
            warnings.append("utf8_undeclared")
        return undo_double_encoding(text, warnings) if maybe_twice(data) else text
    if declared_utf8:
        warnings.append("utf8_damaged")
        if _UTF8_SEQUENCE.search(data):
            return _by_piece(data, lambda piece: _mixed(piece, fallback))
    if looks_like_marc8(data):
        return decode_marc8(data)
    warnings.append("fallback_encoding")
    return data.decode(fallback, "replace")


def _by_piece(data: bytes, decode: Callable[[bytes], str]) -> str:
    """Decodes what stands between delimiters apart, so that damage stays inside its subfield."""
    return "".join([decode(piece) for piece in _DELIMITERS.split(data)])


def _mixed(piece: bytes, fallback: str) -> str:
    """A piece of a record that is UTF-8 elsewhere: its own sequences are kept, a stray byte is marked or guessed."""
    try:
        return piece.decode("utf-8")
    except UnicodeDecodeError:
        if _UTF8_SEQUENCE.search(piece):
            return piece.decode("utf-8", "replace")
        return piece.decode(fallback, "replace")


def maybe_twice(data: bytes) -> bool:
    """Cheap first look, on UTF-8 bytes, for what `undo_double_encoding` repairs."""
    return b"\xc3" in data and _MAYBE_TWICE.search(data) is not None


def undo_double_encoding(text: str, warnings: list[str]) -> str:
    """UTF-8 that was taken for windows-1252 and encoded again ("Ã©") becomes itself again."""
    if not _TWICE.search(text):
        return text
    repaired = _TWICE.sub(_once, text)
    if repaired != text:
        warnings.append("double_encoded")
    return repaired


def undo_entities(text: str, warnings: list[str]) -> str:
    """Characters written as HTML ("&eacute;", "&amp;amp;") or as MARC-8's last resort ("&#x6E05;") become themselves.

    The result may need composing (NFC).
    """
    changed = _ENTITY.sub(_character, text)
    if changed != text:
        if "entities_decoded" not in warnings:
            warnings.append("entities_decoded")
        changed = _ENTITY.sub(_character, changed)  # escaped twice, as with double encoding
    return changed


def _character(match: re.Match[str]) -> str:
    """Of an unknown name or of a control character nothing is made."""
    decimal, hexadecimal, name = match.groups()
    if name:
        return html5.get(name + ";", match.group())
    code = int(decimal) if decimal else int(hexadecimal, 16)
    if 0x80 <= code < 0xA0:
        return bytes([code]).decode("cp1252", "replace")  # as browsers read it
    legal = 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
    return chr(code) if legal else match.group()


def _once(match: re.Match[str]) -> str:
    found = match.group()
    try:
        return bytes(_TO_BYTES.get(ord(c), ord(c)) for c in found).decode("utf-8")
    except ValueError:
        return found


def _normalised(text: str) -> str:
    """NFC value by value: a mark at the start of a value must not join the delimiter's code before it."""
    return "\x1e".join(
        "\x1f".join(part[:1] + unicodedata.normalize("NFC", part[1:]) for part in field.split("\x1f"))
        for field in text.split("\x1e")
    )
