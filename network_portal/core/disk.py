"""Room on the disk: every room that writes large files asks here before each block."""

from __future__ import annotations

import shutil
from pathlib import Path

# PostgreSQL, the index and the logs need some air; a full disk stops more than the one who filled it.
FREE_SPACE_KEPT = 200 * 1024**2


def has_room(folder: Path, size: int) -> bool:
    """Whether `size` bytes more leave enough free space on the folder's disk."""
    return shutil.disk_usage(folder).free - size >= FREE_SPACE_KEPT
