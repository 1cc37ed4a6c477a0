"""Where the bytes of copies lie: below MEDIA_ROOT/copies, never below anything a web server hands out by itself.

Names are random; what a file is called by people stands in the database. A step that dies half-way leaves at most a
file that no row names, and `sweep` removes those.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Iterable
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Protocol

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from network_portal.core.disk import has_room
from network_portal.core.errors import RuleViolation

BLOCK = 64 * 1024
PARTS = "copies/parts"


class Readable(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


class DiskFull(RuleViolation):
    """There is no room for the file now; what was sent so far is kept."""

    def __init__(self) -> None:
        super().__init__(
            "disk_full",
            _("The portal's disk is full. Nothing is lost: try again later, or tell the coordinator."),
        )


def root() -> Path:
    return Path(settings.MEDIA_ROOT)


def full_path(stored: str) -> Path:
    """The place of a stored name. A name that leads out of the folder is refused."""
    path = (root() / stored).resolve()
    if not stored or root().resolve() not in path.parents:
        raise ValueError("stored name leads out of the folder")
    return path


def new_part() -> str:
    """The stored name of an upload that has just begun."""
    return f"{PARTS}/{secrets.token_hex(16)}"


def new_place() -> str:
    return f"copies/{timezone.now():%Y}/{secrets.token_hex(16)}"


def part_size(stored: str) -> int:
    path = full_path(stored)
    return path.stat().st_size if path.exists() else 0


def append(stored: str, start: int, body: bytes) -> None:
    """Write `body` at `start`, cut off whatever stood behind, and have it on the disk. Raises DiskFull."""
    path = _room_for(stored, len(body))
    try:
        with path.open("r+b" if path.exists() else "w+b") as file:
            file.seek(start)
            file.truncate()
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise DiskFull from error


def write_all(stored: str, source: Readable, most: int) -> None:
    """Write at most `most` bytes of `source` into a new file. Raises DiskFull; then nothing of it is left."""
    path = _room_for(stored, most if most < BLOCK else BLOCK)
    try:
        with path.open("wb") as file:
            while most > 0 and (block := source.read(min(BLOCK, most))):
                if not has_room(path.parent, len(block)):
                    raise DiskFull
                file.write(block)
                most -= len(block)
            file.flush()
            os.fsync(file.fileno())
    except (OSError, DiskFull) as error:
        path.unlink(missing_ok=True)
        raise DiskFull from error


def keep(stored_part: str) -> tuple[str, str]:
    """Move a finished part to its place; returns its stored name and the SHA-256 of its bytes."""
    part, place = full_path(stored_part), new_place()
    digest = sha256()
    with part.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    target = full_path(place)
    target.parent.mkdir(parents=True, exist_ok=True)
    part.replace(target)
    return place, digest.hexdigest()


def put(content: bytes) -> str:
    """Store something the portal made itself; returns the stored name. Raises DiskFull."""
    place = new_place()
    write_all(place, BytesIO(content), len(content))
    return place


def open_stored(stored: str) -> BinaryIO:
    return full_path(stored).open("rb")


def remove(stored: str) -> None:
    """The bytes are gone after this, however often it is called."""
    if stored:
        full_path(stored).unlink(missing_ok=True)


def sweep(known: Callable[[Iterable[str]], set[str]], *, older_than: float) -> int:
    """Remove files that no row names and that nobody has touched for so many seconds; returns how many.

    `known` answers which of the given stored names some row still names.
    """
    folder, limit = root() / "copies", time.time() - older_than
    if not folder.is_dir():
        return 0
    old = [path for path in folder.rglob("*") if path.is_file() and path.stat().st_mtime < limit]
    names = {path.relative_to(root()).as_posix(): path for path in old}
    nameless = names.keys() - known(names)
    for name in nameless:
        names[name].unlink(missing_ok=True)
    return len(nameless)


def _room_for(stored: str, size: int) -> Path:
    path = full_path(stored)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not has_room(path.parent, size):
        raise DiskFull
    return path
