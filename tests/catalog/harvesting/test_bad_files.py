"""Files that are none: a clear reason on the run, nothing half-written, the catalogue before untouched."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from catalog.choices import RunStatus, SourceKind
from catalog.harvesting.errors import RunFailed
from catalog.models import Run, Source, SourceRecord
from catalog.services.runs import run_execute
from catalog.services.sources import source_start
from tests.catalog.building import SYSTEM, last_run, load, marc, source, state, write

pytestmark = pytest.mark.django_db
GOOD = b"".join(marc(str(n), f"Judul nomor {n} kota", year=1990) for n in range(50))


def bombed() -> bytes:
    return gzip.compress(GOOD + b"\0" * 60_000_000)


FILES = {
    "empty": ("empty", b""),
    "empty_gzip": ("empty", gzip.compress(b"")),
    "web_page": ("html", b"<!doctype html><html><body>Login</body></html>"),
    "spreadsheet": ("needs_mapping", b"title;author\nBumi manusia;Toer\n" * 50),
    "archive": ("zip", b"PK\x03\x04" + b"x" * 500),
    "cut_gzip": ("gzip_truncated", gzip.compress(GOOD)[:-200]),
    "damaged_gzip": ("gzip_damaged", gzip.compress(GOOD)[:60] + b"\xff" * 300),
    "bomb": ("ratio", bombed()),
    "gzip_in_gzip": ("gzip_nested", gzip.compress(gzip.compress(GOOD))),
    "entities": (
        "xml_doctype",
        b'<?xml version="1.0"?><!DOCTYPE c [<!ENTITY a "b">]><collection>&a;</collection>',
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_catalogue_leaves_everything_as_it_was(name: str, tmp_path: Path) -> None:
    code, content = FILES[name]
    own = source()
    load(own, write(tmp_path, GOOD))
    before, path = state(), tmp_path / name
    path.write_bytes(content)
    with pytest.raises(RunFailed) as failure:
        load(own, path)
    run = last_run(own)
    assert (failure.value.code, run.status, run.message_code) == (code, RunStatus.FAILED, code)
    assert run.message
    assert state() == before
    assert not list((tmp_path / "media").rglob("*unpacked*"))


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    own = source()
    with pytest.raises(RunFailed) as failure:
        load(own, tmp_path / "nowhere.mrc")
    assert failure.value.code == "file_missing"


def test_a_file_over_the_cap_is_refused(tmp_path: Path, settings: Any) -> None:
    settings.SOURCE_MAX_BYTES = 2000
    for content in (GOOD, gzip.compress(GOOD)):
        path = tmp_path / "large"
        path.write_bytes(content)
        with pytest.raises(RunFailed) as failure:
            load(source(), path)
        assert failure.value.code == "too_large"


def test_a_gzip_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "file.mrc.gz"
    path.write_bytes(gzip.compress(GOOD))
    own = source()
    assert load(own, path).created == 50
    assert load(own, path).unchanged == 50


class _Server(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/missing":
            self.send_error(404)
            return
        self.send_response(200)
        endless = self.path == "/endless"
        length = {"/endless": 10 * 1024**3, "/slow": 100_000}.get(self.path, len(GOOD))
        self.send_header("Content-Length", str(length))
        self.end_headers()
        try:
            while endless:
                self.wfile.write(GOOD)
            while self.path == "/slow":
                self.wfile.write(GOOD[:200])
                time.sleep(0.01)
            self.wfile.write(GOOD if self.path == "/good" else GOOD[:-300])
        except OSError:
            pass

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def address(settings: Any) -> Iterator[str]:
    settings.ALLOW_PRIVATE_ADDRESSES = True
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def fetch(url: str) -> tuple[Source, Run]:
    own = source(kind=SourceKind.URL, url=url)
    run = source_start(source=own, actor=SYSTEM)
    done = run_execute(run_id=run.pk, actor=SYSTEM)
    assert done is not None
    return own, done


def test_a_file_at_a_web_address_is_fetched_and_loaded(address: str) -> None:
    _, run = fetch(f"{address}/good")
    assert (run.status, run.created) == (RunStatus.DONE, 50)


@pytest.mark.parametrize(
    ("path", "code"), [("/missing", "http_status"), ("/cut", "interrupted"), ("/endless", "too_large")]
)
def test_an_address_that_gives_no_whole_file_is_told_apart(
    address: str, path: str, code: str, settings: Any
) -> None:
    settings.SOURCE_MAX_BYTES = 1_000_000
    _, run = fetch(address + path)
    assert (run.status, run.message_code, run.read) == (RunStatus.FAILED, code, 0)
    assert run.message
    assert not SourceRecord.objects.exists()


def test_a_stop_is_heard_while_a_file_comes_in_slowly(address: str) -> None:
    own = source(kind=SourceKind.URL, url=f"{address}/slow")
    run = source_start(source=own, actor=SYSTEM)
    Run.objects.filter(pk=run.pk).update(stop_asked=True)
    began = time.monotonic()
    done = run_execute(run_id=run.pk, actor=SYSTEM)
    assert done is not None
    assert (done.status, done.read) == (RunStatus.STOPPED, 0)
    assert time.monotonic() - began < 3


def test_an_unreachable_address_is_a_failed_run(settings: Any) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = True
    _, run = fetch("http://127.0.0.1:9/katalog.mrc")
    assert (run.status, run.message_code) == (RunStatus.FAILED, "unreachable")


def test_a_private_address_is_refused() -> None:
    _, run = fetch("http://127.0.0.1:9/katalog.mrc")
    assert run.message_code == "private_address"


def test_a_path_outside_the_named_folders_is_refused(settings: Any, tmp_path: Path) -> None:
    settings.SOURCE_PATH_ROOTS = [tmp_path / "allowed"]
    own = source(kind=SourceKind.PATH, path=str(write(tmp_path, GOOD)))
    run = run_execute(run_id=source_start(source=own, actor=SYSTEM).pk, actor=SYSTEM)
    assert run is not None
    assert run.message_code == "path_refused"
