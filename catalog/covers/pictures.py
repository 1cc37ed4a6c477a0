"""What came from outside as a cover: is it a picture at all, and a believable one? Made anew in two sizes as WebP.

The bytes of others are never passed on: what readers get was written by Pillow from the pixels alone.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

# What a browser shows and Pillow reads without a helper; SVG, PostScript and the like are programs, not pictures.
KINDS = ("JPEG", "PNG", "GIF", "WEBP")
LARGE, SMALL = (320, 480), (128, 192)
LEAST = (40, 60)  # providers send a dot for "none"
MOST_PIXELS = 25_000_000
MOST_BYTES = 3 * 1024**2
WIDEST, TALLEST = 2.2, 3.5  # width over height, and the other way round: a banner or a spine is no cover
QUALITY = 78


class NotAPicture(Exception):
    """What came can't serve as a cover; the reason in a word, for the log."""


@dataclass(frozen=True)
class Pictures:
    large: bytes
    small: bytes
    width: int  # of the large one
    height: int
    digest: str


def pictures_of(body: bytes) -> Pictures:
    """Raises NotAPicture."""
    if len(body) > MOST_BYTES:
        raise NotAPicture("too large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = _opened(body)
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise NotAPicture("no picture") from None
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError, OverflowError):
        # What Pillow raises for files that begin well and go on badly.
        raise NotAPicture("damaged") from None
    large, small = _within(picture, LARGE), _within(picture, SMALL)
    data = _written(large)
    digest = hashlib.blake2b(data, digest_size=16).hexdigest()
    return Pictures(data, _written(small), large.width, large.height, digest)


def _opened(body: bytes) -> Image.Image:
    """Size and kind are looked at before a pixel is decoded."""
    with Image.open(io.BytesIO(body), formats=KINDS) as found:
        width, height = found.size
        if width * height > MOST_PIXELS:
            raise NotAPicture("too many pixels")
        if width < LEAST[0] or height < LEAST[1]:
            raise NotAPicture("too small")
        if width > WIDEST * height or height > TALLEST * width:
            raise NotAPicture("wrong shape")
        found.draft("RGB", (LARGE[0] * 2, LARGE[1] * 2))  # a JPEG is decoded at a fraction of its size
        with _whole_ones_only():
            found.load()
        return ImageOps.exif_transpose(found).convert("RGB")


@contextmanager
def _whole_ones_only() -> Iterator[None]:
    """WeasyPrint, once imported, has Pillow fill up what was cut off, in the whole process."""
    before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _within(picture: Image.Image, box: tuple[int, int]) -> Image.Image:
    made = picture.copy()
    made.thumbnail(box, Image.Resampling.LANCZOS)
    return made


def _written(picture: Image.Image) -> bytes:
    """Pixels only: no EXIF, no colour profile, no comment."""
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=QUALITY, method=4)
    return out.getvalue()
