"""SRU servers and what is wrong with them: each fault ends in the whole catalogue, or in a state with a name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from catalog.choices import RunStatus, SourceKind
from catalog.harvesting.oai import http as oai_http
from catalog.harvesting.sru import reader as sru_reader
from catalog.models import RejectedRecord, Run, Source, SourceRecord
from catalog.services.runs import run_execute, run_queue, run_stop
from tests.catalog.building import SYSTEM, source, state
from tests.catalog.harvesting.sru_server import BOMB, LOGIN, Behaviour, Book, SruServer, books

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def loopback(settings: Any) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = True


@pytest.fixture(autouse=True)
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What the harvest would have waited."""
    seconds: list[float] = []
    original = sru_reader.Clock.__init__

    def init(self: Any, *args: Any, **values: Any) -> None:
        original(self, *args, **{"sleep": seconds.append, **values})

    monkeypatch.setattr(sru_reader.Clock, "__init__", init)
    return seconds


def sru_source(server: SruServer, **values: Any) -> Source:
    return source(kind=SourceKind.SRU, url=server.url, **{"options": {"page_size": 10}, **values})


def harvest(own: Source) -> Run:
    run = run_execute(run_id=run_queue(source=own, actor=SYSTEM).pk, actor=SYSTEM)
    assert run is not None
    own.refresh_from_db()
    return run


def live(own: Source) -> set[str]:
    return set(SourceRecord.objects.filter(source=own, deleted_at=None).values_list("identifier", flat=True))


def numbers(items: Iterable[Book]) -> set[str]:
    return {book.number for book in items}


def ended(items: list[Book], behaviour: Behaviour, **values: Any) -> tuple[Run, set[str]]:
    with SruServer(items, behaviour) as server:
        own = sru_source(server, **values)
        run = harvest(own)
    return run, live(own)


def test_a_server_by_the_book_becomes_records() -> None:
    items = books(25)
    with SruServer(items) as server:
        own = sru_source(server)
        run = harvest(own)
    assert (run.status, run.message, run.warnings) == (RunStatus.DONE, "", {})
    assert (run.read, run.created, own.told_count) == (25, 25, 25)
    assert live(own) == numbers(items)
    searches = [asked for asked in server.requests if "query" in asked][1:]
    assert [asked["startRecord"] for asked in searches] == ["1", "11", "21"]
    assert {asked["recordSchema"] for asked in searches} == {"marcxml"}
    assert own.server["title"] == "Perpustakaan Uji"


@pytest.mark.parametrize("version", ["1.1", "1.2", "2.0"])
@pytest.mark.parametrize("packing", [False, True])
def test_each_version_is_spoken_and_each_packing_read(version: str, packing: bool) -> None:
    items = books(12)
    behaviour = Behaviour(version=version, string_packing=packing)
    with SruServer(items, behaviour) as server:
        own = sru_source(server, options={"version": version, "page_size": 10})
        run = harvest(own)
    assert (run.status, live(own)) == (RunStatus.DONE, numbers(items))
    asked = next(one for one in server.requests if "query" in one)
    assert asked.get("version") == (None if version == "2.0" else version)
    assert ("operation" in asked) == (version != "2.0")


def test_the_version_is_the_one_that_the_server_answers_with() -> None:
    run, found = ended(books(3), Behaviour(version="2.0"))
    assert (run.checkpoint["plan"]["version"], len(found)) == ("2.0", 3)


@pytest.mark.parametrize(
    ("version", "sent"), [("1.1", {"sortKeys": "dc.date"}), ("1.2", {"query": "dc.title = a sortBy dc.date"})]
)
def test_a_sort_key_goes_where_the_version_has_it(version: str, sent: dict[str, str]) -> None:
    with SruServer(books(3), Behaviour(version=version, ignore_query=True)) as server:
        harvest(
            sru_source(server, options={"version": version, "query": "dc.title = a", "sort_key": "dc.date"})
        )
    assert sent.items() <= server.requests[-1].items()


