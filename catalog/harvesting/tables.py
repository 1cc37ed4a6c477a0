"""Tables of books (CSV) on their way in: told from other files, held until a librarian has said what each column holds.

Called by files.py before a run reads, by services/columns.py and by uploads. Nothing of a waiting table is stored as a
record; its first rows lie beside the source's other files.
"""

from __future__ import annotations

import shutil
import zlib
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import get_valid_filename

from catalog.formats import csv_table
from catalog.formats.csv_guess import Mapping, guess, names_of
from catalog.formats.detect import detect
from catalog.formats.errors import FormatError
from catalog.formats.reasons import REASONS
from catalog.harvesting.errors import RunFailed
from catalog.models import Run, Source

HEAD = 256 * 1024  # what is looked at: some hundred rows
GUESSED_FROM = 200  # rows
NEEDS_MAPPING = "needs_mapping"
SAY_FIRST = REASONS[NEEDS_MAPPING]
AT_ONCE = frozenset(("spreadsheet", "zip", "pdf", "html", "text"))
_UPLOAD, _SAMPLE = "upload-", "sample-"


@dataclass(frozen=True)
class WaitingTable:
    """A table that waits for its mapping. `whole`: an upload, read as soon as it is mapped; else only its beginning."""

    path: Path
    name: str
    whole: bool

    def head(self) -> bytes:
        with self.path.open("rb") as file:
            return head_of(file)


def source_folder(source: Source) -> Path:
    return Path(settings.MEDIA_ROOT) / "sources" / str(source.pk)


def waiting_table(source: Source) -> WaitingTable | None:
    folder = _folder(source)
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        for mark in (_UPLOAD, _SAMPLE):
            if path.name.startswith(mark):
                return WaitingTable(path, path.name.removeprefix(mark), mark == _UPLOAD)
    return None


def forget_waiting(source: Source) -> None:
    shutil.rmtree(_folder(source), ignore_errors=True)


def hold_upload(source: Source, upload: UploadedFile[Any]) -> None:
    """Keep an upload until it is mapped; one that waited before is forgotten. The caller has seen that it fits."""
    with _place(source, _UPLOAD, upload.name or "").open("wb") as file:
        for block in upload.chunks():
            file.write(block)


def head_of(stream: BinaryIO) -> bytes:
    """The first whole lines, unpacked where it is gzip. What can't be unpacked is b""."""
    head = stream.read(HEAD)
    if head.startswith(b"\x1f\x8b"):
        try:
            head = zlib.decompressobj(wbits=31).decompress(head, HEAD)
        except zlib.error:
            return b""
    return head[: head.rfind(b"\n") + 1] if len(head) == HEAD else head


def needs_mapping(head: bytes, columns: dict[str, Any]) -> bool:
    """Whether it is a table, and not one with the header (or, without one, the width) that the mapping is for."""
    return is_table(head) and not _fits(Mapping.from_json(columns), first_rows(head))


def is_table(head: bytes) -> bool:
    """Not for SLiMS's export, which says itself what it is."""
    try:
        detect(head)
    except FormatError as refusal:
        return refusal.code == NEEDS_MAPPING
    return False


def refusal_of(head: bytes) -> FormatError | None:
    """What an upload is instead of a catalogue, where that is plain enough to be said without a run."""
    try:
        detect(head)
    except FormatError as refusal:
        return refusal if refusal.code in AT_ONCE else None
    return None


def first_rows(head: bytes) -> list[list[str]]:
    return [row.cells for row in islice(csv_table.rows_of(BytesIO(head)), GUESSED_FROM)]


def _fits(mapping: Mapping, rows: list[list[str]]) -> bool:
    if mapping.problem or not rows:
        return False
    found = guess(rows)
    if mapping.header:
        return names_of(rows[0]) == mapping.names
    return not found.header and len(found.names) == len(mapping.names)


def readable(run: Run, path: Path, target: Path) -> Path:
    """The file as the reader takes it: a table with its mapping in front, anything else as it is.

    Raises RunFailed (needs_mapping) where nobody has said what its columns hold; its beginning is kept to be mapped.
    """
    with path.open("rb") as file:
        head = head_of(file)
    if needs_mapping(head, run.source.columns):
        if not waiting_table(run.source):
            _place(run.source, _SAMPLE, Path(run.file_name or path.name).name).write_bytes(head)
        raise RunFailed(NEEDS_MAPPING, SAY_FIRST)
    if (waiting := waiting_table(run.source)) and not waiting.whole and not run.stored_path:
        forget_waiting(run.source)  # what comes from there now is understood
    if not is_table(head):
        return path
    if not (target.exists() and target.stat().st_mtime >= path.stat().st_mtime):
        part = target.with_name(target.name + ".part")
        target.parent.mkdir(parents=True, exist_ok=True)
        with path.open("rb") as table, part.open("wb") as file:
            for block in csv_table.with_mapping(table, Mapping.from_json(run.source.columns)):
                file.write(block)
        part.replace(target)
    return target


def _folder(source: Source) -> Path:
    return source_folder(source) / "columns"


def _place(source: Source, mark: str, name: str) -> Path:
    forget_waiting(source)
    _folder(source).mkdir(parents=True)
    return _folder(source) / f"{mark}{get_valid_filename(name or 'table')[-100:]}"
