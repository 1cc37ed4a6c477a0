"""A disk that is nearly full is seen before it is full."""

from __future__ import annotations

import shutil
from pathlib import Path

from network_portal.core.disk import FREE_SPACE_KEPT, has_room


def test_room_is_what_is_free_less_what_must_stay_free(tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free
    assert has_room(tmp_path, 1)
    assert not has_room(tmp_path, free)
    assert not has_room(tmp_path, free - FREE_SPACE_KEPT // 2)
