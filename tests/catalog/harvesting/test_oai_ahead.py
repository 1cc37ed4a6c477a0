"""Pages are fetched while others are written, and whoever waits stays awake."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.db import connection

from catalog.choices import RunStatus
from catalog.harvesting.helper import HelperDied
from catalog.harvesting.oai import batches, preparing
from catalog.harvesting.oai.ahead import Ahead
from catalog.harvesting.oai.probing import source_probe
from catalog.harvesting.polite import Clock
from catalog.harvesting.write import PageWriter
from catalog.models import Run
from catalog.services.runs import run_execute, run_queue, run_stop
from tests.catalog.building import SYSTEM, state
from tests.catalog.harvesting.oai_helpers import harvest_now, impatience, live, oai_source
from tests.catalog.harvesting.oai_process import corpus_items
from tests.catalog.harvesting.oai_server import Behaviour, OaiServer, records

impatient = pytest.fixture(autouse=True)(impatience)


def nothing() -> None:
    """Nobody is waited for."""


def gather(pages: Iterator[int], **options: Any) -> list[list[int]]:
    with Ahead[int](Clock()) as ahead:
        return list(ahead.run(pages, idle=nothing, enough=options.get("enough", lambda batch: False)))


def test_pages_come_in_order_and_no_more_at_once_than_enough() -> None:
    batches = gather(iter(range(50)), enough=lambda batch: len(batch) >= 3)
    assert [page for batch in batches for page in batch] == list(range(50))
    assert max(len(batch) for batch in batches) <= 3


def test_what_goes_wrong_is_raised_behind_the_pages_before_it() -> None:
    def pages() -> Iterator[int]:
        yield from (1, 2, 3)
        raise ValueError("torn")

    came: list[int] = []
    with Ahead[int](Clock()) as ahead, pytest.raises(ValueError, match="torn"):
        for batch in ahead.run(pages(), idle=nothing, enough=lambda batch: False):
            came += batch
    assert came == [1, 2, 3]


def test_who_waits_looks_up_and_leaving_ends_the_pause() -> None:
    looks: list[float] = []
    ended = threading.Event()

    class Bored(Exception):
        pass

    def idle() -> None:
        looks.append(time.monotonic())
        if len(looks) == 3:
            raise Bored

    clock = Clock(sleep=time.sleep)
    with Ahead[int](clock, look_up=0.01) as ahead:

        def pages() -> Iterator[int]:
            try:
                ahead.clock.sleep(600)
                yield 1
            finally:
                ended.set()

        with pytest.raises(Bored):
            list(ahead.run(pages(), idle=idle, enough=lambda batch: False))
        assert not ended.is_set()
    assert ended.wait(5), "the thread has left its pause of ten minutes"


@pytest.mark.django_db
def test_a_stop_is_heard_while_the_server_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog.harvesting.oai.ahead.LOOK_UP", 0.05)
    with OaiServer(records(45)) as server:
        own = oai_source(server)
        source_probe(own)
        run = run_queue(source=own, actor=SYSTEM)
        silent = threading.Event()

        def failing(arguments: dict[str, str]) -> int:
            if arguments.get("resumptionToken"):
                silent.wait(1)
            return 0

        server.behaviour.failing = failing
        begun = time.monotonic()
        ended = run_execute(
            run_id=run.pk, actor=SYSTEM, progress=lambda run, _: run_stop(run=run, actor=SYSTEM)
        )
        assert time.monotonic() - begun < 0.9
        silent.set()
    assert ended is not None
    assert ended.status == RunStatus.STOPPED


@pytest.mark.django_db
def test_pages_that_come_fast_are_written_together(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[int] = []
    write = PageWriter.write

    def slow(self: PageWriter, page: Any, *args: Any, **values: Any) -> Any:
        time.sleep(0.1)
        written.append(page.read)
        return write(self, page, *args, **values)

    monkeypatch.setattr(PageWriter, "write", slow)
    with OaiServer(records(300), Behaviour(page=10)) as server:
        own = oai_source(server)
        run = harvest_now(own)
    assert (run.status, run.read, len(live(own))) == (RunStatus.DONE, 300, 300)
    assert len(written) < 15, "thirty pages"
    assert Run.objects.get(pk=run.pk).checkpoint["oai"]["pages"] == 30


@pytest.mark.django_db(transaction=True)
def test_a_fast_server_has_its_records_prepared_by_a_second_process_with_the_same_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    items = corpus_items(1500)
    items[700].deleted = True
    items[801].metadata = "<x>not MARC</x>"
    with OaiServer(items, Behaviour(page=100)) as server:
        monkeypatch.setattr(preparing, "LARGE", 10**9)
        own = oai_source(server, name="sama")
        harvest_now(own)
        here = state()
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE catalog_source, catalog_edition CASCADE")
        monkeypatch.setattr(preparing, "LARGE", 100)
        monkeypatch.setattr(batches, "LARGE", 100)
        sent: list[object] = []
        send = preparing._Process.send
        monkeypatch.setattr(preparing._Process, "is_ready", _wait_till_ready)
        monkeypatch.setattr(preparing._Process, "send", lambda self, m: (sent.append(m), send(self, m))[1])
        own = oai_source(server, name="sama")
        run = harvest_now(own)
    assert len(sent) > 2, "the second process was asked"
    assert (run.read, run.rejected) == (1500, 1)
    assert run.rejects.get().identifier == items[801].identifier
    assert run.rejects.get().position == 802
    assert state() == here


def _wait_till_ready(self: preparing._Process) -> bool:
    if not self._ready:
        self._ready = self.receive() == preparing.READY
    return True


@pytest.mark.django_db
def test_the_same_list_again_prepares_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    ask = preparing.Preparer.ask

    def note(self: preparing.Preparer, wanted: Sequence[Any]) -> None:
        asked.append(len(wanted))
        ask(self, wanted)

    monkeypatch.setattr(preparing.Preparer, "ask", note)
    with OaiServer(records(45)) as server:
        own = oai_source(server, is_snapshot=True)
        harvest_now(own)
        assert sum(asked) == 45
        asked.clear()
        assert harvest_now(own).unchanged == 45
    assert sum(asked) == 0


@pytest.mark.django_db
def test_a_second_process_that_dies_leaves_the_run_to_the_next_worker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(preparing, "LARGE", 50)
    monkeypatch.setattr(batches, "LARGE", 50)
    monkeypatch.setattr(preparing._Process, "is_ready", _wait_till_ready)
    receive = preparing._Process.receive

    def die(self: preparing._Process) -> object:
        if self._ready:
            self._process.kill()
            self._process.wait()
        return receive(self)

    monkeypatch.setattr(preparing._Process, "receive", die)
    with OaiServer(records(600), Behaviour(page=100)) as server:
        own = oai_source(server)
        queued = run_queue(source=own, actor=SYSTEM)
        with pytest.raises(HelperDied):
            run_execute(run_id=queued.pk, actor=SYSTEM)
        assert Run.objects.get(pk=queued.pk).status == RunStatus.RUNNING
        monkeypatch.setattr(preparing._Process, "receive", receive)
        done = run_execute(run_id=queued.pk, actor=SYSTEM)
    assert done is not None
    assert (done.status, done.read, done.created) == (RunStatus.DONE, 600, 600)
