"""What a robust harvester does, in fifteen points; each is named by its number here and told in full where it lives.

One end-to-end proof per point; the many small ones are in the other tests of this folder.
"""

from __future__ import annotations

import threading
import zlib
from collections.abc import Callable
from datetime import datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone as django_timezone

from catalog.choices import RunKind, RunStatus
from catalog.formats.reader import parse_payload
from catalog.harvesting import nights, schedule, turns
from catalog.harvesting.oai import ahead
from catalog.harvesting.oai.client import OaiClient
from catalog.harvesting.oai.guards import Limits
from catalog.harvesting.oai.harvest import Order, harvest
from catalog.harvesting.oai.probing import source_probe
from catalog.harvesting.oai.types import OaiError
from catalog.harvesting.polite import Clock
from catalog.models import RejectedRecord, Run, Source, SourceRecord
from catalog.presenters.oai_profile import oai_profile
from catalog.selectors.health import health_of
from catalog.services import rekey, streams
from catalog.services.retry import run_retry
from catalog.services.runs import deletes_decide, run_execute, run_queue
from catalog.services.schedule import dispatch, run_pause, run_resume
from tests.catalog.building import SYSTEM, last_run, library, load, marc, source, state, write
from tests.catalog.harvesting.oai_helpers import TestClock, harvest_now, impatience, live, oai_source
from tests.catalog.harvesting.oai_server import START, Behaviour, OaiServer, marcxml, records
from tests.catalog.harvesting.oai_systems import inlislite3, koha, slims_oai, slims_oai2
from tests.catalog.harvesting.workers import wait_until

