"""Reads printed codes back as a scanner would: draws the SVG's bars and gives the picture to a reader of its own."""

from __future__ import annotations

import re

import zxingcpp
from PIL import Image, ImageDraw

_SVG = re.compile(
    r'<svg class="(code128|qr)".*?viewBox="0 0 (\d+) (\d+)".*?<path fill="#000" d="([^"]+)"', re.DOTALL
)
_BOX = re.compile(r"M(\d+) (\d+)h(\d+)v(\d+)")


def codes_in(html: str) -> list[tuple[str, str]]:
    """Kind and text of every code of a page, in order."""
    return [(kind, _read(int(width), int(height), path)) for kind, width, height, path in _SVG.findall(html)]


def _read(width: int, height: int, path: str, *, scale: int = 4) -> str:
    picture = Image.new("L", (width * scale, height * scale), 255)
    pen = ImageDraw.Draw(picture)
    for x, y, w, h in (map(int, box) for box in _BOX.findall(path)):
        pen.rectangle((x * scale, y * scale, (x + w) * scale - 1, (y + h) * scale - 1), fill=0)
    found = zxingcpp.read_barcodes(picture)
    return str(found[0].text) if found else ""
