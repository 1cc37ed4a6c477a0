"""Sound and film: whether the file is built as ISO 11172-3 (MP3) and ISO 14496-12 (MP4) say. checks.py asks."""

from __future__ import annotations

import os
from typing import BinaryIO

from members.knowledge import refusal

# kbit/s of layer III by the index in a frame's head, MPEG 1 and MPEG 2; and samples a second of MPEG 1.
_RATES_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_RATES_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_HERTZ = (44100, 48000, 32000)
FRAMES = 4  # in a row: chance makes one head, not four
MOST_BOXES = 100_000


def looks_like_mp3(head: bytes) -> bool:
    return head.startswith(b"ID3") or _frame_length(head[:4]) > 0


def looks_like_mp4(head: bytes) -> bool:
    return head[4:8] == b"ftyp"


def check_mp3(file: BinaryIO) -> None:
    """Raises FileRefused unless frames follow one another after the tag."""
    head = file.read(10)
    start = 0
    if head.startswith(b"ID3"):
        size = 0
        for byte in head[6:10]:
            size = size << 7 | byte & 0x7F
        start = 10 + size
    for _n in range(FRAMES):
        file.seek(start)
        length = _frame_length(file.read(4))
        if not length:
            raise refusal.broken()
        start += length


def _frame_length(head: bytes) -> int:
    """Bytes of the frame of layer III that begins here; 0 where none does."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return 0
    version, rate, hertz = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or rate in (0, 15) or hertz == 3:
        return 0
    first = version == 3
    samples = _HERTZ[hertz] // (1 if first else 2 if version == 2 else 4)
    kilobits = (_RATES_1 if first else _RATES_2)[rate]
    return (144 if first else 72) * kilobits * 1000 // samples + (head[2] >> 1 & 1)


def check_mp4(file: BinaryIO) -> None:
    """Raises FileRefused unless the boxes fill the file, and film and its description are among them."""
    end = file.seek(0, os.SEEK_END)
    start, found = 0, set()
    for _n in range(MOST_BOXES):
        if start >= end:
            break
        file.seek(start)
        head = file.read(16)
        size = int.from_bytes(head[:4], "big")
        if size == 1:
            size = int.from_bytes(head[8:16], "big")
        elif size == 0:
            size = end - start
        if size < 8:
            raise refusal.broken()
        found.add(head[4:8])
        start += size
    if start != end or not {b"ftyp", b"moov"} <= found:
        raise refusal.broken()
