"""The cover page of a copy: the source cited, for whom and by whom, and the notice. Text first, PDF from the text."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join

from loans.slips.pdf import drawn, pdf_available

PAGE_WIDTH, PAGE_HEIGHT = 595, 842  # A4 in points
MARGIN, LEADING = 64, 17
WIDTH = 78  # characters of a line at this size


@dataclass(frozen=True)
class CoverText:
    """What stands on the cover, already in the reader's language. Empty lines are left out."""

    heading: str
    source: str  # the citation
    rows: Sequence[tuple[str, str]]  # label, value
    notice: str

    @property
    def lines(self) -> list[str]:
        facts = [f"{label}: {value}" for label, value in self.rows if value]
        return [self.heading, "", self.source, "", *facts, "", self.notice]


STYLE = """@page { size: A4; margin: 64pt } body { font: 11pt/1.5 sans-serif }
p { margin: 0 0 8pt; unicode-bidi: plaintext }"""


def cover_pdf(text: CoverText) -> bytes:
    """One A4 page of plain text; other than Western letters (Arabic, Javanese) are drawn where fonts are installed.

    Else it is made by hand, because it is one page of text: the standard font knows Western letters, the marks of
    others are left out.
    """
    if not all(_is_western(line) for line in text.lines) and pdf_available():
        told = format_html_join("", "<p dir=auto>{}</p>", ((line,) for line in text.lines if line))
        return drawn(format_html("<!doctype html><body>{}</body>", told), STYLE)
    lines = [part for line in text.lines for part in (textwrap.wrap(line, WIDTH) or [""])]
    most = (PAGE_HEIGHT - 2 * MARGIN) // LEADING
    shown = [*lines[: most - 1], "..."] if len(lines) > most else lines
    body = [f"BT /F1 11 Tf {LEADING} TL {MARGIN} {PAGE_HEIGHT - MARGIN} Td".encode()]
    body += [b"(" + _escaped(line) + b") Tj T*" for line in shown]
    return _document(b"\n".join([*body, b"ET"]))


def _escaped(line: str) -> bytes:
    """The line in the font's own encoding, its brackets and backslashes marked as text."""
    raw = _western(line).encode("cp1252", "replace")
    return raw.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _western(line: str) -> str:
    if _fits(line):
        return line
    bare = unicodedata.normalize("NFKD", line)
    return "".join(sign for sign in bare if not unicodedata.combining(sign))


def _is_western(line: str) -> bool:
    return _fits(_western(line))


def _fits(line: str) -> bool:
    try:
        line.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _document(stream: bytes) -> bytes:
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {PAGE_WIDTH} {PAGE_HEIGHT}] /Contents 4 0 R"
        " /Resources << /Font << /F1 5 0 R >> >> >>".encode(),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    written, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % place for place in places)
    written += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(written)
