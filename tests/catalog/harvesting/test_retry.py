"""Rejected records tried again from their originals: mended, never older than what is stored, once by themselves."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from catalog.choices import RunKind, RunStatus, SourceKind
from catalog.harvesting import retry
from catalog.harvesting.intake import Intake, Lost, Sent
from catalog.models import RejectedRecord, Run, Source, SourceRecord
from catalog.services.retry import retry_if_due, run_retry
from catalog.services.runs import run_execute
from catalog.services.sources import source_save
from network_portal.core.errors import RuleViolation
from tests.catalog.building import SYSTEM, last_run, load, marc, source, write

pytestmark = pytest.mark.django_db
GOOD = marc("7", "Bumi manusia", year=1980)
RECORD = (
    "<record><header><identifier>oai:x:{n}</identifier><datestamp>2024-01-01</datestamp></header><metadata>"
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<dc:title>Judul {n}</dc:title></oai_dc:dc></metadata></record>"
)


def rejected(
    own: Source, raw: bytes, *, identifier: str = "7", kind: str = "iso2709", code: str = "no_title"
) -> RejectedRecord:
    """A record that an earlier version of the portal could not read."""
    run = Run.objects.create(source=own, status=RunStatus.PARTIAL, rejected=1)
    return RejectedRecord.objects.create(
        run=run, position=1, identifier=identifier, reason_code=code, reason="x", raw=zlib.compress(raw),
        raw_format=kind,
    )  # fmt: skip


def tried(run: Run) -> Run:
    done = run_execute(run_id=run.pk, actor=SYSTEM)
    assert done is not None
    return done


def test_what_can_be_read_by_now_is_taken_in_and_marked_as_mended() -> None:
    own = source()
    good, bad = rejected(own, GOOD), rejected(own, marc("8", ""), identifier="8")
    run = tried(run_retry(source=own, actor=SYSTEM))
    assert (run.kind, run.status, run.read, run.created, run.rejected) == (
        RunKind.RETRY, RunStatus.PARTIAL, 2, 1, 1,
    )  # fmt: skip
    assert SourceRecord.objects.get(source=own).draft["title"] == "Bumi manusia"
    good.refresh_from_db()
    bad.refresh_from_db()
    assert good.resolved_at is not None
    assert bad.resolved_at is None
    assert not run.rejects.exists()


def test_only_the_rejected_records_of_one_run_can_be_tried() -> None:
    own = source()
    rejected(own, GOOD)
    other = rejected(own, marc("9", "Jejak langkah"), identifier="9")
    tried(run_retry(source=own, actor=SYSTEM, of=other.run))
    assert list(SourceRecord.objects.values_list("identifier", flat=True)) == ["9"]


def test_a_newer_version_that_came_since_is_not_overwritten(tmp_path: Path) -> None:
    own = source()
    old = rejected(own, GOOD, identifier="")
    load(own, write(tmp_path, marc("7", "Bumi manusia: edisi baru", year=2005)))
    run = tried(run_retry(source=own, actor=SYSTEM))
    assert (run.created, run.updated) == (0, 0)
    assert SourceRecord.objects.get().draft["year"] == 2005
    old.refresh_from_db()
    assert old.resolved_at is not None


def test_a_record_that_the_source_sends_again_in_good_form_is_mended(tmp_path: Path) -> None:
    own = source()
    load(own, write(tmp_path, marc("1", "Jejak langkah"), marc("7", "")))
    reject = RejectedRecord.objects.get()
    assert zlib.decompress(bytes(reject.raw or b"")) == marc("7", "").rstrip(b"\x1d")
    load(own, write(tmp_path, GOOD))
    reject.refresh_from_db()
    assert reject.resolved_at is not None
    with pytest.raises(RuleViolation):
        run_retry(source=own, actor=SYSTEM)


def test_a_page_of_a_server_that_was_set_aside_goes_through_salvage_again() -> None:
    own = source(kind=SourceKind.OAI_PMH, url="https://example.org/oai")
    page = f"<OAI-PMH><ListRecords>{RECORD.format(n=1)}{RECORD.format(n=2)}</ListRecords></OAI-PMH>"
    reject = rejected(own, page.encode(), identifier="", kind="", code="unreadable")
    single = rejected(own, RECORD.format(n=3).encode(), identifier="oai:x:3", kind="", code="broken_xml")
    run = tried(run_retry(source=own, actor=SYSTEM))
    assert (run.status, run.read, run.created) == (RunStatus.DONE, 3, 3)
    assert set(SourceRecord.objects.values_list("identifier", flat=True)) == {"oai:x:1", "oai:x:2", "oai:x:3"}
    for one in (reject, single):
        one.refresh_from_db()
        assert one.resolved_at is not None


def test_an_intake_keeps_the_whole_original_of_what_it_refuses() -> None:
    own = source(kind=SourceKind.SRU, url="https://example.org/sru")
    run = Run.objects.create(source=own, status=RunStatus.RUNNING)
    long = b"<record>" + b"x" * 2000
    Intake(run).write([Sent("a", long)], lost=[Lost("b", "broken_xml", "x", long)])
    for reject in RejectedRecord.objects.all():
        assert zlib.decompress(bytes(reject.raw or b"")) == long
        assert len(bytes(reject.snippet)) == 300


def test_a_file_keeps_the_originals_too_and_never_takes_half_a_record_for_a_whole_one(tmp_path: Path) -> None:
    own, cut = source(), marc("9", "Rumah kaca", call="A")[:-25]
    directory = b"00026nam a2200025 i 4500no"
    load(own, write(tmp_path, marc("1", "Jejak langkah"), directory + b"\x1d", cut))
    kept = {r.reason_code: zlib.decompress(bytes(r.raw or b"")) for r in RejectedRecord.objects.all()}
    assert kept == {"no_directory": directory, "truncated": cut}
    run = tried(run_retry(source=own, actor=SYSTEM))
    assert (run.read, run.created, run.rejected) == (1, 0, 1)


def test_a_retry_goes_on_behind_the_page_it_had_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "PAGE_RECORDS", 1)
    own = source()
    for n in range(3):
        rejected(own, marc(f"{n}", f"Judul {n}"), identifier=f"{n}")
    run = run_retry(source=own, actor=SYSTEM)

    def die(*_: object) -> None:
        raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        retry.retry_into_catalogue(_running(run), progress=die)
    done = tried(run)
    assert (done.read, done.created, done.resumed) == (3, 3, 1)


def _running(run: Run) -> Run:
    Run.objects.filter(pk=run.pk).update(status=RunStatus.RUNNING)
    return Run.objects.get(pk=run.pk)


def test_rejected_records_are_tried_once_by_themselves_when_the_settings_have_changed(tmp_path: Path) -> None:
    own = source()
    load(own, write(tmp_path, marc("7", ""), marc("1", "Jejak langkah")))
    assert retry_if_due(source=own, actor=SYSTEM) is None, "nothing has changed since"
    own.rules = [{"do": "set_format", "to": "map"}]
    own.save()
    run = retry_if_due(source=own, actor=SYSTEM)
    assert run is not None
    assert retry_if_due(source=own, actor=SYSTEM) is None, "one is on its way"
    assert tried(run).rejected == 1
    assert retry_if_due(source=own, actor=SYSTEM) is None, "once is enough"


def test_another_character_set_of_last_resort_gives_rejected_records_another_chance(tmp_path: Path) -> None:
    own = source()
    load(own, write(tmp_path, marc("7", ""), marc("1", "Jejak langkah")))
    source_save(source=own, library=own.library, values={"name": "Koha"}, actor=SYSTEM)
    assert last_run(own).kind == RunKind.HARVEST
    source_save(source=own, library=own.library, values={"fallback_encoding": "koi8-r"}, actor=SYSTEM)
    assert last_run(own).kind == RunKind.RETRY


@pytest.mark.django_db(transaction=True)
def test_the_end_of_a_run_sends_rejected_records_on_their_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[int] = []
    monkeypatch.setattr("catalog.services.retry.run_send", sent.append)
    own = source()
    rejected(own, GOOD)
    load(own, write(tmp_path, marc("1", "Jejak langkah")))
    run = last_run(own)
    assert (run.kind, run.status, sent) == (RunKind.RETRY, RunStatus.QUEUED, [run.pk])


def test_after_a_complete_list_older_originals_are_let_go(tmp_path: Path) -> None:
    own = source(is_snapshot=True)
    load(own, write(tmp_path, marc("1", "Jejak langkah"), marc("7", "")))
    load(own, write(tmp_path, marc("1", "Jejak langkah"), marc("7", "")))
    first, second = RejectedRecord.objects.order_by("run_id")
    assert first.raw is None
    assert second.raw is not None