def test_a_record_is_known_by_the_servers_identifier_else_by_its_own_number() -> None:
    _, found = ended(books(2), Behaviour(record_identifier=True))
    assert found == {"id-1", "id-2"}
    mods = (
        '<mods xmlns="http://www.loc.gov/mods/v3"><titleInfo><title>Satu</title></titleInfo><relatedItem><recordInfo>'
        "<recordIdentifier>seri</recordIdentifier></recordInfo></relatedItem><recordInfo><recordIdentifier>m1"
        "</recordIdentifier></recordInfo></mods>"
    )
    dublin = (
        '<srw_dc:dc xmlns:srw_dc="info:srw/schema/1/dc-v1.1" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<dc:title>Dua</dc:title></srw_dc:dc>"
    )
    with SruServer([Book("1", "", xml=mods), Book("2", "", xml=dublin)]) as server:
        own = sru_source(server)
        harvest(own)
        again = harvest(own)
    titles = {r.identifier: r.draft["title"] for r in SourceRecord.objects.filter(source=own)}
    assert titles.pop("m1") == "Satu"
    assert [(name[:2], title) for name, title in titles.items()] == [("h:", "Dua")]
    assert (again.created, again.unchanged) == (0, 2)


def test_a_server_without_a_query_for_everything_is_asked_by_an_index_that_all_records_have() -> None:
    run, found = ended(books(12), Behaviour(no_all=True))
    assert (run.status, len(found), run.checkpoint["plan"]["query"]) == (RunStatus.DONE, 12, "rec.id = *")


def test_a_server_that_can_not_be_asked_for_everything_says_so() -> None:
    run, found = ended(books(12), Behaviour(indexes=("dc.date",)))
    assert (run.status, run.message_code, found) == (RunStatus.FAILED, "no_query", set())
    run, found = ended(books(12), Behaviour(indexes=("dc.date",)), options={"query": "dc.date >= 2000"})
    assert (run.status, len(found)) == (RunStatus.DONE, sum((b.year or 0) >= 2000 for b in books(12)))


def test_a_server_that_does_not_explain_itself_is_read_all_the_same() -> None:
    with SruServer(books(12), Behaviour(explain=False)) as server:
        own = sru_source(server)
        run = harvest(own)
    assert (run.status, len(live(own)), own.server["silent"]) == (RunStatus.DONE, 12, "bad_operation")


def test_the_servers_own_page_size_is_kept_to() -> None:
    with SruServer(books(12), Behaviour(explain_maximum=5)) as server:
        run = harvest(sru_source(server, options={}))
    assert run.checkpoint["plan"]["size"] == 5
    assert len(server.queries()) == 1 + 3


def test_a_server_that_gives_fewer_than_asked_is_followed() -> None:
    run, found = ended(books(25), Behaviour(most=4))
    assert (run.status, len(found)) == (RunStatus.DONE, 25)


@pytest.mark.parametrize("position", ["none", "stuck", "far"])
def test_a_next_position_that_is_wrong_or_missing_costs_no_record(position: str) -> None:
    run, found = ended(books(25), Behaviour(next_position=position))
    assert (run.status, len(found)) == (RunStatus.DONE, 25)
    assert ("next_position_wrong" in run.warnings) == (position != "none")


def test_a_server_that_overlooks_the_start_is_stopped() -> None:
    run, found = ended(books(25), Behaviour(ignore_start=True))
    assert (run.status, run.message_code, len(found)) == (RunStatus.FAILED, "repeated_page", 10)


def test_an_empty_catalogue_is_empty_and_takes_nothing_out() -> None:
    with SruServer(books(3)) as server:
        own = sru_source(server, is_snapshot=True)
        harvest(own)
        server.items = []
        run = harvest(own)
    assert (run.status, run.read, len(live(own))) == (RunStatus.DONE, 0, 3)


def test_after_a_whole_list_what_it_lacks_is_taken_out() -> None:
    with SruServer(books(30)) as server:
        own = sru_source(server, is_snapshot=True)
        harvest(own)
        del server.items[4:6]
        run = harvest(own)
    assert (run.deleted, len(live(own))) == (2, 28)


@pytest.mark.parametrize(
    "fault", [Behaviour(surrogate=(3,)), Behaviour(grow_after=3), Behaviour(broken={3: "<record><leader>"})]
)
def test_after_a_list_that_lacked_or_changed_something_nothing_is_taken_out(fault: Behaviour) -> None:
    with SruServer(books(30)) as server:
        own = sru_source(server, is_snapshot=True, max_bad_percent=100)
        harvest(own)
        del server.items[20:22]
        server.behaviour, server.searches = fault, 0
        run = harvest(own)
    assert (run.deleted, numbers(books(30)) - live(own)) == (0, set())


