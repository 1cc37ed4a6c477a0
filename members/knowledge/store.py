"""Where shared files lie: below MEDIA_ROOT/knowledge under random names, where no web server looks.

A file is written beside its place, checked there and moved; whatever fails on the way leaves nothing, and what a killed
process leaves is swept (members.tasks).
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.translation import gettext as _

from members.knowledge import refusal
from members.knowledge.checks import MEDIA, MEGABYTE, checked
from network_portal.core.disk import has_room
from network_portal.core.errors import RuleViolation

FOLDER = "knowledge"


class Upload(Protocol):
    """What Django gives for a file of a form."""

    name: str | None

    def chunks(self) -> Iterator[bytes]: ...


@dataclass(frozen=True)
class Stored:
    stored: str
    mime: str
    ending: str
    size: int
    sha256: str


def full_path(stored: str) -> Path:
    root = Path(settings.MEDIA_ROOT).resolve()
    path = (root / stored).resolve()
    if not stored or root / FOLDER not in path.parents:
        raise ValueError("stored name leads out of the folder")
    return path


def put(upload: Upload, *, pictures_only: bool = False) -> Stored:
    """Write, check and move; raises RuleViolation (FileRefused, disk_full), and then nothing is left."""
    name = f"{FOLDER}/{secrets.token_hex(1)}/{secrets.token_hex(16)}"
    place = full_path(name)
    part = place.with_suffix(".part")
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        size, digest = _write(upload, part)
        kind = checked(part, pictures_only=pictures_only)
        part.replace(place)
    except OSError as error:
        raise RuleViolation(
            "disk_full", _("The file could not be stored. Please try again later.")
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return Stored(name, kind.mime, kind.ending, size, digest)


def _write(upload: Upload, part: Path) -> tuple[int, str]:
    size, digest = 0, sha256()
    with part.open("xb") as file:
        for block in upload.chunks():
            size += len(block)
            if size > MEDIA:
                raise refusal.too_large(MEDIA // MEGABYTE)
            if not has_room(part.parent, len(block)):
                raise RuleViolation("disk_full", _("The file could not be stored. Please try again later."))
            digest.update(block)
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    if not size:
        raise refusal.broken()
    return size, digest.hexdigest()


@contextmanager
def kept(upload: Upload | None, *, pictures_only: bool = False) -> Iterator[Stored | None]:
    """The stored file for the time of a service: an error takes it away again."""
    stored = put(upload, pictures_only=pictures_only) if upload else None
    try:
        yield stored
    except BaseException:
        if stored:
            remove(stored.stored)
        raise


def remove(stored: str) -> None:
    if stored:
        full_path(stored).unlink(missing_ok=True)


def sweep(known: Callable[[Iterable[str]], set[str]], *, older_than: float = 86400) -> int:
    """Remove files that no row names and nobody has touched for so many seconds; returns how many."""
    root, limit = Path(settings.MEDIA_ROOT).resolve(), time.time() - older_than
    old = [path for path in (root / FOLDER).rglob("*") if path.is_file() and path.stat().st_mtime < limit]
    names = {path.relative_to(root).as_posix(): path for path in old}
    nameless = names.keys() - known(names)
    for name in nameless:
        names[name].unlink(missing_ok=True)
    return len(nameless)
