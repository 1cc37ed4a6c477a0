"""Bulk work looks for garbage less often, and leaves everything as it was."""

from __future__ import annotations

import gc

import pytest

from network_portal.core.memory import rare_collections


def test_garbage_is_looked_for_rarely_only_while_bulk_work_goes_on() -> None:
    before = gc.get_threshold()
    with pytest.raises(ValueError, match="in the midst"), rare_collections():
        assert gc.get_threshold()[0] > before[0]
        assert gc.get_freeze_count() > 0
        raise ValueError("in the midst")
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0
