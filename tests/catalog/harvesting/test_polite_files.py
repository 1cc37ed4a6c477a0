"""Fetching a whole file from a server that is busy, breaks off, or serves somebody else just now."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from catalog.choices import RunStatus, SourceKind
from catalog.harvesting import polite
from catalog.models import Run
from catalog.services.runs import run_execute
from catalog.services.sources import source_start
from tests.catalog.building import SYSTEM, marc, source

pytestmark = pytest.mark.django_db
GOOD = b"".join(marc(str(n), f"Judul nomor {n} kota", year=1990) for n in range(20))


@dataclass
class Served:
    """`bad`: what the first requests get, a status with Retry-After or "cut"; all later ones get the file."""

    bad: list[tuple[int, str] | str] = field(default_factory=list)
    asked: int = 0
    at_once: int = 0
    most_at_once: int = 0
    slow: float = 0.0
    url: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)


@pytest.fixture
def served(settings: Any, tmp_path: Path) -> Iterator[Served]:
    settings.ALLOW_PRIVATE_ADDRESSES = True
    settings.VAR_DIR = tmp_path
    state = Served()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with state.lock:
                state.asked += 1
                state.at_once += 1
                state.most_at_once = max(state.most_at_once, state.at_once)
                fault = state.bad.pop(0) if state.bad else None
            time.sleep(state.slow)
            with state.lock:
                state.at_once -= 1
            if isinstance(fault, tuple):
                self.send_response(fault[0])
                if fault[1]:
                    self.send_header("Retry-After", fault[1])
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            self.send_response(200)
            self.send_header("Content-Length", str(len(GOOD)))
            self.end_headers()
            self.wfile.write(GOOD[:-300] if fault else GOOD)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    state.url = f"http://127.0.0.1:{server.server_address[1]}/catalogue.mrc"
    yield state
    server.shutdown()
    server.server_close()


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses, which take no time."""
    pauses: list[float] = []
    original = polite.Clock.__init__

    def init(self: Any, *args: Any, **values: Any) -> None:
        original(self, *args, **{"sleep": pauses.append, **values})

    monkeypatch.setattr(polite.Clock, "__init__", init)
    return pauses


def fetch(url: str, *, before: Callable[[Run], None] | None = None) -> Run:
    run = source_start(source=source(kind=SourceKind.URL, url=url), actor=SYSTEM)
    if before:
        before(run)
    done = run_execute(run_id=run.pk, actor=SYSTEM)
    assert done is not None
    return done


def test_a_file_server_that_is_busy_is_waited_for_as_long_as_it_says(
    served: Served, waited: list[float]
) -> None:
    served.bad = [(503, "3"), (429, "4")]
    run = fetch(served.url)
    assert (run.status, run.created, served.asked) == (RunStatus.DONE, 20, 3)
    assert sum(waited) == 7


def test_a_file_server_that_breaks_off_is_asked_again(served: Served, waited: list[float]) -> None:
    served.bad = ["cut", (502, "")]
    run = fetch(served.url)
    assert (run.status, run.created, served.asked) == (RunStatus.DONE, 20, 3)
    assert 2 < sum(waited) < 6  # one to two seconds, then two to four


def test_a_file_server_that_stays_busy_ends_the_run_with_its_reason(
    served: Served, waited: list[float]
) -> None:
    served.bad = [(503, "")] * 50
    run = fetch(served.url)
    assert (run.status, run.message_code, run.read) == (RunStatus.FAILED, "http_status", 0)
    assert served.asked == polite.ATTEMPTS
    assert run.message


def test_who_asks_for_a_day_is_asked_again_with_the_next_run(served: Served, waited: list[float]) -> None:
    served.bad = [(503, "86400")] * 2
    assert fetch(served.url).status == RunStatus.FAILED
    assert (served.asked, waited) == (1, [])


def test_a_missing_file_is_not_asked_for_twice(served: Served, waited: list[float]) -> None:
    served.bad = [(404, "")] * 9
    assert fetch(served.url).message_code == "http_status"
    assert served.asked == 1


def test_a_stop_is_heard_while_a_busy_server_is_waited_for(served: Served) -> None:
    served.bad = [(503, "300")] * 9
    began = time.monotonic()
    run = fetch(served.url, before=lambda run: Run.objects.filter(pk=run.pk).update(stop_asked=True) and None)
    assert run.status == RunStatus.STOPPED
    assert time.monotonic() - began < 3


def test_two_files_of_one_host_come_one_after_the_other(served: Served, tmp_path: Path) -> None:
    served.slow = 0.1

    def load(name: str) -> None:
        polite.download(served.url, tmp_path / name, max_bytes=10**6, timeout=10, check=lambda: None)

    threads = [threading.Thread(target=load, args=(name,)) for name in ("one", "two", "three")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [(tmp_path / name).read_bytes() == GOOD for name in ("one", "two", "three")] == [True] * 3
    assert (served.asked, served.most_at_once) == (3, 1)
