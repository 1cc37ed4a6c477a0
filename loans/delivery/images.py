"""The build of JPEG and TIFF files, walked from end to end without decoding a pixel (JPEG: ITU T.81; TIFF 6.0)."""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from typing import NamedTuple

from loans.delivery.refusal import FileRefused

MAX_TIFF_PAGES = 2000
Bytes = bytes | mmap.mmap
# Start of frame: all of C0 to CF but the Huffman table, the reserved one and the arithmetic table.
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
ALONE = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a length
TIFF_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}


def jpeg_end(content: Bytes) -> int:
    """Where the image ends, behind its end marker. Raises FileRefused (damaged)."""
    at, framed, scanned = 2, False, False
    while True:
        at, marker = _next_marker(content, at)
        if marker == 0xD9:
            if not (framed and scanned):
                raise FileRefused("damaged")
            return at
        if marker in ALONE:
            continue
        if marker == 0xD8 or at + 2 > len(content):
            raise FileRefused("damaged")
        length = int.from_bytes(content[at : at + 2], "big")
        if length < 2 or at + length > len(content):
            raise FileRefused("damaged")
        if marker in FRAMES:
            framed = _frame(content[at + 2 : at + length])
        at += length
        if marker == 0xDA:
            scanned, at = True, _behind_scan(content, at)


def _next_marker(content: Bytes, at: int) -> tuple[int, int]:
    """A marker must stand here; fill bytes before it are allowed."""
    if at >= len(content) or content[at] != 0xFF:
        raise FileRefused("damaged")
    while at < len(content) and content[at] == 0xFF:
        at += 1
    if at >= len(content) or content[at] == 0:
        raise FileRefused("damaged")
    return at + 1, content[at]


def _frame(segment: bytes) -> bool:
    """Precision, height, width, number of components: none may be zero (height may follow in a DNL segment)."""
    if len(segment) < 6:
        raise FileRefused("damaged")
    _precision, _height, width, components = struct.unpack(">BHHB", segment[:6])
    if not width or not components:
        raise FileRefused("damaged")
    return True


def _behind_scan(content: Bytes, at: int) -> int:
    """The compressed pixels go on to the next real marker: FF 00 is a pixel, FF D0 to D7 a restart."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0 or at + 1 >= len(content):
            raise FileRefused("damaged")
        following = content[at + 1]
        if following == 0xFF:
            at += 1
        elif following == 0 or 0xD0 <= following <= 0xD7:
            at += 2
        else:
            return at


class _Entry(NamedTuple):
    tag: int
    kind: int
    amount: int
    place: int  # where its values stand


def tiff_pages(content: Bytes) -> int:
    """How many images the directories list; each must lie within the file. Raises FileRefused."""
    order = "<" if content[:2] == b"II" else ">"
    at, seen = _number(content, order, 4, 4), set[int]()
    while at:
        if at in seen or len(seen) >= MAX_TIFF_PAGES:
            raise FileRefused("damaged")
        seen.add(at)
        at = _directory(content, order, at)
    return len(seen)


def directories(content: Bytes) -> Iterator[dict[int, list[int]]]:
    """The whole numbers of each image's directory by tag, for a file that `tiff_pages` has found in order."""
    order = "<" if content[:2] == b"II" else ">"
    at = _number(content, order, 4, 4)
    for _page in range(MAX_TIFF_PAGES):
        if not at:
            return
        count = _number(content, order, at, 2)
        entries = [_entry(content, order, at + 2 + 12 * n) for n in range(count)]
        yield {entry.tag: _values(content, order, entry) for entry in entries}
        at = _number(content, order, at + 2 + 12 * count, 4)


def _directory(content: Bytes, order: str, at: int) -> int:
    """Check one image's directory; returns the place of the next, 0 after the last."""
    count = _number(content, order, at, 2)
    end = at + 2 + 12 * count
    if not count or end + 4 > len(content):
        raise FileRefused("damaged")
    entries = {e.tag: e for e in (_entry(content, order, at + 2 + 12 * n) for n in range(count))}
    width, height = (_values(content, order, entries.get(tag)) for tag in (256, 257))
    if not (width and height and width[0] and height[0]):
        raise FileRefused("damaged")
    _check_pixels(content, order, entries)
    return _number(content, order, end, 4)


def _check_pixels(content: Bytes, order: str, entries: dict[int, _Entry]) -> None:
    """Strips or tiles: as many places as lengths, all inside the file."""
    tiled = 324 in entries
    places = _values(content, order, entries.get(324 if tiled else 273))
    lengths = _values(content, order, entries.get(325 if tiled else 279))
    if not places or len(places) != len(lengths):
        raise FileRefused("damaged")
    if any(place + length > len(content) for place, length in zip(places, lengths, strict=True)):
        raise FileRefused("damaged")


def _entry(content: Bytes, order: str, at: int) -> _Entry:
    tag, kind, count = struct.unpack(f"{order}HHI", content[at : at + 8])
    size = TIFF_SIZES.get(kind, 1) * count
    place = at + 8 if size <= 4 else _number(content, order, at + 8, 4)
    if place + size > len(content):
        raise FileRefused("damaged")
    return _Entry(tag, kind, count, place)


def _values(content: Bytes, order: str, entry: _Entry | None) -> list[int]:
    """The whole numbers of an entry (SHORT or LONG); others hold none that are asked for here."""
    if entry is None or entry.kind not in (3, 4):
        return []
    letter = "H" if entry.kind == 3 else "I"
    raw = content[entry.place : entry.place + TIFF_SIZES[entry.kind] * entry.amount]
    return list(struct.unpack(f"{order}{entry.amount}{letter}", raw))


def _number(content: Bytes, order: str, at: int, size: int) -> int:
    raw = content[at : at + size]
    if len(raw) != size:
        raise FileRefused("damaged")
    return int.from_bytes(raw, "little" if order == "<" else "big")
