"""Where the tests find the real records, which stay outside the project."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"
MARC = SHARED / "data" / "marc"

needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the real records in ../shared are not here")
