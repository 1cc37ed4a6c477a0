"""A watched folder: new, complete files are read in the order of their names, each by one run, and put away after it.

| option (Source.options) | values | means |
|---|---|---|
| `quiet_minutes` | 0 to 1440 | a file is complete when nothing has touched it for so long |
| `marker` | true, false | a file is complete only when an empty file of its name with ".done" behind lies beside it |
| `together` | true, false | all files that wait are one catalogue in pieces, read by one run |

A run moves its files to `reading/` (renamed: `<run>-<name>`), and at its end to `done/` or `failed/`. Each step is one
rename, so a crash leaves a file in exactly one place, from which the next run or turn carries on. Called by files.py.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_noop

from catalog.choices import RunStatus, SourceKind
from catalog.harvesting import tables
from catalog.harvesting.errors import RunFailed
from catalog.models import Run, Source

READING, DONE, FAILED = "reading", "done", "failed"
MARKER = ".done"
UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload", MARKER)
MAX_QUIET = 24 * 60
MAX_NAME = 200  # bytes: the run's number must fit before it
READY, GROWING, REFUSED = "ready", "growing", "refused"
# Whose end says nothing about the file: it waits where it was.
PUT_BACK = ("needs_mapping", "disk_full")
NOTHING_THERE = gettext_noop("No complete new file is in the folder.")
MESSAGES = {
    "path_refused": gettext_noop("The file lies outside the folders that sources may be read from."),
    "folder_missing": gettext_noop("The folder is not there, or the server may not look into it."),
    "folder_fixed": gettext_noop(
        "The server may not rename files in this folder, so it could not tell what it has read. "
        "Give it the right to write there."
    ),
    "folder_empty": NOTHING_THERE,
}


@dataclass(frozen=True)
class FolderOptions:
    quiet_minutes: int = 2
    marker: bool = False
    together: bool = False

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> FolderOptions:
        """What is stored; anything that is not as described counts as not set."""
        quiet = value.get("quiet_minutes")
        return cls(
            quiet if isinstance(quiet, int) and 0 <= quiet <= MAX_QUIET else cls.quiet_minutes,
            value.get("marker") is True,
            value.get("together") is True,
        )

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class WaitingFile:
    name: str
    size: int
    state: str  # READY, GROWING, REFUSED (a link or a name that can't be kept)


def waiting_files(source: Source) -> list[WaitingFile]:
    """What lies in the folder, in the order in which it is read. Raises RunFailed: path_refused, folder_missing."""
    options, now = FolderOptions.from_json(source.options), time.time()
    entries = _entries(source)
    marked = {entry.name.removesuffix(MARKER) for entry in entries if entry.name.endswith(MARKER)}
    found = [_looked_at(entry, options, entry.name in marked, now) for entry in entries if _is_meant(entry)]
    return [file for file in found if file]


def has_news(source: Source) -> bool:
    """Whether a run would find something to do, or something to complain about. Asked by the dispatcher."""
    if source.kind != SourceKind.FOLDER:
        return True
    try:
        tidy(source)
        return bool(_next(source)) and not tables.waiting_table(source)
    except (RunFailed, OSError):
        return True


def is_upload(run: Run) -> bool:
    """A file from the browser, to a source that has a folder as well."""
    return bool(run.stored_path)


def take(run: Run) -> list[Path]:
    """The run's files, moved to `reading/`. A run that is taken up again finds the ones it had. Raises RunFailed."""
    place = _folder(run.source) / READING
    try:
        if not (mine := _files_of(run)):
            tidy(run.source)
            if not (names := _next(run.source)):
                raise failed("folder_empty")
            place.mkdir(exist_ok=True)
            for name in names:
                (place.parent / name).rename(place / f"{run.pk}-{name}")
                (place.parent / f"{name}{MARKER}").unlink(missing_ok=True)
            mine = _files_of(run)
    except FileNotFoundError:
        raise failed("folder_missing") from None
    except PermissionError:
        raise failed("folder_fixed") from None
    first = mine[0].name.partition("-")[2]
    run.file_name = first if len(mine) == 1 else f"{first} + {len(mine) - 1}"
    run.save(update_fields=["file_name"])
    return mine


def put_away(run: Run) -> None:
    """The files of an ended run to `done/` or `failed/`; back where they were, where the run says nothing of them."""
    if run.source.kind != SourceKind.FOLDER or run.is_live:
        return
    try:
        for path in _files_of(run):
            _put(path, run)
    except (RunFailed, OSError):
        return  # the next turn tidies up


def tidy(source: Source) -> None:
    """Put away what a run left in `reading/` when it was killed between its end and its last step."""
    place = _folder(source) / READING
    for path in sorted(place.iterdir()) if place.is_dir() else ():
        number = path.name.partition("-")[0]
        run = Run.objects.filter(pk=number, source=source).first() if number.isdecimal() else None
        if run is None or not run.is_live:
            _put(path, run)


def check_inside(path: Path) -> None:
    """Raises RunFailed (path_refused) for what lies, links followed, outside the folders that may be read from."""
    roots = [Path(root).resolve() for root in settings.SOURCE_PATH_ROOTS]
    if not any(path.resolve().is_relative_to(root) for root in roots):
        raise failed("path_refused")


def failed(code: str) -> RunFailed:
    return RunFailed(code, MESSAGES[code])


def _folder(source: Source) -> Path:
    path = Path(source.path)
    check_inside(path)
    return path


def _entries(source: Source) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(_folder(source)) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        raise failed("folder_missing") from None


def _is_meant(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith(".") or entry.name.lower().endswith(UNFINISHED):
        return False
    return entry.is_symlink() or not entry.is_dir()


def _looked_at(
    entry: os.DirEntry[str], options: FolderOptions, marked: bool, now: float
) -> WaitingFile | None:
    try:
        state = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None
    name = os.fsencode(entry.name).decode("utf-8", "replace")
    if not entry.is_file(follow_symlinks=False) or name != entry.name or len(os.fsencode(name)) > MAX_NAME:
        return WaitingFile(name, state.st_size, REFUSED)
    # The time of the last change of any kind is the server's own; that of the content is set by who copies.
    quiet = now - max(state.st_mtime, state.st_ctime) >= options.quiet_minutes * 60
    complete = marked or (quiet and not options.marker)
    return WaitingFile(name, state.st_size, READY if complete else GROWING)


def _next(source: Source) -> list[str]:
    """The names that the next run takes; none while a catalogue in pieces is still being sent."""
    found = [file for file in waiting_files(source) if file.state != REFUSED]
    ready = [file.name for file in found if file.state == READY]
    if FolderOptions.from_json(source.options).together:
        return ready if len(ready) == len(found) else []
    return ready[:1]


def _files_of(run: Run) -> list[Path]:
    place = _folder(run.source) / READING
    return sorted(place.glob(f"{run.pk}-*")) if place.is_dir() else []


def _put(path: Path, run: Run | None) -> None:
    root = path.parent.parent
    back = root / path.name.partition("-")[2]
    if run is not None and run.message_code in PUT_BACK and not back.exists():
        path.rename(back)
        return
    read = run is not None and run.status in (RunStatus.DONE, RunStatus.PARTIAL)
    place = root / (DONE if read else FAILED)
    place.mkdir(exist_ok=True)
    path.rename(place / path.name)