def test_a_record_that_the_server_can_not_give_is_rejected_and_the_rest_comes() -> None:
    run, found = ended(books(25), Behaviour(surrogate=(7, 12)))
    assert (run.status, run.rejected, len(found)) == (RunStatus.PARTIAL, 2, 23)
    assert set(RejectedRecord.objects.values_list("reason_code", flat=True)) == {"surrogate"}


def test_a_record_that_breaks_its_page_is_found_by_asking_for_smaller_pages() -> None:
    run, found = ended(books(25), Behaviour(broken={13: "<record><leader>"}))
    assert (run.status, run.rejected) == (RunStatus.PARTIAL, 1)
    assert found == numbers(books(25)) - {"13"}
    assert "smaller_pages" in run.warnings


def test_a_record_over_which_the_server_stumbles_costs_only_itself() -> None:
    def stumbles(asked: dict[str, str]) -> int:
        start = int(asked.get("startRecord", 0))
        return 500 if start > 1 and start <= 13 < start + int(asked["maximumRecords"]) else 0

    run, found = ended(books(25), Behaviour(failing=stumbles))
    assert (run.status, found) == (RunStatus.PARTIAL, numbers(books(25)) - {"13"})


def test_a_first_page_over_which_the_server_stumbles_is_asked_for_in_parts() -> None:
    def stumbles(asked: dict[str, str]) -> int:
        return 500 if int(asked.get("maximumRecords", 0)) > 5 else 0

    run, found = ended(books(25), Behaviour(failing=stumbles))
    assert (run.status, found) == (RunStatus.DONE, numbers(books(25)))


def test_a_server_that_fails_on_every_record_is_left_after_a_few() -> None:
    def dies(asked: dict[str, str]) -> int:
        return 500 if int(asked.get("startRecord", 0)) > 20 else 0

    with SruServer(books(200), Behaviour(failing=dies)) as server:
        own = sru_source(server, max_bad_percent=100)
        run = harvest(own)
    assert (run.status, run.message_code, len(live(own))) == (RunStatus.FAILED, "http_status", 20)
    assert run.rejected == 10


def test_small_faults_of_the_xml_are_repaired_and_named() -> None:
    broken = Book("9", "x").marcxml().replace(">x<", ">Kecap & Sambal \x0b<")
    run, _ = ended(books(8), Behaviour(broken={3: broken}, before=b"\n\n<!-- PHP -->\n"))
    assert (run.status, run.rejected) == (RunStatus.DONE, 0)
    assert {"bare_ampersand", "illegal_characters"} <= set(run.warnings)
    assert SourceRecord.objects.filter(draft__title="Kecap & Sambal").exists()


def test_a_missing_namespace_is_no_obstacle() -> None:
    run, found = ended(books(12), Behaviour(no_namespace=True))
    assert (run.status, len(found)) == (RunStatus.DONE, 12)
    assert "namespace_missing" in run.warnings


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        (Behaviour(body=LOGIN), "html_page"),
        (Behaviour(body=BOMB), "doctype"),
        (Behaviour(body=b"<rss/>"), "not_sru"),
        (Behaviour(body=b'<searchRetrieveResponse xmlns="x"><records>' + b"<a>" * 100_000), "truncated"),
        (Behaviour(truncate=10**6), "truncated"),
        (Behaviour(refusal=2), "unavailable"),
        (Behaviour(refusal=3, bare_refusal=True), "login_needed"),
        (Behaviour(refusal=66, version="2.0"), "bad_schema"),
        (Behaviour(failing=lambda asked: 404), "http_status"),
        (Behaviour(count_lie=7, cap=10**6, most=0), "empty_page"),
    ],
)
def test_each_refusal_is_a_named_state_with_a_sentence(behaviour: Behaviour, code: str) -> None:
    run, found = ended(books(12), behaviour, options={"query": "cql.allRecords = 1"})
    assert (run.status, run.message_code, found) == (RunStatus.FAILED, code, set())
    assert run.message


def test_a_wrong_address_is_not_taken_for_a_server_that_lacks_a_query() -> None:
    run, _ = ended(books(3), Behaviour(failing=lambda asked: 404))
    assert (run.status, run.message_code) == (RunStatus.FAILED, "http_status")


def test_a_server_inside_the_network_is_refused(settings: Any) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = False
    run, _ = ended(books(3), Behaviour())
    assert (run.status, run.message_code) == (RunStatus.FAILED, "private_address")


