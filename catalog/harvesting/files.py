"""From what a source names (upload, path, web address) to a whole, unpacked file on this machine's disk.

Everything that can go wrong with a file goes wrong here, before a single record is written.
"""

from __future__ import annotations

from errno import ENOSPC
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import get_valid_filename
from django.utils.translation import gettext_noop

from catalog.choices import SourceKind
from catalog.formats.decompress import open_decompressed
from catalog.formats.errors import FormatError
from catalog.harvesting.errors import RunFailed
from catalog.models import Run, Source
from network_portal.core.disk import has_room
from network_portal.core.http import FetchError, fetch_to_file

BLOCK = 1 << 20
FETCH_SECONDS = 3600
MESSAGES = {
    "file_missing": gettext_noop("The file is not there."),
    "file_unreadable": gettext_noop("The file can't be read."),
    "path_refused": gettext_noop("The file lies outside the folders that sources may be read from."),
    "too_large": gettext_noop("The file is larger than allowed."),
    "disk_full": gettext_noop("There is not enough room on the server's disk for this file."),
    "empty": gettext_noop("The file is empty."),
}


def failed(code: str) -> RunFailed:
    return RunFailed(code, MESSAGES[code])


def source_folder(source: Source) -> Path:
    return Path(settings.MEDIA_ROOT) / "sources" / str(source.pk)


def keep_upload(run: Run, upload: UploadedFile[Any]) -> Path:
    """Store an upload beside the source's others, block by block. Raises RunFailed: too_large, disk_full."""
    if upload.size is not None and upload.size > settings.SOURCE_MAX_BYTES:
        raise failed("too_large")
    name = get_valid_filename(Path(upload.name or "upload").name)[-100:] or "upload"
    path = source_folder(run.source) / f"{run.pk}-{name}"
    path.parent.mkdir(parents=True, exist_ok=True)
    _need_room(path.parent, upload.size or 0)
    try:
        with path.open("wb") as file:
            for block in upload.chunks():
                file.write(block)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise failed("disk_full" if error.errno == ENOSPC else "file_unreadable") from None
    return path


def ready_file(run: Run, *, trusted: bool = False) -> Path:
    """The run's file, whole and unpacked. Raises RunFailed. `trusted`: a path from the command line may be anywhere.

    A run that is taken up again finds the file it had, so that its checkpoint still means the same place.
    """
    origin = _origin(run, trusted)
    try:
        with origin.open("rb") as file:
            magic = file.read(2)
        if not magic:
            raise failed("empty")
        return _unpack(run, origin) if magic == b"\x1f\x8b" else _plain(origin)
    except FormatError as refusal:
        raise RunFailed(refusal.code, refusal.message) from None
    except FileNotFoundError:
        raise failed("file_missing") from None
    except OSError as error:
        raise failed("disk_full" if error.errno == ENOSPC else "file_unreadable") from None


def fingerprint(path: Path) -> str:
    """Changes when the file does: a checkpoint in another file means nothing."""
    state = path.stat()
    return f"{state.st_size}:{state.st_mtime_ns}"


def discard(run: Run) -> None:
    """Remove what was uploaded, fetched or unpacked for this run: the records are kept in the database, raw."""
    _unpacked(run).unlink(missing_ok=True)
    _fetched(run).unlink(missing_ok=True)
    stored = Path(run.stored_path)
    if run.stored_path and stored.parent == source_folder(run.source):
        stored.unlink(missing_ok=True)


def _origin(run: Run, trusted: bool) -> Path:
    if run.stored_path:
        path = Path(run.stored_path)
    elif run.source.kind == SourceKind.URL:
        return _fetch(run)
    else:
        path = Path(run.source.path)
    inside = [source_folder(run.source), *settings.SOURCE_PATH_ROOTS]
    if not trusted and not any(path.resolve().is_relative_to(Path(root).resolve()) for root in inside):
        raise failed("path_refused")
    return path


def _fetch(run: Run) -> Path:
    path = _fetched(run)
    if path.exists():
        return path
    try:
        fetch_to_file(run.source.url, path, max_bytes=settings.SOURCE_MAX_BYTES, timeout=FETCH_SECONDS)
    except FetchError as error:
        raise RunFailed(error.code, error.message) from None
    return path


def _plain(path: Path) -> Path:
    if path.stat().st_size > settings.SOURCE_MAX_BYTES:
        raise failed("too_large")
    return path


def _unpack(run: Run, packed: Path) -> Path:
    """Unpack completely before anything is read: a cut archive must not leave half a catalogue behind."""
    target = _unpacked(run)
    if target.exists() and target.stat().st_mtime >= packed.stat().st_mtime:
        return target
    part = target.with_name(target.name + ".part")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with (
            open_decompressed(packed, max_bytes=settings.SOURCE_MAX_BYTES) as stream,
            part.open("wb") as file,
        ):
            while block := stream.read(BLOCK):
                _need_room(target.parent, len(block))
                file.write(block)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target


def _need_room(folder: Path, size: int) -> None:
    if not has_room(folder, size):
        raise failed("disk_full")


def _fetched(run: Run) -> Path:
    return source_folder(run.source) / f"{run.pk}-fetched"


def _unpacked(run: Run) -> Path:
    return source_folder(run.source) / f"{run.pk}-unpacked"
