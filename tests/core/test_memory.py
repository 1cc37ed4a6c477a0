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


def test_bulk_works_that_overlap_leave_everything_as_it_was_too() -> None:
    before = gc.get_threshold()
    first, second = rare_collections(), rare_collections()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert gc.get_threshold()[0] > before[0], "the second is still at work"
    second.__exit__(None, None, None)
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0
