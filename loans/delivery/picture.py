"""An image file as it is put on a PDF page: its compressed pixels as they are, never decoded (ISO 32000-1, 8.9.5).

So a hostile image costs no memory, and nothing of a scan's sharpness is lost. What a PDF can't hold as it is (tiles,
JPEG inside TIFF, alpha) raises NotBindable; the copy then goes out as the files that were sent.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from loans.delivery.images import FRAMES, directories

Bytes = bytes | mmap.mmap
POINTS = 72
A4 = (595.0, 842.0)
# TIFF 6.0 tags
WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC, FILL_ORDER = 256, 257, 258, 259, 262, 266
STRIPS, SAMPLES, ROWS, LENGTHS, PLANAR = 273, 277, 278, 279, 284
T4_OPTIONS, PREDICTOR, EXTRA = 292, 317, 338
MAX_STRIPS = 400  # each becomes an image of its own
TURNED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))  # FillOrder 2: the bits from right to left
SPACES = {1: "/DeviceGray", 3: "/DeviceRGB", 4: "/DeviceCMYK"}


class NotBindable(ValueError):
    """This image can't stand on a PDF page as it is."""


@dataclass(frozen=True)
class Piece:
    """One strip of a picture, or all of it."""

    data: bytes
    filter: str  # "" for plain pixels
    rows: int
    parameters: dict[str, int | bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Picture:
    width: int
    height: int
    bits: int
    space: str
    inverted: bool
    dots: tuple[float, float]  # per inch, across and down
    pieces: tuple[Piece, ...]
    turn: int = 0  # clockwise degrees at which it is upright: telephones only note how they were held

    @property
    def size(self) -> tuple[float, float]:
        """Of its page in points: as large as it was on the scanner's glass, never larger than twice A4."""
        wide, high = self.width * POINTS / self.dots[0], self.height * POINTS / self.dots[1]
        shrink = min(1.0, 2 * A4[1] / max(wide, high))
        return max(wide * shrink, 1.0), max(high * shrink, 1.0)


def jpeg_picture(content: Bytes) -> Picture:
    """The first frame's size and colours, and the density its JFIF segment names."""
    at, dots, adobe, turn = 2, (150.0, 150.0), False, 0
    while at + 4 <= len(content):
        if content[at] != 0xFF:
            break
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        segment = content[at + 4 : at + 2 + length]
        if marker == 0xE0 and segment[:5] == b"JFIF\x00":
            dots = _jfif_dots(segment) or dots
        adobe = adobe or (marker == 0xEE and segment[:5] == b"Adobe")
        if marker == 0xE1 and segment[:6] == b"Exif\x00\x00":
            turn = _exif_turn(segment[6:])
        if marker in FRAMES:
            return replace(_jpeg_frame(content, segment, dots, adobe), turn=turn)
        at += 2 + length
    raise NotBindable


def _jpeg_frame(content: Bytes, frame: bytes, dots: tuple[float, float], adobe: bool) -> Picture:
    bits, height, width, colours = struct.unpack(">BHHB", frame[:6])
    if bits != 8 or not height or colours not in SPACES:
        raise NotBindable
    whole = Piece(bytes(content[:]), "/DCTDecode", height)
    # Adobe writes CMYK with all values turned round.
    return Picture(width, height, 8, SPACES[colours], adobe and colours == 4, dots, (whole,))


def _jfif_dots(segment: bytes) -> tuple[float, float] | None:
    if len(segment) < 12:
        return None
    unit, across, down = struct.unpack(">BHH", segment[7:12])
    each = {1: 1.0, 2: 2.54}.get(unit)
    return _sane(across * each, down * each) if each else None


def _exif_turn(block: bytes) -> int:
    """The orientation of the first directory (tag 274); anything odd counts as upright."""
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    try:
        if order is None:
            return 0
        at = struct.unpack_from(f"{order}I", block, 4)[0]
        for number in range(struct.unpack_from(f"{order}H", block, at)[0]):
            tag, _kind, _count, value = struct.unpack_from(f"{order}HHIH", block, at + 2 + 12 * number)
            if tag == 274:
                return {3: 180, 6: 90, 8: 270}.get(value, 0)
    except struct.error:
        return 0
    return 0


def _sane(across: float, down: float) -> tuple[float, float] | None:
    return (across, down) if 20 <= across <= 5000 and 20 <= down <= 5000 else None


def tiff_pictures(content: Bytes) -> Iterator[Picture]:
    """One for each page of the file, which has been checked (loans.delivery.images)."""
    for directory in directories(content):
        yield _tiff_picture(content, directory)


def _tiff_picture(content: Bytes, tags: dict[int, list[int]]) -> Picture:
    def one(tag: int, default: int) -> int:
        return (tags.get(tag) or [default])[0]

    width, height, bits, samples = one(WIDTH, 0), one(HEIGHT, 0), one(BITS, 1), one(SAMPLES, 1)
    photometric = one(PHOTOMETRIC, 1)
    usable = (photometric in (0, 1) and samples == 1) or (photometric == 2 and samples == 3 and bits == 8)
    if not usable or tags.get(EXTRA) or bits not in (1, 2, 4, 8) or one(PLANAR, 1) != 1 or STRIPS not in tags:
        raise NotBindable
    if len(set(tags.get(BITS) or [1])) != 1 or len(tags[STRIPS]) > MAX_STRIPS:
        raise NotBindable
    rows, pieces = min(one(ROWS, height), height), []
    strips = list(zip(tags[STRIPS], tags.get(LENGTHS, []), strict=False))
    if not rows or len(strips) != -(-height // rows):
        raise NotBindable
    for number, (place, length) in enumerate(strips):
        high = min(rows, height - number * rows)
        data = bytes(content[place : place + length])
        data = data.translate(TURNED) if one(FILL_ORDER, 1) == 2 else data
        name, parameters = _packing(data, one, width=width, rows=high, bits=bits, samples=samples)
        pieces.append(Piece(data, name, high, parameters))
    fax = one(COMPRESSION, 1) in (2, 3, 4)  # the fax decoder says itself which bit is black
    inverted = photometric == 0 and not fax
    return Picture(width, height, bits, SPACES[samples], inverted, _tiff_dots(width), tuple(pieces))


def _packing(
    data: bytes, one: Callable[[int, int], int], *, width: int, rows: int, bits: int, samples: int
) -> tuple[str, dict[str, int | bool]]:
    """The name and parameters of the PDF filter that undoes what the TIFF's compression did."""
    compression, turned = one(COMPRESSION, 1), one(PREDICTOR, 1) == 2
    shape: dict[str, int | bool] = {"/Columns": width, "/Colors": samples, "/BitsPerComponent": bits}
    predicted: dict[str, int | bool] = {"/Predictor": 2, **shape} if turned else {}
    if compression == 1:
        return "", {}
    if (
        compression == 5 and data[:1] == b"\x80"
    ):  # the older kind of LZW, its bits turned round, begins otherwise
        return "/LZWDecode", predicted
    if compression in (8, 32946):
        return "/FlateDecode", predicted
    if compression in (2, 3, 4) and bits == 1 and samples == 1:
        # K < 0: Group 4; 0: Group 3 in one dimension; > 0: in two.
        k = -1 if compression == 4 else (1 if compression == 3 and one(T4_OPTIONS, 0) & 1 else 0)
        white_is_zero = one(PHOTOMETRIC, 1) == 0
        return "/CCITTFaxDecode", {
            "/K": k, "/Columns": width, "/Rows": rows, "/BlackIs1": not white_is_zero,
            "/EncodedByteAlign": compression == 2,
        }  # fmt: skip
    raise NotBindable


def _tiff_dots(width: int) -> tuple[float, float]:
    """As wide as A4, unless the points would then be coarser than a screen's or finer than a scanner's."""
    across = min(max(width * POINTS / A4[0], 72.0), 1200.0)
    return across, across