def test_an_answer_larger_than_the_limit_is_asked_for_in_smaller_pages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of ten records an answer is too large, of five not."""
    monkeypatch.setattr(oai_http, "MAX_BYTES", 4500)
    run, found = ended(books(25), Behaviour())
    assert (run.status, found) == (RunStatus.DONE, numbers(books(25)))
    assert "smaller_pages" in run.warnings


def test_a_busy_server_is_waited_for_as_long_as_it_says(waited: list[float]) -> None:
    run, found = ended(books(12), Behaviour(busy=2, retry_after="17"))
    assert (run.status, len(found), waited) == (RunStatus.DONE, 12, [17.0, 17.0])


def test_an_answer_that_breaks_off_once_is_asked_for_again() -> None:
    run, found = ended(books(12), Behaviour(truncate=2))
    assert (run.status, len(found)) == (RunStatus.DONE, 12)


@pytest.mark.parametrize("style", ["diagnostic", "empty", "error", "count"])
@pytest.mark.parametrize("scan", [True, False])
def test_a_list_of_which_only_the_beginning_is_given_is_divided_by_year(style: str, scan: bool) -> None:
    items = [
        *books(1600, years=tuple(range(1985, 2020))),
        *[Book(f"t{n}", "tanpa tahun", None) for n in range(20)],
    ]
    cap = 1000 if style == "count" else 500
    behaviour = Behaviour(cap=cap, cap_style=style, scan=scan)
    run, found = ended(items, behaviour, options={"page_size": 50})
    assert (run.status, run.message_code) == (RunStatus.DONE, "")
    assert found == numbers(items)
    assert run.checkpoint["whole"] is True


def test_a_year_with_too_many_records_is_divided_by_the_letters_of_titles() -> None:
    items = books(180, years=(2001,))
    run, found = ended(items, Behaviour(cap=60), options={"page_size": 50})
    assert (run.status, found) == (RunStatus.DONE, numbers(items))


def test_a_list_that_can_not_be_divided_says_that_it_is_not_whole() -> None:
    behaviour = Behaviour(cap=60, indexes=("cql.allRecords",))
    run, found = ended(books(180), behaviour, options={"page_size": 50}, is_snapshot=True)
    assert (run.status, run.message_code, len(found)) == (RunStatus.FAILED, "capped", 60)
    assert run.checkpoint.get("whole") is not True


def test_a_server_that_overlooks_the_year_is_not_asked_by_years_for_ever() -> None:
    behaviour = Behaviour(cap=60, ignore_query=True)
    with SruServer(books(180), behaviour) as server:
        run = harvest(sru_source(server, options={"page_size": 50}))
    assert (run.status, run.message_code) == (RunStatus.FAILED, "capped")
    assert len(server.queries()) < 30


def test_a_count_that_is_only_a_minimum_is_taken_for_a_cap() -> None:
    behaviour = Behaviour(version="2.0", cap=100, cap_style="count", precision="minimum")
    run, found = ended(books(180), behaviour, options={"page_size": 50})
    assert (run.status, len(found)) == (RunStatus.DONE, 180)


def test_a_stopped_harvest_goes_on_in_the_next_run_from_the_start_and_changes_nothing_twice() -> None:
    items = books(60)
    with SruServer(items) as server:
        own = sru_source(server)
        queued = run_queue(source=own, actor=SYSTEM)

        def stop_soon(run: Run, counts: Any) -> None:
            if run.read == 20:
                run_stop(run=run, actor=SYSTEM)

        stopped = run_execute(run_id=queued.pk, actor=SYSTEM, progress=stop_soon)
        assert stopped is not None
        assert (stopped.status, stopped.read) == (RunStatus.STOPPED, 20)
        run = harvest(own)
    assert (run.created, run.unchanged, len(live(own))) == (40, 20, 60)


def test_a_run_taken_up_again_asks_for_what_comes_behind_its_last_page() -> None:
    items = books(60)
    with SruServer(items) as server:
        own = sru_source(server)
        queued = run_queue(source=own, actor=SYSTEM)

        def die(run: Run, counts: Any) -> None:
            if run.read == 30:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            run_execute(run_id=queued.pk, actor=SYSTEM, progress=die)
        asked = len(server.requests)
        again = run_execute(run_id=queued.pk, actor=SYSTEM)
        assert again is not None
        interrupted = state()
        assert [r["startRecord"] for r in server.requests[asked:]] == ["31", "41", "51"]
        assert (again.status, again.read, again.created) == (RunStatus.DONE, 60, 60)
        assert harvest(own).unchanged == 60
    assert state() == interrupted
