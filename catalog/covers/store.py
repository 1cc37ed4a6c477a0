"""The pictures on disk, named by their content: an address never changes its meaning, so browsers may keep it."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Container, Iterable, Iterator
from pathlib import Path

from django.conf import settings

from catalog.covers.pictures import Pictures

_NAME = re.compile(r"^([0-9a-f]{32})-([sl])$")
SETTLED_SECONDS = 3600  # a file this young may belong to a row that is being written


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "covers"


def path_of(name: str) -> Path | None:
    """`name`: digest and size, "…-s" or "…-l". None for anything else, whatever it tries to reach."""
    match = _NAME.match(name)
    return folder() / match[1][:2] / f"{name}.webp" if match else None


def save(pictures: Pictures) -> None:
    for size, data in (("l", pictures.large), ("s", pictures.small)):
        path = path_of(f"{pictures.digest}-{size}")
        assert path is not None  # noqa: S101  the digest is our own
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(data)
        part.replace(path)


def missing(used: Iterable[str]) -> list[str]:
    """Digests of which a size is not there."""
    paths = {digest: [path_of(f"{digest}-{size}") for size in "ls"] for digest in used}
    return [digest for digest, both in paths.items() if not all(path and path.is_file() for path in both)]


def sweep(used: Container[str]) -> int:
    """Remove what no digest in `used` names; says how many files went."""
    gone = 0
    for path in _old_files():
        match = _NAME.match(path.stem)
        if not match or match[1] not in used:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _old_files() -> Iterator[Path]:
    before = time.time() - SETTLED_SECONDS
    for path in folder().glob("*/*"):
        if path.is_file() and path.stat().st_mtime < before:
            yield path
