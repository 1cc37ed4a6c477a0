"""From what a source names (upload, path, address, watched folder) to a whole, unpacked file on this machine's disk.

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
from catalog.formats.errors import FormatError
from catalog.harvesting import folder, tables
from catalog.harvesting.bundle import joined
from catalog.harvesting.errors import RunFailed
from catalog.harvesting.polite import download
from catalog.harvesting.stop import Watch
from catalog.harvesting.tables import source_folder as source_folder
from catalog.models import Run, Source
from network_portal.core.disk import has_room
from network_portal.core.http import FetchError

FETCH_SECONDS = 3600
MESSAGES = {
    "file_missing": gettext_noop("The file is not there."),
    "file_unreadable": gettext_noop("The file can't be read."),
    "too_large": gettext_noop("The file is larger than allowed."),
    "disk_full": gettext_noop("There is not enough room on the server's disk for this file."),
    "empty": gettext_noop("The file is empty."),
}


def failed(code: str) -> RunFailed:
    return RunFailed(code, MESSAGES[code])


def check_upload(source: Source, upload: UploadedFile[Any]) -> None:
    """Raises RunFailed: too_large, disk_full."""
    if upload.size is not None and upload.size > settings.SOURCE_MAX_BYTES:
        raise failed("too_large")
    source_folder(source).mkdir(parents=True, exist_ok=True)
    need_room(source_folder(source), upload.size or 0)


def keep_upload(run: Run, upload: UploadedFile[Any]) -> Path:
    """Store an upload beside the source's others, block by block. Raises RunFailed: too_large, disk_full."""
    check_upload(run.source, upload)
    path = place_for(run, upload.name or "")
    try:
        with path.open("wb") as file:
            for block in upload.chunks():
                file.write(block)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise failed("disk_full" if error.errno == ENOSPC else "file_unreadable") from None
    return path


def place_for(run: Run, name: str) -> Path:
    """Where a run's upload lies."""
    return source_folder(run.source) / f"{run.pk}-{get_valid_filename(Path(name or 'upload').name)[-100:]}"


def ready_file(run: Run, *, trusted: bool = False) -> Path:
    """The run's file, whole and unpacked. Raises RunFailed. `trusted`: a path from the command line may be anywhere.

    A run that is taken up again finds the file it had, so that its checkpoint still means the same place.
    """
    try:
        path = _whole(run, _origins(run, trusted))
        return tables.readable(run, path, _table(run))
    except FormatError as refusal:
        raise RunFailed(refusal.code, refusal.message) from None
    except FileNotFoundError:
        raise failed("file_missing") from None
    except OSError as error:
        raise failed("disk_full" if error.errno == ENOSPC else "file_unreadable") from None


def _whole(run: Run, origins: list[Path]) -> Path:
    """One unpacked file of all that the run reads."""
    with origins[0].open("rb") as file:
        magic = file.read(2)
    if not magic:
        raise failed("empty")
    if len(origins) == 1 and magic != b"\x1f\x8b":
        return _plain(origins[0])
    return _unpack(run, origins)


def fingerprint(path: Path) -> str:
    """Changes when the file does: a checkpoint in another file means nothing."""
    state = path.stat()
    return f"{state.st_size}:{state.st_mtime_ns}"


def discard(run: Run) -> None:
    """Remove what was uploaded, fetched or unpacked for this run: the records are kept in the database, raw."""
    for path in (_unpacked(run), _table(run), _fetched(run)):
        path.unlink(missing_ok=True)
    folder.put_away(run)
    stored = Path(run.stored_path)
    if run.stored_path and stored.parent == source_folder(run.source):
        stored.unlink(missing_ok=True)


def _origins(run: Run, trusted: bool) -> list[Path]:
    """What the run reads; several files only of a watched folder whose files together are the catalogue."""
    if run.source.kind == SourceKind.FOLDER and not folder.is_upload(run):
        return folder.take(run)
    if run.stored_path:
        path = Path(run.stored_path)
    elif run.source.kind == SourceKind.URL:
        return [_fetch(run)]
    else:
        path = Path(run.source.path)
    if not trusted and not path.resolve().is_relative_to(source_folder(run.source).resolve()):
        folder.check_inside(path)
    return [path]


def _fetch(run: Run) -> Path:
    path = _fetched(run)
    if path.exists():
        return path
    try:
        download(
            run.source.url, path, max_bytes=settings.SOURCE_MAX_BYTES, timeout=FETCH_SECONDS, check=Watch(run)
        )
    except FetchError as error:
        raise RunFailed(error.code, error.message) from None
    return path


def _plain(path: Path) -> Path:
    if path.stat().st_size > settings.SOURCE_MAX_BYTES:
        raise failed("too_large")
    return path


def _unpack(run: Run, packed: list[Path]) -> Path:
    """Unpack completely before anything is read: a cut archive must not leave half a catalogue behind."""
    target = _unpacked(run)
    if target.exists() and target.stat().st_mtime >= max(path.stat().st_mtime for path in packed):
        return target
    part = target.with_name(target.name + ".part")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with part.open("wb") as file:
            for block in joined(packed, max_bytes=settings.SOURCE_MAX_BYTES):
                need_room(target.parent, len(block))
                file.write(block)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target


def need_room(place: Path, size: int) -> None:
    if not has_room(place, size):
        raise failed("disk_full")


def _fetched(run: Run) -> Path:
    return source_folder(run.source) / f"{run.pk}-fetched"


def _unpacked(run: Run) -> Path:
    return source_folder(run.source) / f"{run.pk}-unpacked"


def _table(run: Run) -> Path:
    return source_folder(run.source) / f"{run.pk}-table"
