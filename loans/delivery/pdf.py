"""PDF: whole, unlocked, and without anything that acts by itself (ISO 32000-1, 7.6, 12.6, 7.11).

Two looks, because two readers may understand a hostile file differently: pypdf's, through every object, and one at
the plain bytes and at whatever inflates from them.
"""

from __future__ import annotations

import mmap
import re
import struct
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject

from loans.delivery.refusal import FileRefused

MAX_OBJECTS = 200_000
MAX_PAGES = 5000
MAX_DEPTH = 60
INFLATE_EACH = 4 * 1024**2  # an object stream of a scan is a few kilobytes
INFLATE_ALL = 64 * 1024**2
# Whatever a damaged or hostile file makes pypdf stumble over.
STUMBLES = (
    PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, OverflowError,
    AssertionError, NotImplementedError, MemoryError, OSError, EOFError, struct.error, zlib.error,
)  # fmt: skip

ACTIVE_KEYS = frozenset(
    {"/JS", "/JavaScript", "/EmbeddedFile", "/EmbeddedFiles", "/EF", "/RichMediaContent", "/XFA", "/Launch"}
)
ACTIVE_KINDS = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR", "/Rendition", "/RichMedia",
     "/RichMediaExecute", "/EmbeddedFile", "/FileAttachment", "/Movie", "/Sound", "/Screen", "/3D"}
)  # fmt: skip
HARMLESS_AT_OPENING = frozenset({"/GoTo", "/Named"})


def _spelled(name: str) -> str:
    """A name as it may stand in a file: any letter may be written as # and two digits."""
    return "".join(f"(?:{letter}|#(?i:{ord(letter):02x}))" for letter in name)


# A name ends at white space or a delimiter. /JS alone is too short to be looked for among compressed pixels.
_LONG = (
    "JavaScript",
    "Launch",
    "EmbeddedFile",
    "EmbeddedFiles",
    "RichMediaContent",
    "SubmitForm",
    "ImportData",
)
_SHORT = ("JS", "XFA", "EF")


def _pattern(*names: str) -> re.Pattern[bytes]:
    return re.compile(
        (f"/(?:{'|'.join(_spelled(name) for name in names)})" + r"(?=[\s/<>\[\]()%]|$)").encode()
    )


LONG_NAMES = _pattern(*_LONG)
ALL_NAMES = _pattern(*_LONG, *_SHORT)
ENCRYPTED = _pattern("Encrypt")
STREAM = re.compile(rb"(?<!end)stream\r?\n")


def check(content: mmap.mmap, path: Path) -> int:
    """How many pages it has. Raises FileRefused (encrypted, active, damaged, too_complex)."""
    if b"%%EOF" not in content[-4096:]:
        raise FileRefused("damaged")
    look_at_bytes(content)
    with path.open("rb") as file:
        try:
            return _look_at_objects(PdfReader(file, strict=False))
        except FileRefused:
            raise
        except STUMBLES:
            raise FileRefused("damaged") from None


def look_at_bytes(content: mmap.mmap | bytes) -> None:
    """Tell-tale names in the open, or in what inflates. Raises FileRefused (active, encrypted, too_complex)."""
    if LONG_NAMES.search(content):
        raise FileRefused("active")
    left = INFLATE_ALL
    position = 0
    for found in STREAM.finditer(content):
        before = content[position : found.start()]
        _look_between(before)
        dictionary = before[-2048:]
        if b"Image" not in dictionary or b"ObjStm" in dictionary:
            left -= _look_inside(content, found.end(), min(INFLATE_EACH, left))
            if left <= 0:
                raise FileRefused("too_complex")
        position = _end_of_stream(content, found.end())
    _look_between(content[position:])


def _look_between(piece: bytes) -> None:
    if ALL_NAMES.search(piece):
        raise FileRefused("active")
    if ENCRYPTED.search(piece):
        raise FileRefused("encrypted")


def _end_of_stream(content: mmap.mmap | bytes, start: int) -> int:
    end = content.find(b"endstream", start)
    return end if end >= 0 else start


def _look_inside(content: mmap.mmap | bytes, start: int, most: int) -> int:
    """Inflate what stands at `start`, where it does; only names that begin an object's key count. Returns the size."""
    end = content.find(b"endstream", start)
    packed = content[start : end if end >= 0 else start + most]
    try:
        opened = zlib.decompressobj().decompress(packed, max(most, 1))
    except zlib.error:
        return 0
    if LONG_NAMES.search(opened):
        raise FileRefused("active")
    return len(opened)


def _look_at_objects(reader: PdfReader) -> int:
    if reader.is_encrypted:
        raise FileRefused("encrypted")
    _check_opening(reader.root_object)
    for number, reference in enumerate(_references(reader)):
        if number >= MAX_OBJECTS:
            raise FileRefused("too_complex")
        found = reader.get_object(reference)
        _walk(found)
        # Pixels are looked at once; keeping them would hold the whole file in memory.
        reader.resolved_objects.clear() if number % 200 == 199 else None
    pages = len(reader.pages)
    if pages > MAX_PAGES:
        raise FileRefused("too_complex")
    return pages


def _references(reader: PdfReader) -> Iterable[IndirectObject]:
    for generation, numbers in reader.xref.items():
        for number in numbers:
            yield IndirectObject(number, generation, reader)
    for number in reader.xref_objStm:
        yield IndirectObject(number, 0, reader)


def _check_opening(root: DictionaryObject) -> None:
    """A place to open at is harmless, anything that is done at opening is not."""
    action = root.get("/OpenAction")
    action = action.get_object() if action is not None else None
    if isinstance(action, DictionaryObject) and action.get("/S") not in HARMLESS_AT_OPENING:
        raise FileRefused("active")


def _walk(start: Any) -> None:
    """One object and what stands in it directly; what it refers to is looked at on its own."""
    waiting = [(start, 0)]
    while waiting:
        found, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise FileRefused("too_complex")
        if isinstance(found, DictionaryObject):
            _check_dictionary(found)
            waiting += [(dict.get(found, key), depth + 1) for key in found]
        elif isinstance(found, ArrayObject):
            waiting += [(value, depth + 1) for value in list.__iter__(found)]


def _check_dictionary(found: DictionaryObject) -> None:
    if ACTIVE_KEYS & set(found):
        raise FileRefused("active")
    for key in ("/S", "/Subtype", "/Type"):
        value = dict.get(found, NameObject(key))
        value = value.get_object() if isinstance(value, IndirectObject) else value
        if isinstance(value, NameObject) and str(value) in ACTIVE_KINDS:
            raise FileRefused("active")
