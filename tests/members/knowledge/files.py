"""Real small files of every kind that may be shared, and some that may not."""

from __future__ import annotations

import zipfile
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject


def pdf(*, script: bool = False, password: str = "") -> bytes:
    writer, out = PdfWriter(), BytesIO()
    writer.add_blank_page(200, 200)
    if script:
        action = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert('!')")}
        entries = {NameObject(name): value for name, value in action.items()}
        writer._root_object[NameObject("/OpenAction")] = DictionaryObject(entries)
    if password:
        writer.encrypt(password)
    writer.write(out)
    return out.getvalue()


def odt(*extra: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        for name in ("content.xml", *extra):
            packed.writestr(name, "<x/>")
    return out.getvalue()


def docx(*extra: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in ("[Content_Types].xml", "word/document.xml", *extra):
            packed.writestr(name, "<x/>")
    return out.getvalue()


def picture(kind: str = "PNG") -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 20), "teal").save(out, kind)
    return out.getvalue()


def mp3(frames: int = 6) -> bytes:
    """Frames of silence: MPEG 1, layer III, 128 kbit/s, 44100 Hz, 417 bytes each."""
    return b"ID3\x04\x00\x00\x00\x00\x00\x02xx" + (b"\xff\xfb\x90\x00" + bytes(413)) * frames


def mp4() -> bytes:
    boxes = ((b"ftyp", b"isom\x00\x00\x02\x00"), (b"moov", bytes(16)), (b"mdat", bytes(32)))
    return b"".join((8 + len(body)).to_bytes(4, "big") + kind + body for kind, body in boxes)


def upload(content: bytes, name: str = "berkas.bin") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)
