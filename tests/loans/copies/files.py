"""Files of the copy tests, made byte by byte: good ones, and the kinds that must be refused."""

from __future__ import annotations

import io
import struct
import zlib

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject


def pdf(*extra: bytes, catalog: bytes = b"", content: bytes = b"BT ET") -> bytes:
    """A PDF of one page; `extra` are further objects (from number 5), `catalog` goes into the root."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R " + catalog + b" >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        *extra,
    ]
    return assemble(objects)


def assemble(objects: list[bytes]) -> bytes:
    written, places = bytearray(b"%PDF-1.5\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % place for place in places)
    written += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(written)


def object_stream(hidden: bytes) -> bytes:
    """An object stream (7.5.7) holding one object, number 9, where no plain byte of it is seen."""
    head = b"9 0 "
    packed = zlib.compress(head + hidden)
    return b"<< /Type /ObjStm /N 1 /First %d /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (
        len(head),
        len(packed),
        packed,
    )


def locked_pdf() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def pdf_with_script() -> bytes:
    """As a librarian's program would write one: through a library, in the list of what runs at opening."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
    action = DictionaryObject(
        {
            NameObject("/S"): NameObject("/JavaScript"),
            NameObject("/JS"): TextStringObject("app.alert('hello');"),
        }
    )
    names = DictionaryObject(
        {NameObject("/Names"): ArrayObject([TextStringObject("start"), writer._add_object(action)])}
    )
    writer.root_object[NameObject("/Names")] = DictionaryObject({NameObject("/JavaScript"): names})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def pdf_with_attachment() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
    writer.add_attachment("list.xlsm", b"macro")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def jpeg(*, tail: bytes = b"", pixels: bytes = b"\x12\xff\x00\x34\xff\xd0\x56") -> bytes:
    """Start, a frame of 8 × 8 points, a scan whose pixels hold a stuffed FF and a restart, end."""
    frame = struct.pack(">BHHB", 8, 8, 8, 1) + b"\x01\x11\x00"
    scan = b"\x01\x01\x00\x00\x3f\x00"
    return b"".join(
        [b"\xff\xd8", _segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"), _segment(0xC0, frame),
         _segment(0xDA, scan), pixels, b"\xff\xd9", tail]
    )  # fmt: skip


def _segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def tiff(*, pages: int = 1, order: str = "<", strip_at: int | None = None) -> bytes:
    """So many pages of 4 × 1 points, each with one strip."""
    start = b"II" if order == "<" else b"MM"
    written = bytearray(start + struct.pack(f"{order}HI", 42, 8))
    for page in range(pages):
        at = len(written)
        pixels_at = at + 2 + 12 * 4 + 4
        last = page == pages - 1
        entries = [
            (256, 3, 4),
            (257, 3, 1),
            (273, 4, pixels_at if strip_at is None else strip_at),
            (279, 4, 4),
        ]
        written += struct.pack(f"{order}H", len(entries))
        for tag, kind, value in entries:
            packed = struct.pack(f"{order}HH", value, 0) if kind == 3 else struct.pack(f"{order}I", value)
            written += struct.pack(f"{order}HHI", tag, kind, 1) + packed
        written += struct.pack(f"{order}I", 0 if last else pixels_at + 4) + b"\x00" * 4
    return bytes(written)
