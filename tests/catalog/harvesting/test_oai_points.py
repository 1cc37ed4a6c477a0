"""What breaks in real OAI-PMH servers, each played by a real server on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from catalog.harvesting.oai import http
from catalog.harvesting.oai.client import OaiClient
from catalog.harvesting.oai.dates import Window
from catalog.harvesting.oai.guards import Limits
from catalog.harvesting.oai.harvest import Checkpoint, Order, following_since, harvest, may_sweep
from catalog.harvesting.oai.http import Answer
from catalog.harvesting.oai.types import OaiError, OaiPage
from tests.catalog.harvesting.oai_helpers import TestClock
from tests.catalog.harvesting.oai_server import (
    ROOT,
    START,
    Behaviour,
    Item,
    OaiServer,
    http_date,
    marcxml,
    records,
)

EVERYTHING = Order("marcxml", seconds=True)


@pytest.fixture(autouse=True)
def loopback(settings: Any) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = True


@contextmanager
def served(items: list[Item], **behaviour: Any) -> Iterator[tuple[OaiServer, OaiClient]]:
    with OaiServer(items, Behaviour(**behaviour)) as server:
        yield server, OaiClient(server.url, clock=TestClock())


def collect(
    client: OaiClient, order: Order = EVERYTHING, **options: Any
) -> tuple[list[str], list[OaiPage], Checkpoint]:
    """Identifiers in the order they came, pages, and the last checkpoint."""
    came = list(harvest(client, order, **options))
    pages, last = [page for page, _ in came], came[-1][1]
    return [r.identifier for page in pages for r in page.records], pages, last


def refused(client: OaiClient, order: Order = EVERYTHING, **options: Any) -> tuple[str, list[str]]:
    """The code a harvest ends with, and what had come before."""
    names: list[str] = []
    with pytest.raises(OaiError) as caught:
        for page, _ in harvest(client, order, **options):
            names += [r.identifier for r in page.records]
    return caught.value.code, names


def names_of(items: list[Item]) -> list[str]:
    return [item.identifier for item in items]


def test_a_list_by_the_book_comes_whole_and_in_order() -> None:
    items = records(25)
    items[3].deleted = True
    with served(items) as (_, client):
        names, pages, end = collect(client)
    assert names == names_of(items)
    assert [len(p.records) for p in pages] == [10, 10, 5]
    assert [r.identifier for p in pages for r in p.records if r.deleted] == [items[3].identifier]
    assert all(not p.warnings and not p.body for p in pages)
    assert pages[0].complete_list_size == 25
    assert end.finished
    assert may_sweep(EVERYTHING, end)
    assert b"Judul nomor 1<" in pages[0].records[0].payload


def test_records_without_datestamps_are_taken() -> None:
    with served(records(12), no_dates=True) as (_, client):
        names, pages, _ = collect(client)
    assert len(names) == 12
    assert {r.datestamp for p in pages for r in p.records} == {""}


def test_colliding_identifiers_are_handed_on_as_sent() -> None:
    items = [*records(2), Item("oai:perpus.example.ac.id:1", START, marcxml(77, "Buku lain"))]
    with served(items) as (_, client):
        names, pages, _ = collect(client)
    assert names.count("oai:perpus.example.ac.id:1") == 2
    assert b"Buku lain" in pages[-1].records[-1].payload


def test_a_change_stamped_in_local_time_comes_with_the_next_harvest() -> None:
    until = datetime(2024, 6, 1, tzinfo=timezone.utc)
    items = records(3)
    items[0].stamp = until - timedelta(hours=49)  # stamped seven hours later, and seen too late for the first
    first = Order("marcxml", since=START, until=until - timedelta(hours=45), seconds=True)
    done = Checkpoint([], received=2)
    plain, wider = following_since(first, done), following_since(first, done, local_time_as_z=True)
    assert plain is not None and wider is not None
    assert plain - wider == timedelta(hours=14)
    with served(items, local_hours=7) as (_, client):
        before, _, _ = collect(client, first)
        after, _, _ = collect(client, Order("marcxml", since=wider, until=until, seconds=True))
    assert items[0].identifier not in before
    assert items[0].identifier in after


def test_where_from_and_until_get_lost_everything_is_asked_for_without_them() -> None:
    items = records(25)
    since = START + timedelta(minutes=20)
    with served(items, offset_token=True, token_loses_dates=True) as (server, client):
        order = Order("marcxml", since=since, until=START + timedelta(days=1), seconds=True, dates=False)
        names, _, end = collect(client, order)
        asked = [r for r in server.requests if "from" in r or "until" in r]
    assert names == names_of(items)
    assert asked == []
    assert may_sweep(order, end)
    assert following_since(order, end) == since


def test_a_token_that_needs_its_metadata_prefix_gets_it() -> None:
    items = records(25)
    with served(items, prefix_with_token=True) as (server, client):
        names, pages, end = collect(client)
        tokens = [r for r in server.requests if "resumptionToken" in r]
    assert names == names_of(items)
    assert ["metadataPrefix" in r for r in tokens] == [False, True, True]
    assert pages[1].warnings == ["prefix_with_token"]
    assert end.prefix_with_token


def test_pages_that_shift_lose_nothing_that_was_there() -> None:
    items = records(25)
    before = names_of(items)
    with served(items, newest_first=True, offset_token=True, grow_after_page=1) as (_, client):
        names, _, _ = collect(client)
    assert set(before) <= set(names)
    assert len(names) == 26  # one came twice: writing it again changes nothing


def test_an_endless_token_ends_the_harvest_and_keeps_what_came() -> None:
    with served(records(200), endless_token=True, count=False) as (_, client):
        code, names = refused(client)
    assert code == "repeated_token"
    assert len(names) == 20


def test_the_same_page_for_ever_ends_the_harvest() -> None:
    with served(records(30), endless_pages=True, count=False) as (server, client):
        code, names = refused(client)
        assert len(server.requests) == 2
    assert (code, len(names)) == ("repeated_page", 10)


def test_a_list_much_longer_than_announced_ends_the_harvest() -> None:
    with served(records(60), wrong_size=15) as (_, client):
        code, names = refused(client)
    assert (code, len(names)) == ("cursor_runaway", 10)


@pytest.mark.parametrize(
    ("limits", "code"), [(Limits(pages=2), "too_many_pages"), (Limits(seconds=-1), "too_long")]
)
def test_a_harvest_has_a_last_page_and_a_last_moment(limits: Limits, code: str) -> None:
    with served(records(60)) as (_, client):
        assert refused(client, limits=limits)[0] == code


def test_a_busy_server_is_asked_again_after_the_seconds_it_names() -> None:
    with served(records(3), busy=2, retry_after="17") as (_, client):
        names, _, _ = collect(client)
        assert client.clock.waited == [17.0, 17.0]
    assert len(names) == 3


def test_a_busy_server_is_asked_again_at_the_date_it_names() -> None:
    now = datetime(2024, 5, 5, 12, 0, tzinfo=timezone.utc)
    with served(records(3), busy=1, retry_after=http_date(now + timedelta(seconds=90))) as (_, client):
        client.clock.now = lambda: now
        collect(client)
        assert client.clock.waited == [90.0]


def test_without_a_word_from_the_server_pauses_grow_and_are_shaken() -> None:
    with served(records(3), busy=3) as (_, client):
        collect(client)
        assert client.clock.waited == [1.5, 3.0, 6.0]


def test_a_server_that_wants_a_day_is_left_alone() -> None:
    with served(records(3), busy=9, retry_after="86400") as (_, client):
        with pytest.raises(OaiError) as caught:
            collect(client)
        assert client.clock.waited == []
    assert (caught.value.code, caught.value.retry_after) == ("busy", 86400)


def test_a_body_that_breaks_off_is_fetched_again() -> None:
    with served(records(25), truncate=2) as (_, client):
        names, pages, end = collect(client)
    assert len(names) == 25
    assert not any(p.truncated for p in pages)
    assert may_sweep(EVERYTHING, end)


def test_a_body_that_always_breaks_off_is_never_the_end_of_the_list() -> None:
    with served(records(5), truncate_always=True) as (_, client):
        code, names = refused(client)
    assert (code, names) == ("truncated", [])


def test_control_characters_are_taken_out_and_the_record_kept() -> None:
    broken = marcxml(2, "Bumi XX manusia").replace("XX", "\x0b\ufffe&#x1F;")
    with served(records(3), in_record={1: broken}) as (_, client):
        names, (page,), end = collect(client)
    assert len(names) == 3
    assert page.warnings == ["illegal_characters"]
    assert b"Bumi  manusia" in page.records[1].payload
    assert page.body
    assert may_sweep(EVERYTHING, end)


def test_foreign_bytes_in_utf8_are_read_as_windows_1252() -> None:
    broken = marcxml(2, "Caf\udce9 di Bandung – café")
    with served(records(3), in_record={1: broken}) as (_, client):
        _, (page,), _ = collect(client)
    assert "not_utf8" in page.warnings
    assert "Café di Bandung – café" in page.records[1].payload.decode()


def test_bare_ampersands_and_named_letters_of_html_are_put_right() -> None:
    broken = marcxml(2, "XX").replace("XX", "Tom & Jerry &eacute; &lt;b&gt; <![CDATA[R&D]]>")
    with served(records(3), in_record={1: broken}) as (_, client):
        _, (page,), _ = collect(client)
    assert page.warnings == ["bare_ampersand"]
    assert "Tom &amp; Jerry é &lt;b&gt; R&amp;D" in page.records[1].payload.decode()


def test_a_prolog_inside_a_record_is_taken_out() -> None:
    broken = '<?xml version="1.0"?>\n' + marcxml(2, "Bumi manusia")
    with served(records(3), in_record={1: broken}) as (_, client):
        names, (page,), _ = collect(client)
    assert (len(names), page.warnings) == (3, ["prolog_inside"])


def test_notices_of_php_around_the_answer_are_taken_off() -> None:
    notice = b"<br />\n<b>Notice</b>: Undefined index: x in <b>oai.php</b> on line <b>3</b><br />\n"
    with served(records(25), before=notice, after=notice) as (_, client):
        names, pages, _ = collect(client)
    assert len(names) == 25
    assert pages[0].warnings == ["text_before_prolog", "text_after_root"]


def test_a_login_page_is_an_error_and_never_an_empty_catalogue() -> None:
    with served(records(3), login_page=True) as (_, client):
        code, names = refused(client)
    assert (code, names) == ("html_page", [])


def test_a_missing_namespace_is_noted_and_the_records_are_read() -> None:
    with served(records(25), no_namespace=True) as (_, client):
        names, pages, _ = collect(client)
    assert len(names) == 25
    assert {w for p in pages for w in p.warnings} == {"namespace_missing"}


def test_prefixes_that_nobody_declares_are_declared() -> None:
    broken = "<marc:record><marc:leader>00000nam a2200000 i 4500</marc:leader></marc:record>"
    with served(records(3), in_record={1: broken}) as (_, client):
        names, (page,), _ = collect(client)
    assert (len(names), page.warnings) == (3, ["prefix_undeclared"])
    assert b"http://www.loc.gov/MARC21/slim" in page.records[1].payload


def test_an_empty_page_with_a_token_is_not_the_end() -> None:
    items = records(25)
    with served(items, empty_page=True) as (_, client):
        names, pages, _ = collect(client)
    assert names == names_of(items)
    assert [len(p.records) for p in pages] == [10, 0, 10, 5]


@pytest.mark.parametrize("empty_token", [True, False])
def test_the_list_ends_with_an_empty_token_or_with_none(empty_token: bool) -> None:
    with served(records(20), empty_token=empty_token) as (server, client):
        names, pages, end = collect(client)
        assert len(server.requests) == 2
    assert (len(names), pages[-1].token, end.finished) == (20, "", True)


def test_a_token_that_expires_restarts_the_window() -> None:
    items = records(25)
    with served(items, expire=1) as (_, client):
        names, _, end = collect(client)
    assert sorted(set(names)) == sorted(names_of(items))
    assert end.finished


def test_a_token_that_always_expires_halves_the_window_until_no_token_is_needed() -> None:
    items = records(25)
    order = Order("marcxml", since=START, until=START + timedelta(hours=1), seconds=True)
    with served(items, expire=10**6) as (_, client):
        names, _, end = collect(client, order)
    assert set(names) == set(names_of(items))
    assert end.finished
    assert not may_sweep(order, end)


def test_a_token_that_always_expires_without_dates_ends_the_harvest() -> None:
    with served(records(25), expire=10**6) as (_, client):
        assert refused(client)[0] == "token_expires"


def test_one_bad_moment_costs_its_window_and_no_other() -> None:
    items = records(25)
    bad = items[12].stamp.strftime("%Y-%m-%dT%H:%M:%SZ")
    order = Order("marcxml", since=START, until=START + timedelta(hours=1), seconds=True)

    def failing(asked: dict[str, str]) -> int:
        return 500 if asked.get("from", "9") <= bad <= asked.get("until", "") else 0

    with served(items, failing=failing) as (_, client):
        code, names = refused(client, order)
    assert code == "incomplete"
    assert set(names_of(items)) - set(names) == {items[12].identifier}


def test_a_broken_record_is_left_out_alone_and_named() -> None:
    with served(records(25), in_record={4: "<record><leader>00000</record>"}) as (_, client):
        names, pages, end = collect(client)
    assert len(names) == 24
    (reject,) = [r for p in pages for r in p.rejects]
    assert (reject.identifier, reject.reason_code) == ("oai:perpus.example.ac.id:5", "broken_xml")
    assert pages[0].warnings == ["salvaged"]
    assert pages[0].token
    assert not may_sweep(EVERYTHING, end)


def test_a_page_of_which_nothing_can_be_read_is_set_aside_and_its_token_followed() -> None:
    spoilt = dict.fromkeys(range(10), "<record><leader>")
    with served(records(25), in_record=spoilt) as (_, client):
        names, pages, end = collect(client)
    assert len(names) == 15
    assert pages[0].quarantined
    assert pages[0].body
    assert len(pages[0].rejects) == 10
    assert not may_sweep(EVERYTHING, end)


def test_nothing_found_is_a_success_but_takes_nothing_out() -> None:
    with served([]) as (_, client):
        names, pages, end = collect(client)
    assert (names, len(pages), end.finished) == ([], 1, True)
    assert not may_sweep(EVERYTHING, end)


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("badArgument", "badArgument"),
        ("CannotDisseminateFormat", "cannotDisseminateFormat"),
        ("kaput", "server_error"),
    ],
)
def test_errors_of_the_protocol_keep_their_names(sent: str, code: str) -> None:
    with served(records(3), error=sent) as (_, client):
        assert refused(client)[0] == code


def test_entities_are_refused() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;">]>\n'
    with served(records(3)) as (server, client):
        server.behaviour.before = bomb
        assert refused(client)[0] == "doctype"


def test_addresses_inside_private_networks_are_refused(settings: Any) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = False
    with served(records(3)) as (server, client):
        assert refused(client)[0] == "private_address"
        assert server.requests == []


def test_a_harvest_goes_on_at_any_checkpoint() -> None:
    items = records(45)
    order = Order("marcxml", since=START, until=START + timedelta(hours=1), seconds=True)
    for stop in range(1, 5):
        with served(items, prefix_with_token=True) as (server, client):
            names: list[str] = []
            saved: dict[str, Any] = {}
            for number, (page, checkpoint) in enumerate(harvest(client, order), 1):
                names += [r.identifier for r in page.records]
                saved = checkpoint.as_json()
                if number == stop:
                    break
            other = OaiClient(server.url, clock=TestClock())
            rest, _, end = collect(other, order, checkpoint=Checkpoint.from_json(saved))
        assert names + rest == names_of(items)
        assert (end.received, end.finished) == (45, True)


@pytest.mark.parametrize("seconds", [True, False])
def test_dates_are_written_as_exactly_as_the_server_understands(seconds: bool) -> None:
    order = Order("marcxml", since=START, until=START + timedelta(days=2), seconds=seconds)
    with served(records(5), seconds=seconds) as (server, client):
        names, _, _ = collect(client, order)
        asked = server.requests[0]
    assert len(names) == 5
    assert asked["from"] == ("2024-03-01T08:00:00Z" if seconds else "2024-03-01")
    assert asked["until"] == ("2024-03-03T08:00:00Z" if seconds else "2024-03-03")


@pytest.mark.parametrize("seconds", [True, False])
def test_halves_of_a_window_leave_no_gap(seconds: bool) -> None:
    unit = timedelta(seconds=1) if seconds else timedelta(days=1)
    window = Window(START, START + timedelta(days=9))
    halves = window.halves(seconds=seconds)
    assert halves is not None
    first, second = halves
    assert (first.start, second.end) == (window.start, window.end)
    assert first.end is not None and second.start is not None
    assert second.start - first.end == unit
    assert Window(START, START + unit).halves(seconds=seconds) is None


def test_headers_alone_can_be_listed_and_one_record_fetched() -> None:
    items = records(12)
    with served(items) as (_, client):
        names, pages, _ = collect(client, Order("marcxml", headers=True))
        one = client.get_record(items[4].identifier, "marcxml")
    assert names == names_of(items)
    assert all(r.payload == b"" for p in pages for r in p.records)
    assert one is not None and b"Judul nomor 5<" in one.payload


def test_a_host_gets_one_request_at_a_time() -> None:
    with OaiServer(records(5), Behaviour(pause=0.03)) as server:
        clients = [OaiClient(server.url, clock=TestClock()) for _ in range(4)]
        with ThreadPoolExecutor(4) as pool:
            results = list(pool.map(lambda client: client.list_records("marcxml"), clients))
    assert [len(page.records) for page in results] == [5] * 4
    assert server.most_at_once == 1


def test_a_first_harvest_of_nothing_leaves_the_next_one_everything_to_ask_for() -> None:
    order = Order("marcxml", until=START, seconds=True)
    assert following_since(order, Checkpoint([], received=0)) is None
    assert following_since(order, Checkpoint([], received=1)) == START - timedelta(hours=48)
    later = Order("marcxml", since=START - timedelta(days=9), until=START, seconds=True)
    assert following_since(later, Checkpoint([], received=0)) == START - timedelta(hours=48)


def test_a_server_may_send_on_within_itself_and_nowhere_else() -> None:
    with served(records(25), redirect="/moved?{query}") as (server, client):
        assert len(collect(client)[0]) == 25
        for target in (server.url.replace("127.0.0.1", "localhost"), "http://169.254.169.254/"):
            server.behaviour.redirect = target
            assert refused(client)[0] == "redirect"


def test_an_answer_larger_than_allowed_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "MAX_BYTES", 1000)
    with served(records(25)) as (_, client):
        assert refused(client)[0] == "too_large"


def test_an_address_with_a_query_of_its_own_keeps_it() -> None:
    with OaiServer(records(3)) as server:
        names, _, _ = collect(OaiClient(server.url + "?p=oai", clock=TestClock()))
    assert len(names) == 3
    assert server.requests[0]["p"] == "oai"


def test_a_server_that_stays_away_is_given_up_with_its_name() -> None:
    with served(records(3)) as (_, client):
        pass
    assert refused(client)[0] == "unreachable"
    assert len(client.clock.waited) == 5


def test_sets_are_listed_over_pages_and_never_for_ever() -> None:
    def answer(number: int, token: str) -> Answer:
        sets = f"<set><setSpec>s{number}</setSpec><setName>Set {number}</setName></set>"
        body = f"{ROOT}<ListSets>{sets}<resumptionToken>{token}</resumptionToken></ListSets></OAI-PMH>"
        return Answer(200, body.encode())

    answers = iter([answer(1, "a"), answer(2, "b"), answer(3, "")])
    client = OaiClient("http://example.org/oai", fetch=lambda _: next(answers))
    assert [s.spec for s in client.list_sets()] == ["s1", "s2", "s3"]
    endless = OaiClient("http://example.org/oai", fetch=lambda _: answer(1, "a"))
    with pytest.raises(OaiError) as caught:
        endless.list_sets()
    assert caught.value.code == "repeated_token"


def test_packed_answers_arrive_whole() -> None:
    items = records(3000)
    with served(items, packed=True, page=1500) as (_, client):
        names, pages, _ = collect(client)
    assert names == names_of(items)
    assert not any(p.warnings for p in pages)


def test_a_packed_answer_that_breaks_off_is_fetched_again() -> None:
    with served(records(25), packed=True, truncate=2) as (_, client):
        names, pages, _ = collect(client)
    assert len(names) == 25
    assert not any(p.truncated for p in pages)
