"""Single records from a real Zebra over Z39.50, and from the same one over SRU: found, named, refused."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from catalog.choices import SourceKind
from catalog.formats import marc21
from catalog.formats.reader import parse_payload
from catalog.harvesting.lookup import Asked, Found, LookupFailed
from catalog.harvesting.searchers import look_up
from catalog.harvesting.z3950 import search as z3950_search
from catalog.harvesting.z3950 import zoom
from catalog.models import Source
from tests.catalog.building import source
from tests.catalog.harvesting.zebra import Zebra, need_zebra
from tests.paths import MARC, needs_shared

pytestmark = [pytest.mark.django_db, needs_shared]
NOVELS = MARC / "marc4j/pride-and-prejudice-fixed.mrc"


@pytest.fixture(scope="module")
def zebra(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zebra]:
    need_zebra()
    with Zebra(tmp_path_factory.mktemp("zebra"), [NOVELS]) as server:
        yield server


@pytest.fixture(autouse=True)
def loopback(settings: Any) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = True


@pytest.fixture(params=[SourceKind.Z3950, SourceKind.SRU])
def target(request: pytest.FixtureRequest, zebra: Zebra) -> Source:
    url = zebra.target if request.param == SourceKind.Z3950 else zebra.url
    return source(kind=request.param, url=url)


def titles(found: Found) -> list[str]:
    parsed = [parse_payload(hit.payload, hit.format or "marcxml") for hit in found.hits]
    return [marc21.to_draft(record).title for record in parsed]


def test_words_of_title_and_author_find_the_first_twenty_records(target: Source) -> None:
    found = look_up(target, Asked(title="pride prejudice", author="Austen, Jane"))
    assert found.count > 100
    assert len(found.hits) == 20
    assert found.lost == 0
    assert all("pride" in title.lower() for title in titles(found))


def test_an_isbn_is_found_however_it_is_written(target: Source) -> None:
    for written in ("0006159494", "0-00-615949-4", "978-0-00-615949-0"):
        found = look_up(target, Asked(isbn=written))
        assert (found.count, titles(found)) == (1, ["Pride and prejudice"])


@pytest.mark.parametrize(
    "title", ['prejudice" @or "', "prejudice\\", 'prejudice" or dc.title = "a', "prejudice *?^ }"]
)
def test_quotes_and_operators_in_what_is_entered_stay_text(target: Source, title: str) -> None:
    plain = look_up(target, Asked(title="prejudice"))
    found = look_up(target, Asked(title=title))
    assert found.count <= plain.count


def test_nothing_found_is_no_error(target: Source) -> None:
    assert look_up(target, Asked(title="zzyzx quux")) == Found(0)


def refusal(of: Source, **asked: str) -> str:
    with pytest.raises(LookupFailed) as caught:
        look_up(of, Asked(**(asked or {"title": "prejudice"})))
    assert caught.value.message
    return caught.value.code


def test_each_trouble_with_a_server_has_a_name(zebra: Zebra, settings: Any) -> None:
    def named(**values: Any) -> str:
        return refusal(source(kind=SourceKind.Z3950, **{"url": zebra.target, **values}))

    place = zebra.target.partition("/")[0]
    assert named(url=f"{place}/Tidakada") == "no_database"
    assert named(options={"syntax": "unimarc"}) == "bad_syntax"
    assert named(options={"title": 4711}) == "bad_query"
    assert named(url="127.0.0.1:1/Default") == "unreachable"
    assert named(url="tidak.ada.invalid:210/Default") == "unreachable"
    assert named(url="katalog ini") == "bad_address"
    settings.ALLOW_PRIVATE_ADDRESSES = False
    assert named() == "private_address"


def test_a_server_that_says_nothing_is_left_after_the_time_it_has() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        own = source(kind=SourceKind.Z3950, url=f"127.0.0.1:{silent.getsockname()[1]}/Default")
        began = time.monotonic()
        with pytest.raises(LookupFailed) as caught:
            z3950_search.search(own, Asked(title="x"), seconds=1)
    assert caught.value.code == "timeout"
    assert time.monotonic() - began < 5


def test_a_library_that_hangs_is_ended_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that sends a byte now and then keeps the library waiting for ever, but not us."""
    monkeypatch.setattr(z3950_search, "GRACE", 0)
    stop = threading.Event()

    def drip(server: socket.socket) -> None:
        peer, _ = server.accept()
        peer.sendall(b"\xb4\x84\x7f\xff\xff\xff")  # the head of an answer of two thousand million bytes
        while not stop.wait(0.1):
            peer.sendall(b"\0")
        peer.close()

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=drip, args=(server,))
        thread.start()
        own = source(kind=SourceKind.Z3950, url=f"127.0.0.1:{server.getsockname()[1]}/Default")
        try:
            with pytest.raises(LookupFailed) as caught:
                z3950_search.search(own, Asked(title="x"), seconds=1)
        finally:
            stop.set()
            thread.join()
    assert caught.value.code == "timeout"


def test_without_the_library_only_this_kind_of_source_is_missing(
    monkeypatch: pytest.MonkeyPatch, zebra: Zebra
) -> None:
    monkeypatch.setattr(zoom, "NAMES", ("libtidakada.so",))
    monkeypatch.setattr(zoom, "find_library", lambda _: None)
    assert not z3950_search.installed()
    monkeypatch.setattr(z3950_search, "_run", lambda *_: {"missing": True})
    assert refusal(source(kind=SourceKind.Z3950, url=zebra.target)) == "not_installed"
    assert look_up(source(kind=SourceKind.SRU, url=zebra.url), Asked(title="prejudice")).count > 100


@pytest.mark.parametrize(("syntax", "charset"), [("usmarc", ""), ("usmarc", "utf-8"), ("xml", "")])
def test_records_come_in_the_syntax_and_character_set_that_the_source_names(
    zebra: Zebra, syntax: str, charset: str
) -> None:
    own = source(kind=SourceKind.Z3950, url=zebra.target, options={"syntax": syntax, "charset": charset})
    found = look_up(own, Asked(isbn="0006159494"))
    assert titles(found) == ["Pride and prejudice"]
    assert found.hits[0].payload[:1] == (b"<" if syntax == "xml" or charset else b"0")
