"""Servers that misbehave for minutes or on purpose: each ends in a named state, in words, and nothing is lost."""

from __future__ import annotations

import gzip
import io
import tarfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings

from catalog.choices import RunStatus, SourceKind
from catalog.harvesting.oai import http, reader
from catalog.harvesting.polite import Clock
from catalog.models import Run, Source, SourceRecord
from catalog.services.runs import run_execute, run_queue
from catalog.services.sources import source_start
from tests.catalog.building import SYSTEM, edition_of, marc, source
from tests.catalog.harvesting.oai_helpers import harvest_now, impatience, live, oai_source
from tests.catalog.harvesting.oai_server import ROOT, Behaviour, OaiServer, marcxml, records

pytestmark = pytest.mark.django_db
impatient = pytest.fixture(autouse=True)(impatience)
GIGABYTE = 1024**3


class Minutes(Clock):
    """Waiting takes no time, but the clock moves on."""

    def __init__(self) -> None:
        self.spent = 0.0
        super().__init__(sleep=self._move, random=lambda: 0.0)  # the shortest pauses there are

    def _move(self, seconds: float) -> None:
        self.spent += seconds


def with_clock(own: Source, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(reader, "Clock", lambda: clock)
    return harvest_now(own)


def in_words(run: Run) -> bool:
    """A sentence, not a code or a traceback."""
    return run.message.endswith(".") and " " in run.message and "Error" not in run.message


# --- ten minutes of errors


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_server_that_fails_for_ten_minutes_in_the_middle_of_a_list_is_waited_for(
    status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Minutes()

    def failing(arguments: dict[str, str]) -> int:
        in_the_middle = arguments.get("resumptionToken", "").endswith("x14")
        return status if in_the_middle and clock.spent < 600 else 0

    with OaiServer(records(45), Behaviour(failing=failing)) as server:
        own = oai_source(server)
        run = with_clock(own, clock, monkeypatch)
    assert (run.status, run.read, run.created) == (RunStatus.DONE, 45, 45)
    assert 600 <= clock.spent < 1800


def test_a_server_that_fails_for_an_hour_is_given_up_with_what_came_and_the_next_run_brings_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    down = [False]

    def failing(arguments: dict[str, str]) -> int:
        return 503 if down[0] and arguments["verb"] == "ListRecords" and "resumptionToken" in arguments else 0

    with OaiServer(records(45), Behaviour(failing=failing)) as server:
        own = oai_source(server, is_snapshot=True)
        harvest_now(own)
        server.items.extend(records(30, first=100))
        del server.items[3]
        down[0] = True
        run = with_clock(own, Minutes(), monkeypatch)
        assert (run.status, run.message_code, run.deleted) == (RunStatus.FAILED, "busy", 0)
        assert in_words(run)
        assert len(live(own)) >= 45, "nothing is taken out by half a list"
        down[0] = False
        run = harvest_now(own)
    assert (run.status, run.deleted, len(live(own))) == (RunStatus.DONE, 1, 74)


# --- silence, floods and detours


def test_a_server_that_hangs_is_given_up_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "TIMEOUT", 0.1)
    with OaiServer(records(25), Behaviour()) as server:
        own = oai_source(server)
        harvest_now(own)
        server.behaviour.pause = 0.25
        run = harvest_now(own)
    assert (run.status, run.message_code) == (RunStatus.FAILED, "timeout")
    assert in_words(run)
    assert len(live(own)) == 25


@contextmanager
def flooding(begin: bytes, *, declared: int = 0) -> Iterator[tuple[str, list[int]]]:
    """A server that would send five gigabytes; the list holds how much it came to send."""
    sent = [0]

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/xml")
            if declared:
                self.send_header("Content-Length", str(declared))
            self.end_headers()
            block = b" " * 1_000_000
            try:
                self.wfile.write(begin)
                while sent[0] < 5 * GIGABYTE:
                    self.wfile.write(block)
                    sent[0] += len(block)
            except OSError:
                pass
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/oai", sent
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize("declared", [0, 5 * GIGABYTE])
def test_five_gigabytes_in_one_answer_are_cut_off_early(declared: int) -> None:
    with flooding(f'<?xml version="1.0"?>{ROOT}'.encode(), declared=declared) as (url, sent):
        run = harvest_now(source(kind=SourceKind.OAI_PMH, url=url))
    assert (run.status, run.message_code) == (RunStatus.FAILED, "too_large")
    assert in_words(run)
    assert sent[0] < 2 * http.MAX_BYTES


def test_five_gigabytes_as_a_file_never_fill_the_disk(settings: Any) -> None:
    settings.SOURCE_MAX_BYTES = 20_000_000
    with flooding(b"") as (url, sent):
        own = source(kind=SourceKind.URL, url=url)
        run = run_execute(run_id=source_start(source=own, actor=SYSTEM).pk, actor=SYSTEM)
    assert run is not None
    assert (run.status, run.message_code) == (RunStatus.FAILED, "too_large")
    assert sent[0] < 40_000_000
    for folder in (Path(django_settings.VAR_DIR), Path(django_settings.MEDIA_ROOT)):
        assert sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) < 1_000_000


