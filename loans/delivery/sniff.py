"""What a file really is, by its content: PDF, TIFF or JPEG, whole and harmless, or refused. Names are not believed.

This is a check of form, no virus scanner; the reader gets the file as an attachment that no page of ours displays.
"""

from __future__ import annotations

import mmap
import re
from dataclasses import dataclass
from pathlib import Path

from loans.delivery import images, pdf
from loans.delivery.refusal import FileRefused

ENDINGS = {"pdf": ("pdf",), "tiff": ("tif", "tiff"), "jpeg": ("jpg", "jpeg", "jpe")}
CONTENT_TYPES = {"pdf": "application/pdf", "tiff": "image/tiff", "jpeg": "image/jpeg"}
HEAD = 1024  # readers look so far for the start of a PDF
NAME_LENGTH = 100
# Starts of other files behind the end of an image: an archive or a page riding along.
STOWAWAY = re.compile(rb"PK\x03\x04|PK\x05\x06|%PDF-|<html|<script|<!doctype", re.IGNORECASE)


@dataclass(frozen=True)
class FileFacts:
    kind: str  # pdf, tiff, jpeg
    pages: int
    name: str  # safe, with the ending of its kind


def inspect(path: Path, name: str) -> FileFacts:
    """Look through the file at `path`, which its sender calls `name`. Raises FileRefused."""
    if path.stat().st_size == 0:
        raise FileRefused("empty")
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        kind = kind_of(content[:HEAD])
        ending = ending_of(name)
        if ending and ending not in ENDINGS[kind]:
            raise FileRefused("not_as_named")
        pages = _pages(kind, content, path)
    if pages < 1:
        raise FileRefused("no_pages")
    return FileFacts(kind, pages, safe_name(name, kind))


def kind_of(head: bytes) -> str:
    """By the first bytes. A second kind announced in the same head is refused as ambiguous."""
    found = None
    if head.startswith(b"%PDF-"):
        found = "pdf"
    elif head.startswith((b"II*\x00", b"MM\x00*")):
        found = "tiff"
    elif head.startswith(b"\xff\xd8\xff"):
        found = "jpeg"
    if found is None:
        raise FileRefused("unknown_type")
    if found != "pdf" and b"%PDF-" in head:
        raise FileRefused("ambiguous")
    return found


def _pages(kind: str, content: mmap.mmap, path: Path) -> int:
    if kind == "pdf":
        return pdf.check(content, path)
    if kind == "tiff":
        return images.tiff_pages(content)
    end = images.jpeg_end(content)
    if STOWAWAY.search(content, end):
        raise FileRefused("ambiguous")
    return 1


def ending_of(name: str) -> str:
    last = _last_part(name)
    return last.rpartition(".")[2].lower() if "." in last else ""


def safe_name(name: str, kind: str) -> str:
    """The name alone: no folder, no control characters, no leading dot, the ending of what it is."""
    stem = _last_part(name)
    if ending_of(name) in ENDINGS[kind]:
        stem = stem.rpartition(".")[0]
    stem = "".join(sign for sign in stem if sign.isprintable() and sign not in '<>:"|?*').strip(" .")
    return f"{stem[:NAME_LENGTH] or 'scan'}.{ENDINGS[kind][0]}"


def _last_part(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2]
