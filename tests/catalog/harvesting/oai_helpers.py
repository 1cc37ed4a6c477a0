"""What tests of OAI-PMH sources share: no waiting, a source of a server, one harvest of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from catalog.choices import SourceKind
from catalog.harvesting.polite import Clock
from catalog.models import Run, Source, SourceRecord
from catalog.services.runs import run_execute, run_queue
from tests.catalog.building import SYSTEM, source
from tests.catalog.harvesting.oai_server import OaiServer


class TestClock(Clock):
    """Waiting takes no time, but is noted."""

    __test__ = False

    def __init__(self) -> None:
        self.waited: list[float] = []
        super().__init__(sleep=self.waited.append, random=lambda: 0.5)


def impatience(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[None]:
    """As an autouse fixture: loopback may be asked, and no pause takes time."""
    settings.ALLOW_PRIVATE_ADDRESSES = True
    original = Clock.__init__

    def init(self: Any, *args: Any, **values: Any) -> None:
        original(self, *args, **{"sleep": lambda _: None, **values})

    monkeypatch.setattr(Clock, "__init__", init)
    yield


def oai_source(server: OaiServer, **values: Any) -> Source:
    return source(kind=SourceKind.OAI_PMH, url=server.url, **values)


def harvest_now(own: Source) -> Run:
    run = run_execute(run_id=run_queue(source=own, actor=SYSTEM).pk, actor=SYSTEM)
    assert run is not None
    own.refresh_from_db()
    return run


def live(own: Source) -> set[str]:
    found = SourceRecord.objects.filter(source=own, deleted_at=None)
    return set(found.values_list("identifier", flat=True))
