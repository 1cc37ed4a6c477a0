"""Code 128 and QR as SVG, drawn without style attributes: the content policy of the pages allows none.

Code 128 follows ISO/IEC 15417: ten light modules on either side. QR follows ISO/IEC 18004: four.
"""

from __future__ import annotations

from itertools import groupby

import segno
from barcode.codex import Code128
from barcode.errors import BarcodeError
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

QUIET = 10  # light modules before the first bar and after the last
HEIGHT = 40  # modules; paper sizes stand in slips.css


def code128_svg(text: str) -> SafeString:
    """The bars of a number or an item's barcode; nothing where the text holds what Code 128 cannot say."""
    if not text or not text.isascii():
        return SafeString("")
    try:
        modules = "".join(Code128(text).build())
    except BarcodeError:
        return SafeString("")
    return format_html(
        '<svg class="code128" role="img" aria-label="{}" viewBox="0 0 {} {}" preserveAspectRatio="none"'
        ' shape-rendering="crispEdges"><rect width="100%" height="100%" fill="#fff"/><path fill="#000" d="{}"/></svg>',
        text, len(modules) + 2 * QUIET, HEIGHT, mark_safe(_bars(modules)),  # noqa: S308  digits and letters of a path
    )  # fmt: skip


def _bars(modules: str) -> str:
    """One path for all bars: neighbouring dark modules are one rectangle, so that no seam shows between them."""
    path, x = [], QUIET
    for dark, run in groupby(modules):
        width = len(list(run))
        if dark == "1":
            path.append(f"M{x} 0h{width}v{HEIGHT}h-{width}z")
        x += width
    return "".join(path)


def qr_svg(text: str, label: str) -> SafeString:
    """A QR code, readable with a fifth of it dirty (level M)."""
    code = segno.make_qr(text, error="m")
    size = code.symbol_size(border=4)[0]
    return format_html(
        '<svg class="qr" role="img" aria-label="{}" viewBox="0 0 {} {}" shape-rendering="crispEdges">'
        '<rect width="100%" height="100%" fill="#fff"/><path fill="#000" d="{}"/></svg>',
        label, size, size, mark_safe(_squares(code)),  # noqa: S308  digits and letters of a path
    )  # fmt: skip


def _squares(code: segno.QRCode) -> str:
    path = []
    for y, row in enumerate(code.matrix_iter(border=4)):
        x = 0
        for dark, run in groupby(row):
            width = len(list(run))
            if dark:
                path.append(f"M{x} {y}h{width}v1h-{width}z")
            x += width
    return "".join(path)
