"""Files are what their first bytes say, never what their name says. store.py asks, before any row is made."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from PIL import Image
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

from members.knowledge import refusal
from members.knowledge.media import check_mp3, check_mp4, looks_like_mp3, looks_like_mp4

MEGABYTE = 1024**2
DOCUMENT, MEDIA, PICTURE = 30 * MEGABYTE, 300 * MEGABYTE, 15 * MEGABYTE
MAX_OBJECTS, MAX_DEPTH = 100_000, 40
MAX_UNPACKED, MAX_PARTS = 300 * MEGABYTE, 5000
MAX_PIXELS = 60_000_000
ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent"})
ACTIVE_KINDS = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/EmbeddedFile", "/RichMedia"}
)
ODT = "application/vnd.oasis.opendocument.text"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class Checked:
    mime: str
    ending: str
    most: int  # bytes


PDF = Checked("application/pdf", "pdf", DOCUMENT)
KINDS = {
    "odt": Checked(ODT, "odt", DOCUMENT), "docx": Checked(DOCX, "docx", DOCUMENT),
    "jpeg": Checked("image/jpeg", "jpg", PICTURE), "png": Checked("image/png", "png", PICTURE),
    "mp3": Checked("audio/mpeg", "mp3", MEDIA), "mp4": Checked("video/mp4", "mp4", MEDIA),
}  # fmt: skip


def checked(path: Path, *, pictures_only: bool = False) -> Checked:
    """What the file is. Raises FileRefused for all that is something else, broken, locked, too large or active."""
    with path.open("rb") as file:
        kind = _kind(file)
        if pictures_only and kind.mime not in ("image/jpeg", "image/png"):
            raise refusal.unknown()
        if path.stat().st_size > kind.most:
            raise refusal.too_large(kind.most // MEGABYTE)
        file.seek(0)
        try:
            _look(kind, file)
        except refusal.FileRefused:
            raise
        except Exception as error:  # whatever a damaged or hostile file makes a reader stumble over
            raise refusal.broken() from error
    return kind


def _kind(file: BinaryIO) -> Checked:
    head = file.read(16)
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(b"PK\x03\x04"):
        return KINDS[_kind_of_zip(file)]
    if head.startswith(b"\xff\xd8\xff"):
        return KINDS["jpeg"]
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return KINDS["png"]
    if looks_like_mp4(head):
        return KINDS["mp4"]
    if looks_like_mp3(head):
        return KINDS["mp3"]
    raise refusal.unknown()


def _look(kind: Checked, file: BinaryIO) -> None:
    if kind is PDF:
        _look_at_pdf(file)
    elif kind.ending in ("odt", "docx"):
        _look_at_zip(file)
    elif kind.ending == "mp3":
        check_mp3(file)
    elif kind.ending == "mp4":
        check_mp4(file)
    else:
        _look_at_picture(file)


def _kind_of_zip(file: BinaryIO) -> str:
    try:
        with zipfile.ZipFile(file) as packed:
            names = set(packed.namelist())
            told = "mimetype" in names and packed.getinfo("mimetype").file_size < 100
            if told and packed.read("mimetype").strip() == ODT.encode():
                return "odt"
            if {"[Content_Types].xml", "word/document.xml"} <= names:
                return "docx"
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
        raise refusal.broken() from error
    raise refusal.unknown()


def _look_at_zip(file: BinaryIO) -> None:
    """No macros, nothing packed to burst, and every part whole."""
    with zipfile.ZipFile(file) as packed:
        parts = packed.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise refusal.broken()
        if any(part.flag_bits & 1 for part in parts):
            raise refusal.locked()
        names = [part.filename.lower() for part in parts]
        if any(_is_active(name) for name in names):
            raise refusal.active()
        if packed.testzip() is not None:
            raise refusal.broken()


def _is_active(name: str) -> bool:
    return name.startswith(("basic/", "scripts/")) or name.endswith(("vbaproject.bin", ".exe", ".js")) or (
        "activex" in name or "/embeddings/" in name
    )  # fmt: skip


def _look_at_picture(file: BinaryIO) -> None:
    with Image.open(file, formats=("JPEG", "PNG")) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise refusal.broken()
        picture.verify()


def _look_at_pdf(file: BinaryIO) -> None:
    """Every object that the pages or the catalogue lead to, without going in circles."""
    reader = PdfReader(file, strict=False)
    if reader.is_encrypted:
        raise refusal.locked()
    if not len(reader.pages):
        raise refusal.broken()
    seen: set[int] = set()
    waiting: list[tuple[Any, int]] = [(reader.trailer, 0)]
    while waiting:
        thing, depth = waiting.pop()
        thing = thing.get_object() if hasattr(thing, "get_object") else thing
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        if len(seen) > MAX_OBJECTS or depth > 10 * MAX_DEPTH:
            raise refusal.broken()
        if isinstance(thing, DictionaryObject):
            if ACTIVE_KEYS & thing.keys() or str(thing.get("/S")) in ACTIVE_KINDS:
                raise refusal.active()
            waiting += [(one, depth + 1) for one in thing.values()]
        elif isinstance(thing, ArrayObject):
            waiting += [(one, depth + 1) for one in thing]
