"""The workers' queue, a clock that can be set, and small pages."""

from __future__ import annotations

from collections import deque
from datetime import datetime
from typing import Any

import pytest

from catalog.harvesting import schedule, turns
from catalog.harvesting.pipeline import read_into_catalogue
from catalog.services import schedule as services
from tests.catalog.schedule.world import PAGE


@pytest.fixture(autouse=True)
def queue(monkeypatch: pytest.MonkeyPatch) -> deque[int]:
    """The workers' queue; the tests are the worker."""
    sent: deque[int] = deque()
    monkeypatch.setattr("catalog.services.schedule.run_send", sent.append)
    monkeypatch.setattr("catalog.services.runs.run_send", sent.append)
    monkeypatch.setattr("catalog.services.sources._send", sent.append)
    return sent


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(read_into_catalogue.__kwdefaults__, "page_records", PAGE)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`clock(datetime)` sets the time that the schedule goes by."""

    def at(moment: datetime) -> None:
        for module in (schedule, turns, services):
            monkeypatch.setattr(module.timezone, "now", lambda: moment)

    return at
