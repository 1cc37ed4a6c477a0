"""OAI-PMH sources end to end: from a real server on loopback to records, editions and the source page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from catalog.choices import RunStatus, SourceKind
from catalog.harvesting.oai.probing import source_probe
from catalog.models import Edition, RejectedRecord, Source, SourceRecord
from catalog.services.runs import run_execute, run_queue, run_stop
from catalog.services.sources import source_save, upload_start
from network_portal.core.errors import RuleViolation
from tests.catalog.building import SYSTEM, person, source, state
from tests.catalog.harvesting.oai_helpers import harvest_now as harvest
from tests.catalog.harvesting.oai_helpers import impatience, live, oai_source
from tests.catalog.harvesting.oai_server import (
    START,
    Behaviour,
    Item,
    OaiServer,
    dublin_core,
    marcxml,
    records,
)

pytestmark = pytest.mark.django_db


impatient = pytest.fixture(autouse=True)(impatience)


def test_a_server_becomes_records_under_its_own_identifiers() -> None:
    with OaiServer(records(25)) as server:
        own = oai_source(server)
        run = harvest(own)
    assert (run.status, run.message) == (RunStatus.DONE, "")
    assert (run.read, run.created, own.record_count) == (25, 25, 25)
    assert live(own) == {item.identifier for item in server.items}
    assert Edition.objects.filter(title="Judul nomor 7").exists()
    assert (own.oai_profile["grade"], own.oai_profile["prefix"]) == ("A", "marcxml")


def test_the_next_harvest_asks_only_for_changes_and_takes_out_what_is_marked_deleted() -> None:
    items = records(25)
    with OaiServer(items) as server:
        own = oai_source(server)
        harvest(own)
        since = own.oai_since
        assert since is not None
        now = since + timedelta(hours=47)
        items[3].metadata, items[3].stamp = marcxml(4, "Judul baru"), now
        items[5].deleted, items[5].stamp = True, now
        server.requests.clear()
        run = harvest(own)
        (asked,) = [r for r in server.requests if r["verb"] == "ListRecords"]
    assert asked["from"] == since.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert (run.read, run.updated, run.deleted) == (2, 1, 1)
    assert own.oai_since > since - timedelta(seconds=1)
    assert live(own) == {item.identifier for item in items if not item.deleted}
    assert SourceRecord.objects.get(identifier=items[3].identifier).draft["title"] == "Judul baru"


def test_the_whole_list_again_changes_nothing_where_dates_do_not_work() -> None:
    with OaiServer(records(25), Behaviour(no_dates=True)) as server:
        own = oai_source(server)
        harvest(own)
        before = state()
        run = harvest(own)
    assert (run.read, run.unchanged, run.updated, run.created) == (25, 25, 0, 0)
    assert state() == before


def test_of_a_snapshot_source_a_whole_list_takes_out_what_is_gone() -> None:
    items = records(25)
    with OaiServer(items) as server:
        own = oai_source(server, is_snapshot=True)
        harvest(own)
        gone = items.pop(4)
        run = harvest(own)
    assert (run.status, run.deleted) == (RunStatus.DONE, 1)
    assert gone.identifier not in live(own)


def test_of_a_snapshot_source_many_missing_records_wait_for_a_word() -> None:
    items = records(25)
    with OaiServer(items) as server:
        own = oai_source(server, is_snapshot=True)
        harvest(own)
        del items[5:]
        run = harvest(own)
    assert (run.status, run.deletes_held, len(live(own))) == (RunStatus.PARTIAL, 20, 25)


@pytest.mark.parametrize(
    "fault",
    [
        {"in_record": {0: "<record><leader>"}},
        {"login_page": True},
        {"endless_token": True},
        {"truncate_always": True},
        {"expire": 10**6},
    ],
    ids=lambda fault: next(iter(fault)),
)
def test_nothing_is_ever_taken_out_after_a_harvest_that_is_not_whole(fault: dict[str, Any]) -> None:
    items = records(45)
    with OaiServer(items) as server:
        own = oai_source(server, is_snapshot=True)
        harvest(own)
        del items[4]
        for name, value in fault.items():
            setattr(server.behaviour, name, value)
        run = harvest(own)
    assert run.status in (RunStatus.FAILED, RunStatus.PARTIAL)
    assert (run.deleted, len(live(own))) == (0, 45)


def test_a_server_that_says_it_has_nothing_empties_no_catalogue() -> None:
    items = records(5)
    with OaiServer(items) as server:
        own = oai_source(server, is_snapshot=True)
        harvest(own)
        items.clear()
        run = harvest(own)
    assert (run.status, run.deleted, run.deletes_held, len(live(own))) == (RunStatus.DONE, 0, 0, 5)


def test_two_libraries_may_send_the_same_identifiers() -> None:
    with OaiServer(records(3, name="slims")) as one, OaiServer(records(3, name="slims", title="Lain")) as two:
        first, second = oai_source(one), oai_source(two)
        harvest(first)
        harvest(second)
    assert live(first) == live(second)
    assert SourceRecord.objects.count() == 6


def test_short_descriptions_in_dublin_core_arrive() -> None:
    item = Item("oai:slims:1", START, dublin_core("Bumi manusia", "<dc:creator>Toer, Pramoedya</dc:creator>"))
    with OaiServer([item], Behaviour(prefixes=("oai_dc",))) as server:
        own = oai_source(server)
        run = harvest(own)
    assert (run.status, run.created) == (RunStatus.DONE, 1)
    assert SourceRecord.objects.get(source=own).draft["title"] == "Bumi manusia"


def test_broken_records_are_listed_with_their_identifiers_and_the_rest_is_kept() -> None:
    faults = {4: "<record><leader>00000</record>", 7: "", 9: "<x>not MARC</x>"}
    with OaiServer(records(25), Behaviour(in_record=faults)) as server:
        own = oai_source(server)
        run = harvest(own)
    assert (run.status, run.read, run.created, run.rejected) == (RunStatus.PARTIAL, 25, 22, 3)
    rejects = dict(RejectedRecord.objects.values_list("identifier", "reason_code"))
    name = "oai:perpus.example.ac.id:"
    assert rejects == {f"{name}5": "broken_xml", f"{name}8": "no_metadata", f"{name}10": "xml_not_marc"}


def test_a_record_that_came_torn_for_a_moment_is_asked_for_once_more() -> None:
    with OaiServer(records(25), Behaviour(in_record={4: "<record><leader>00000</record>"})) as server:
        own = oai_source(server)

        def healed(arguments: dict[str, str]) -> int:
            if arguments["verb"] == "GetRecord":
                server.behaviour.in_record = {}
            return 0

        server.behaviour.failing = healed
        run = harvest(own)
        asked = [r["identifier"] for r in server.requests if r["verb"] == "GetRecord"]
    assert asked == ["oai:perpus.example.ac.id:5"]
    assert (run.status, run.created, len(live(own))) == (RunStatus.PARTIAL, 25, 25)
    assert run.rejects.get().resolved_at is not None


def test_many_torn_records_are_no_fault_of_the_moment_and_not_asked_for_again() -> None:
    torn = dict.fromkeys(range(0, 50, 2), "<record><leader>00000</record>")
    with OaiServer(records(200), Behaviour(in_record=torn)) as server:
        run = harvest(oai_source(server))
        assert not [r for r in server.requests if r["verb"] == "GetRecord"]
    assert run.rejected == 25


def test_a_login_page_fails_the_run_in_words() -> None:
    with OaiServer(records(3), Behaviour(login_page=True)) as server:
        own = oai_source(server)
        run = harvest(own)
    assert (run.status, run.message_code) == (RunStatus.FAILED, "html_page")
    assert own.oai_profile["grade"] == "E"


def test_a_server_that_is_down_for_a_day_keeps_its_good_profile() -> None:
    items = records(25)
    with OaiServer(items) as server:
        own = oai_source(server)
        harvest(own)
        good = own.oai_profile
        Source.objects.filter(pk=own.pk).update(oai_probed_at=own.oai_probed_at - timedelta(days=8))
        server.behaviour.login_page = True
        assert harvest(own).message_code == "html_page"
        assert own.oai_profile.pop("trouble")["message"].startswith("The address answers with a web page")
        assert own.oai_profile == good
        server.behaviour.login_page = False
        assert harvest(own).status == RunStatus.DONE
        assert "trouble" not in own.oai_profile


@pytest.mark.parametrize("fault", ["login_page", "empty"])
def test_a_source_that_began_badly_is_probed_again_with_the_next_run(fault: str) -> None:
    items = records(25)
    with OaiServer([] if fault == "empty" else items, Behaviour(login_page=fault == "login_page")) as server:
        own = oai_source(server)
        harvest(own)
        assert own.oai_profile["grade"] == "E"
        server.items, server.behaviour.login_page = items, False
        run = harvest(own)
    assert (run.status, run.created, own.oai_profile["grade"]) == (RunStatus.DONE, 25, "A")


def test_a_harvest_can_be_stopped_between_two_pages() -> None:
    with OaiServer(records(45), Behaviour(pause=0.05)) as server:
        own = oai_source(server)
        source_probe(own)
        run = run_queue(source=own, actor=SYSTEM)
        ended = run_execute(
            run_id=run.pk, actor=SYSTEM, progress=lambda run, _: run_stop(run=run, actor=SYSTEM)
        )
    assert ended is not None
    assert (ended.status, ended.read) == (RunStatus.STOPPED, 10)
    own.refresh_from_db()
    assert own.oai_since is None


def test_another_address_forgets_what_was_found_out() -> None:
    with OaiServer(records(3)) as server:
        own = oai_source(server)
        harvest(own)
        assert own.oai_since and own.oai_profile
        source_save(source=own, library=own.library, values={"url": server.url + "?x=1"}, actor=SYSTEM)
    own.refresh_from_db()
    assert (own.oai_since, own.oai_profile) == (None, {})


def test_files_are_refused_by_an_oai_source() -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    own = source(kind=SourceKind.OAI_PMH, url="http://127.0.0.1:1/oai")
    with pytest.raises(RuleViolation):
        upload_start(source=own, upload=SimpleUploadedFile("a.mrc", b"x"), actor=SYSTEM)


def test_the_source_page_says_what_the_server_can_do(client: Client) -> None:
    with OaiServer(records(45), Behaviour(local_hours=7)) as server:
        own = oai_source(server)
        harvest(own)
    client.force_login(person("manager", own.library))
    page = client.get(reverse("catalog:source", args=[own.pk]), HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Grade B" in page
    assert "Write datestamps in UTC." in page
    assert 'name="file"' not in page