pytestmark = pytest.mark.django_db
impatient = pytest.fixture(autouse=True)(impatience)
NAME = "oai:perpus.example.ac.id:"


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Runs handed to the workers; the tests carry them out themselves."""
    found: list[int] = []
    for module in ("runs", "schedule", "rekey", "retry", "streams"):
        monkeypatch.setattr(f"catalog.services.{module}.run_send", found.append)
    return found


def carry_out(run: Run) -> Run:
    done = run_execute(run_id=run.pk, actor=SYSTEM)
    assert done is not None
    return done


# --- 1: the key, the original, its hash, when it was seen


def test_point_01_a_record_is_known_by_source_and_identifier_and_kept_as_it_came() -> None:
    with OaiServer(records(3)) as one, OaiServer(records(3, title="Lain")) as other:
        first, second = oai_source(one), oai_source(other)
        run = harvest_now(first)
        harvest_now(second)
        assert SourceRecord.objects.filter(identifier=f"{NAME}1").count() == 2
        record = SourceRecord.objects.get(source=first, identifier=f"{NAME}1")
        raw = zlib.decompress(bytes(record.raw))
    assert (
        parse_payload(raw, "marcxml").fields
        == parse_payload(one.items[0].metadata.encode(), "marcxml").fields
    )
    assert len(bytes(record.content_hash)) == 16
    assert record.first_seen_at is not None
    assert record.last_run_id == run.pk


def test_point_01_what_is_kept_can_be_read_again_without_any_harvest() -> None:
    with OaiServer(records(5)) as server:
        own = oai_source(server)
        harvest_now(own)
    own.rules = [{"do": "set_format", "to": "map"}]
    own.save()
    again = carry_out(run_queue(source=own, actor=SYSTEM, kind=RunKind.RENORMALISE))
    assert (again.status, again.updated) == (RunStatus.DONE, 5)
    assert {r.draft["format"] for r in SourceRecord.objects.filter(source=own)} == {"map"}


# --- 2: the profile


@pytest.mark.parametrize(
    ("make", "quirks", "grade"),
    [
        (slims_oai, {"no_dates", "offset_token", "dup_ids", "token_loses_dates"}, "D"),
        (slims_oai2, {"local_time_as_z", "date_is_creation"}, "D"),
        (inlislite3, {"prefix_with_token", "unedited_undated"}, "C"),
        (koha, {"items_undated"}, "B"),
    ],
)
def test_point_02_a_probe_writes_a_profile_with_named_quirks_and_a_grade_for_the_member(
    make: Callable[[int], Any], quirks: set[str], grade: str
) -> None:
    with OaiServer(*make(245)) as server:
        own = oai_source(server)
        source_probe(own)
    assert quirks <= set(own.oai_profile["quirks"])
    view = oai_profile(own)
    assert view is not None
    assert (view.grade, bool(view.means)) == (grade, True)
    assert view.letter is not None


# --- 3: modes


def spread(count: int) -> list[Any]:
    items = records(count)
    for number, item in enumerate(items):
        item.stamp = START + timedelta(days=20 * number)
    return items


@pytest.mark.parametrize(
    ("values", "whole", "portions"),
    [
        ({}, False, 0),
        ({"options": {"mode": "changes"}}, False, 0),
        ({"options": {"mode": "windows", "window": "month"}}, False, 8),
        ({"options": {"mode": "whole"}}, True, 0),
        ({"is_snapshot": True}, True, 0),
    ],
    ids=["auto", "changes", "windows", "whole", "snapshot"],
)
def test_point_03_each_mode_brings_everything_and_then_what_it_is_for(
    values: dict[str, Any], whole: bool, portions: int
) -> None:
    items = spread(12)
    with OaiServer(items) as server:
        own = oai_source(server, **values)
        assert harvest_now(own).created == 12
        first = [r for r in server.requests if r["verb"] == "ListRecords" and "until" in r]
        items[0].metadata, items[0].stamp = marcxml(1, "Judul baru"), datetime.now(timezone.utc)
        server.requests.clear()
        run = harvest_now(own)
        asked = [r for r in server.requests if r["verb"] == "ListRecords" and "resumptionToken" not in r]
    assert (run.status, run.updated, run.created) == (RunStatus.DONE, 1, 0)
    assert run.read == (12 if whole else 1)
    assert len(asked) == 1
    assert len(first) >= portions
    assert all(("from" in one) == (not whole) for one in asked)


def test_point_03_a_list_of_identifiers_finds_what_is_gone_and_what_no_date_brought() -> None:
    items = records(30)
    with OaiServer(items, Behaviour(deleted_record="no")) as server:
        own = oai_source(server, options={"compare_days": 7})
        harvest_now(own)
        gone = items.pop(3).identifier
        items.append(records(1, first=700)[0])
        items[-1].stamp = START - timedelta(days=900)
        run = harvest_now(own)
    assert (run.created, run.deleted) == (1, 1)
    assert gone not in live(own)


# --- 4: the window


def test_point_04_until_is_the_servers_clock_and_the_next_from_overlaps_it() -> None:
    with OaiServer(records(12), Behaviour(local_hours=-30)) as server:  # a clock of its own
        own = oai_source(server)
        before = datetime.now(timezone.utc) - timedelta(hours=30)
        harvest_now(own)
    assert own.oai_since is not None
    overlap = timedelta(hours=48 + 14)  # 14: such a clock is also taken for local time
    assert abs(own.oai_since - (before - overlap)) < timedelta(minutes=1)


def test_point_04_only_a_run_that_came_through_moves_it() -> None:
    with OaiServer(records(45)) as server:
        own = oai_source(server)
        harvest_now(own)
        since = own.oai_since
        server.items.extend(records(30, first=500))
        for item in server.items[45:]:
            item.stamp = datetime.now(timezone.utc)
        server.behaviour.failing = lambda asked: 500 if "resumptionToken" in asked else 0
        assert harvest_now(own).status == RunStatus.FAILED
        assert own.oai_since == since


# --- 5: the checkpoint


def test_point_05_each_written_page_has_its_checkpoint_and_the_harvest_goes_on_there() -> None:
    with OaiServer(records(45), Behaviour(pause=0.02)) as server:
        own = oai_source(server)
        source_probe(own)
        run = run_queue(source=own, actor=SYSTEM)
        seen: list[dict[str, Any]] = []

        def die(run: Run, _: Any) -> None:
            stored = Run.objects.get(pk=run.pk)
            seen.append(stored.checkpoint["oai"])
            assert stored.read == stored.checkpoint["oai"]["received"]
            if len(seen) == 2:
                raise OSError("the worker is gone")

        run_execute(run_id=run.pk, actor=SYSTEM, progress=die)
        assert seen[0]["token"] and seen[0]["token"] != seen[1]["token"]
        Run.objects.filter(pk=run.pk).update(status=RunStatus.RUNNING)
        # The thread that reads ahead may ask for one more page before it hears that the run is over.
        wait_until(lambda: not any(thread.name == ahead.NAME for thread in threading.enumerate()))
        server.requests.clear()
        done = carry_out(run)
        first = next(r for r in server.requests if r["verb"] == "ListRecords")
    assert first["resumptionToken"] == seen[1]["token"]
    assert (done.status, done.read, done.created) == (RunStatus.DONE, 45, 45)


def test_point_05_a_forgotten_token_restarts_the_window_and_changes_nothing_twice() -> None:
    with OaiServer(records(45)) as server:
        own = oai_source(server)
        source_probe(own)
        server.behaviour.expire = 1
        run = harvest_now(own)
    assert (run.status, run.created, run.unchanged) == (RunStatus.DONE, 45, 10)
    assert len(live(own)) == 45


# --- 6: guards


@pytest.mark.parametrize(
    ("behaviour", "limits", "code"),
    [
        ({"endless_token": True, "count": False}, Limits(), "repeated_token"),
        ({"endless_pages": True, "count": False}, Limits(), "repeated_page"),
        ({"wrong_size": 15}, Limits(), "cursor_runaway"),
        ({}, Limits(pages=2), "too_many_pages"),
        ({}, Limits(seconds=-1), "too_long"),
    ],
)
def test_point_06_a_harvest_that_would_never_end_is_ended(
    behaviour: dict[str, Any], limits: Limits, code: str
) -> None:
    with OaiServer(records(200), Behaviour(**behaviour)) as server:
        client = OaiClient(server.url, clock=TestClock())
        with pytest.raises(OaiError) as caught:
            list(harvest(client, Order("marcxml", seconds=True), limits=limits))
    assert caught.value.code == code


# --- 7: HTTP


def test_point_07_a_busy_server_is_waited_for_as_it_asks_and_never_asked_twice_at_once() -> None:
    waited: list[float] = []
    with OaiServer(records(25), Behaviour(busy=2, retry_after="17")) as server:
        client = OaiClient(server.url, clock=Clock(sleep=waited.append, random=lambda: 0.5))
        assert len(list(harvest(client, Order("marcxml", seconds=True)))) == 3
        assert server.most_at_once == 1
    assert waited == [17.0, 17.0]


def test_point_07_packed_answers_are_read_and_detours_and_private_places_refused(settings: Any) -> None:
    with OaiServer(records(25), Behaviour(packed=True)) as server:
        own = oai_source(server)
        assert harvest_now(own).created == 25
        server.behaviour.redirect = "http://elsewhere.example/oai?{query}"
        assert harvest_now(own).message_code == "redirect"
        server.behaviour.redirect = ""
        settings.ALLOW_PRIVATE_ADDRESSES = False
        assert harvest_now(own).message_code == "private_address"


# --- 8: XML


def test_point_08_broken_pages_are_mended_saved_in_parts_or_set_aside_and_the_list_goes_on() -> None:
    broken = {
        2: marcxml(3, "Bumi\x0b man\ufffeusia"),  # mended
        14: "<record><leader>00000</record>",  # the others of its page are saved
        25: '<?xml version="1.0"?>' + marcxml(26, "XX").replace("XX", "Jejak & langkah"),
    }
    notice = b"<br /><b>Notice</b>: Undefined index"
    with OaiServer(records(45), Behaviour(in_record=broken, after=notice)) as server:
        own = oai_source(server)
        run = harvest_now(own)
    assert (run.status, run.read, run.created, run.rejected) == (RunStatus.PARTIAL, 45, 44, 1)
    assert {"illegal_characters", "prolog_inside", "bare_ampersand", "text_after_root"} <= set(run.warnings)
    reject = run.rejects.get()
    assert (reject.identifier, reject.reason_code) == (f"{NAME}15", "broken_xml")
    assert b"00000" in bytes(reject.snippet)


def test_point_08_a_page_of_which_nothing_can_be_read_is_set_aside_and_its_token_followed() -> None:
    with OaiServer(records(45)) as server:
        own = oai_source(server)
        source_probe(own)
        plain = server._answer

        def torn(asked: dict[str, str]) -> bytes:
            body = plain(asked)
            return (
                body.replace(b"record", b"rec<ord")
                if asked.get("resumptionToken", "").endswith("xa")
                else body
            )

        server._answer = torn  # type: ignore[method-assign]
        run = harvest_now(own)
    assert (run.status, run.created, run.rejected) == (RunStatus.PARTIAL, 35, 1)
    assert own.oai_since is None, "the next harvest asks for the page again"


def test_point_08_one_bad_record_stops_nothing_but_too_many_do() -> None:
    bad = dict.fromkeys(range(0, 60, 3), "<x>not MARC</x>")
    with OaiServer(records(60), Behaviour(in_record=bad)) as server:
        own = oai_source(server, max_bad_percent=20, is_snapshot=True)
        run = harvest_now(own)
        assert (run.status, run.message_code) == (RunStatus.FAILED, "too_many_bad")
        own.max_bad_percent = 50
        own.save()
        assert harvest_now(own).status == RunStatus.PARTIAL


# --- 9: deletions


def test_point_09_announced_missing_twice_held_and_decided() -> None:
    items = records(40)
    with OaiServer(items) as server:
        own = oai_source(server, is_snapshot=True, delete_after=2)
        harvest_now(own)
        items[0].deleted = True
        missing = items.pop(5).identifier
        run = harvest_now(own)
        assert (run.deleted, run.deletes_held) == (1, 0), "the announced one"
        assert missing in live(own), "missing once"
        assert harvest_now(own).deleted == 1
        assert missing not in live(own), "missing twice"
        del items[10:30]
        harvest_now(own)
        run = harvest_now(own)
        assert (run.deleted, run.deletes_held) == (0, 20)
        assert len(live(own)) == 38
    done = carry_out(deletes_decide(run=run, take_out=True, actor=SYSTEM))
    assert done.deleted == 20
    assert len(live(own)) == 18
    assert SourceRecord.objects.filter(source=own, deleted_at__isnull=False).count() == 22, "none is erased"


@pytest.mark.parametrize(
    "fault", [{"truncate_always": True}, {"endless_token": True}, {"error": "badArgument"}]
)
def test_point_09_nothing_is_taken_out_after_a_list_that_is_not_whole(fault: dict[str, Any]) -> None:
    items = records(30)
    with OaiServer(items) as server:
        own = oai_source(server, is_snapshot=True)
        harvest_now(own)
        del items[3]
        for name, value in fault.items():
            setattr(server.behaviour, name, value)
        run = harvest_now(own)
    assert (run.status, run.deleted, len(live(own))) == (RunStatus.FAILED, 0, 30)


def test_point_09_a_server_that_says_it_has_nothing_empties_no_catalogue() -> None:
    with OaiServer(records(30)) as server:
        own = oai_source(server, is_snapshot=True)
        harvest_now(own)
        server.items = []
        run = harvest_now(own)
    assert (run.deleted, run.deletes_held, len(live(own))) == (0, 0, 30)


# --- 10: other numbers


def test_point_10_a_library_that_moved_keeps_its_editions(django_capture_on_commit_callbacks: Any) -> None:
    items = records(40)
    with OaiServer(items) as server:
        own = oai_source(server, is_snapshot=True)
        harvest_now(own)
        before = {r.draft["title"]: (r.pk, r.edition_id) for r in SourceRecord.objects.filter(source=own)}
        for number, item in enumerate(items):
            item.identifier = f"koha:{7000 + number}"
        with django_capture_on_commit_callbacks(execute=True):
            run = harvest_now(own)
    run.refresh_from_db()
    assert run.deletes_held == 40
    assert run.checkpoint["twins"]["pairs"] == 40
    done = carry_out(rekey.rekey_start(source=own, actor=SYSTEM))
    assert done.status == RunStatus.DONE
    records_now = SourceRecord.objects.filter(source=own, deleted_at=None)
    assert {r.draft["title"]: (r.pk, r.edition_id) for r in records_now} == before
    assert all(r.identifier.startswith("koha:") for r in records_now)


# --- 11: partial failure


def test_point_11_a_run_tells_what_failed_and_rejected_records_are_tried_again() -> None:
    broken = "<record><leader>00000</record>"
    with OaiServer(records(25), Behaviour(in_record={4: broken})) as server:
        own = oai_source(server)
        run = harvest_now(own)
    assert (run.status, run.rejected) == (RunStatus.PARTIAL, 1)
    reject = run.rejects.get()
    assert (reject.identifier, bool(reject.reason), bool(reject.snippet)) == (f"{NAME}5", True, True)
    kept = zlib.decompress(bytes(reject.raw or b""))
    assert broken.encode() in kept, "the whole of it"
    mended = kept.replace(broken.encode(), marcxml(5, "Bumi manusia").encode())  # as if reading had learnt it
    RejectedRecord.objects.filter(pk=reject.pk).update(raw=zlib.compress(mended))
    again = carry_out(run_retry(source=own, actor=SYSTEM))
    assert (again.kind, again.created) == (RunKind.RETRY, 1)
    reject.refresh_from_db()
    assert reject.resolved_at is not None
    assert f"{NAME}5" in live(own)


def test_point_11_a_run_can_be_paused_and_goes_on_where_it_was() -> None:
    with OaiServer(records(45), Behaviour(pause=0.02)) as server:
        own = oai_source(server)
        source_probe(own)
        run = run_queue(source=own, actor=SYSTEM)
        run_execute(run_id=run.pk, actor=SYSTEM, progress=lambda run, _: run_pause(run=run, actor=SYSTEM))
        run.refresh_from_db()
        assert run.status == RunStatus.PAUSED
        assert 0 < run.read < 45
        run_resume(run=run, actor=SYSTEM)
        done = carry_out(run)
    assert (done.status, done.created, done.read) == (RunStatus.DONE, 45, 45)


# --- 12: reconciliation


def test_point_12_what_the_server_says_it_has_is_held_against_what_is_stored() -> None:
    with OaiServer(records(40), Behaviour(deleted_record="no")) as server:
        own = oai_source(server)
        harvest_now(own)
        assert (own.told_count, own.record_count) == (40, 40)
        assert "told" not in {alarm.code for alarm in health_of(own).alarms}
        server.items.extend(records(30, first=900))
        source_probe(own)
    alarm = next(alarm for alarm in health_of(own).alarms if alarm.code == "told")
    assert alarm.values == {"told": 70, "stored": 40}


def test_point_12_no_new_data_for_days_raises_an_alarm() -> None:
    with OaiServer(records(10)) as server:
        own = oai_source(server, interval_hours=24)
        harvest_now(own)
    old = django_timezone.now() - timedelta(days=20)
    Run.objects.filter(source=own).update(finished_at=old)
    assert "late" in {alarm.code for alarm in health_of(own).alarms}


# --- 13: streams


def test_point_13_a_full_file_lands_beside_is_compared_switched_and_brought_back(tmp_path: Path) -> None:
    old = [marc(f"b{n}", f"Judul nomor {n} kota", year=1990) for n in range(20)]
    own = source(is_snapshot=True)
    load(own, write(tmp_path, *old))
    before = state()
    new = b"".join([*old[2:], marc("b30", "Sang pemula", year=2001)])
    stream = streams.stream_upload(source=own, upload=SimpleUploadedFile("baru.mrc", new), actor=SYSTEM)
    assert stream.run is not None
    carry_out(stream.run)
    assert state() == before, "nothing has changed yet"
    stream.refresh_from_db()
    assert carry_out(streams.stream_switch(stream=stream, actor=SYSTEM)).status == RunStatus.DONE
    assert live(own) == {f"b{n}" for n in range(2, 20)} | {"b30"}
    back = own.streams.exclude(pk=stream.pk).get()
    assert carry_out(streams.stream_switch(stream=back, actor=SYSTEM)).status == RunStatus.DONE
    assert live(own) == {f"b{n}" for n in range(20)}


# --- 14: night and turns


def test_point_14_a_source_is_fetched_in_the_night_of_its_own_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    hours = {"night_from": time(22), "night_until": time(4)}
    bandung = source(library("JKT", time_zone="Asia/Jakarta"), **hours)
    ambon = source(library("AMB", time_zone="Asia/Jayapura"), **hours)
    dusk = datetime(2024, 6, 1, 13, 30, tzinfo=timezone.utc)  # 20:30 in the west, 22:30 in the east
    assert (nights.is_open(bandung, dusk), nights.is_open(ambon, dusk)) == (False, True)
    with OaiServer(records(5)) as server:
        own = oai_source(server, of=bandung.library, **hours)
        run = run_queue(source=own, actor=SYSTEM)
        for module in (schedule, turns):
            monkeypatch.setattr(module.timezone, "now", lambda: dusk)
        assert run_execute(run_id=run.pk, actor=SYSTEM) is None
    run.refresh_from_db()
    assert (run.status, run.not_before) == (RunStatus.QUEUED, nights.next_opening(bandung, dusk))


def test_point_14_a_huge_source_gives_its_worker_away_where_others_wait(settings: Any) -> None:
    settings.HARVEST_SLICE_SECONDS = 0
    with OaiServer(records(45), Behaviour(pause=0.02)) as server:
        huge = run_queue(source=oai_source(server), actor=SYSTEM)
        other = run_queue(source=oai_source(server), actor=SYSTEM)
        run_execute(run_id=huge.pk, actor=SYSTEM)
        huge.refresh_from_db()
        assert huge.status == RunStatus.QUEUED
        assert 0 < huge.read < 45
        Run.objects.filter(pk=other.pk).delete()
        done = carry_out(huge)
    assert (done.status, done.created) == (RunStatus.DONE, 45)


def test_point_14_a_round_is_skipped_where_the_last_one_still_runs() -> None:
    own = source(kind="oai_pmh", url="http://127.0.0.1:1/oai", interval_hours=24)
    Source.objects.filter(pk=own.pk).update(next_due_at=django_timezone.now())
    run_queue(source=own, actor=SYSTEM)
    dispatch(actor=SYSTEM)
    assert Run.objects.filter(source=own).count() == 1


# --- 15: character sets


def test_point_15_texts_are_put_right_and_the_original_bytes_kept() -> None:
    twice = "Pérak".encode().decode("latin-1")
    entity = "Caf&amp;eacute;"
    apart = "Kale\u0301idoskop"  # a letter and its accent by themselves
    items = records(3)
    for item, title in zip(items, (twice, apart), strict=False):
        item.metadata = marcxml(1, title)
    items[2].metadata = marcxml(3, "XX").replace("XX", entity)
    with OaiServer(items) as server:
        own = oai_source(server)
        harvest_now(own)
    titles = {r.identifier: r.draft["title"] for r in SourceRecord.objects.filter(source=own)}
    assert list(titles.values()) == ["Pérak", "Kaléidoskop", "Café"]
    kept = zlib.decompress(bytes(SourceRecord.objects.get(source=own, identifier=items[0].identifier).raw))
    assert twice.encode() in kept


def test_point_15_a_leader_that_lies_about_its_character_set_is_found_out(tmp_path: Path) -> None:
    title = "Perpustakaan Kaléidoskop"
    says_marc8 = bytearray(marc("1", title, year=1990))
    assert says_marc8[9:10] == b"a"
    says_marc8[9:10] = b" "
    own = source()
    load(own, write(tmp_path, bytes(says_marc8)))
    record = SourceRecord.objects.get(source=own)
    assert record.draft["title"] == title
    assert last_run(own).warnings
    assert zlib.decompress(bytes(record.raw)).rstrip(b"\x1d") == bytes(says_marc8).rstrip(b"\x1d")