def test_fifty_megabytes_packed_in_fifty_kilobytes_are_cut_off_as_well(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(http, "MAX_BYTES", 5_000_000)
    with OaiServer(records(3), Behaviour(packed=True, after=b" " * 50_000_000)) as server:
        run = harvest_now(oai_source(server))
    assert (run.status, run.message_code) == (RunStatus.FAILED, "too_large")


@pytest.mark.parametrize("target", ["http://10.0.0.1/oai?{query}", "http://169.254.169.254/latest/meta-data"])
def test_a_server_that_sends_on_into_a_private_network_is_not_followed(target: str) -> None:
    with OaiServer(records(25)) as server:
        own = oai_source(server)
        harvest_now(own)
        server.behaviour.redirect = target
        run = harvest_now(own)
    assert (run.status, run.message_code) == (RunStatus.FAILED, "redirect")
    assert in_words(run)
    assert len(live(own)) == 25


def test_a_name_that_leads_into_a_private_network_is_refused(settings: Any) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = False
    run = harvest_now(source(kind=SourceKind.OAI_PMH, url="http://localhost:9/oai"))
    assert (run.status, run.message_code) == (RunStatus.FAILED, "private_address")
    assert in_words(run)


# --- another identifier


@pytest.mark.parametrize("is_snapshot", [True, False])
def test_a_record_that_gets_another_identifier_keeps_its_edition(is_snapshot: bool) -> None:
    """Whoever asked for the book still finds it, whether the old number is taken out or not."""
    items = records(25)
    items[4].metadata = marcxml(5, "Bumi manusia").replace(
        "</leader>",
        '</leader><datafield tag="020" ind1=" " ind2=" "><subfield code="a">9789799731234</subfield></datafield>',
    )
    with OaiServer(items) as server:
        own = oai_source(server, is_snapshot=is_snapshot)
        harvest_now(own)
        edition = edition_of(own, items[4].identifier)
        old, items[4].identifier = items[4].identifier, "oai:perpus.example.ac.id:baru-5"
        items[4].stamp = datetime.now(timezone.utc) - timedelta(minutes=1)
        run = harvest_now(own)
    assert (run.status, run.created, run.deleted) == (RunStatus.DONE, 1, int(is_snapshot))
    assert edition_of(own, "oai:perpus.example.ac.id:baru-5") == edition
    assert (old in live(own)) == (not is_snapshot)


# --- answers made to do harm

LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">'
    '<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]>'
)
SECRET = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
REMOTE = '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'


@pytest.mark.parametrize("doctype", [LAUGHS, SECRET])
def test_entities_in_an_answer_are_refused_in_words(doctype: str) -> None:
    with OaiServer(records(3)) as server:
        own = oai_source(server)
        harvest_now(own)
        plain = server._answer
        server._answer = lambda asked: plain(asked).replace(b"<OAI-PMH", doctype.encode() + b"<OAI-PMH", 1)  # type: ignore[method-assign]
        run = harvest_now(own)
    assert (run.status, run.message_code) == (RunStatus.FAILED, "doctype")
    assert in_words(run)
    assert len(live(own)) == 3


@pytest.mark.parametrize("doctype", [LAUGHS, SECRET, REMOTE])
def test_entities_inside_a_record_reach_no_catalogue(doctype: str) -> None:
    bad = doctype + marcxml(2, "XX").replace("XX", "Judul &a; &d;")
    with OaiServer(records(25), Behaviour(in_record={1: bad})) as server:
        own = oai_source(server)
        harvest_now(own)
    stored = b"".join(bytes(r.raw) for r in SourceRecord.objects.filter(source=own))
    titles = "".join(str(r.draft) for r in SourceRecord.objects.filter(source=own))
    assert "root:" not in titles
    assert "haha" not in titles
    assert len(stored) < 50_000


@pytest.mark.parametrize(("doctype", "name"), [(LAUGHS, "laughs"), (SECRET, "secret"), (REMOTE, "remote")])
def test_entities_in_a_file_are_refused(doctype: str, name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.xml"
    body = marcxml(2, "XX").replace("XX", "Judul &a; &d;")
    path.write_text(
        f'<?xml version="1.0"?>{doctype}<collection xmlns="http://www.loc.gov/MARC21/slim">{body}</collection>'
    )
    own = source()
    queued = run_queue(source=own, actor=SYSTEM, stored_path=str(path))
    run = run_execute(run_id=queued.pk, actor=SYSTEM, trusted=True)
    assert run is not None
    titles = "".join(str(r.draft) for r in SourceRecord.objects.filter(source=own))
    assert "root:" not in titles
    assert "haha" not in titles
    assert (run.status, run.created) in ((RunStatus.FAILED, 0), (RunStatus.PARTIAL, 0))


def zipped(content: bytes) -> bytes:
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w") as archive:
        archive.writestr("catalogue.mrc", content)
    return box.getvalue()


def tarred(content: bytes) -> bytes:
    box = io.BytesIO()
    with tarfile.open(fileobj=box, mode="w") as archive:
        member = tarfile.TarInfo("catalogue.mrc")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return box.getvalue()


@pytest.mark.parametrize(
    "pack",
    [
        lambda c: gzip.compress(gzip.compress(c)),
        lambda c: gzip.compress(tarred(c)),
        lambda c: gzip.compress(zipped(c)),
        zipped,
    ],
    ids=["gzip in gzip", "tar in gzip", "zip in gzip", "zip"],
)
def test_archives_within_archives_are_refused_in_words(
    pack: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    path = tmp_path / "catalogue.gz"
    path.write_bytes(pack(marc("1", "Bumi manusia")))
    queued = run_queue(source=source(), actor=SYSTEM, stored_path=str(path))
    run = run_execute(run_id=queued.pk, actor=SYSTEM, trusted=True)
    assert run is not None
    assert (run.status, run.created) == (RunStatus.FAILED, 0)
    assert in_words(run)
