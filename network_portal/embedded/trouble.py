"""Conditions that the person at the terminal can mend, told in one sentence instead of a traceback."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

DISK_NEEDED = 500 * 1024**2
DISK_FULL = "The disk that holds {path} is full. Nothing is lost: free some space and start again."


class Trouble(Exception):
    """One clear sentence; the command line prints it and leaves with exit code 2."""


def sentence_for(error: OSError) -> str:
    """What an operating-system error means to the person at the terminal."""
    path = error.filename or "this folder"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DISK_FULL.format(path=path)
    if isinstance(error, PermissionError):
        return (
            f"{path} can't be used by this account: it belongs to another one, perhaps from an earlier run as root. "
            "Start again as that account, or remove the folder."
        )
    return f"{path}: {error.strerror or error}."


def require_disk(folder: Path, needed: int = DISK_NEEDED) -> None:
    """Refuse to begin what would stop half-way. `needed` in bytes."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise Trouble(
            f"The disk that holds {folder} has {free // 1024**2} MB left, and {needed // 1024**2} MB are needed. "
            "Free some space and start again."
        )
