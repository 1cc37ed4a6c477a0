"""Announced deletions: collected with their page, dealt with at the end, held where too many would go; two strikes."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import OperationalError

from catalog.choices import RunKind, RunStatus, SourceKind
from catalog.harvesting import gone, sweep
from catalog.harvesting.intake import Intake, Sent
from catalog.harvesting.kinds import KINDS
from catalog.models import GoneRecord, Holding, Run, SeenRecord, Source, SourceRecord
from catalog.presenters.run import RunView
from catalog.selectors.runs import held_of
from catalog.services.runs import deletes_decide, run_execute, run_queue, run_stop
from network_portal.core.errors import Conflict
from tests.catalog.building import SYSTEM, last_run, load, marc, source, state, write

pytestmark = pytest.mark.django_db


def record(number: int, status: str = "n") -> bytes:
    return marc(str(number), f"Judul nomor {number} kota", year=1990, status=status)


def records(*numbers: int, status: str = "n") -> list[bytes]:
    return [record(n, status) for n in numbers]


def live(own: Source) -> set[int]:
    return {int(name) for name in own.records.filter(deleted_at=None).values_list("identifier", flat=True)}


@pytest.fixture
def own(tmp_path: Path) -> Source:
    made = source()
    load(made, write(tmp_path, *records(*range(100))))
    return made


@pytest.fixture
def whole(tmp_path: Path) -> Source:
    """Each file is the whole catalogue; what one lacks goes with the second that lacks it."""
    made = source(is_snapshot=True, delete_after=2)
    load(made, write(tmp_path, *records(*range(100))))
    return made


def test_announced_deletions_are_carried_out_at_the_end_of_the_run(own: Source, tmp_path: Path) -> None:
    result = load(
        own, write(tmp_path, *records(1, 2, 3, status="d"), *records(1, 2, 3, status="d"), record(200))
    )
    run = last_run(own)
    assert (result.read, result.created, result.deleted, run.status) == (7, 1, 3, RunStatus.DONE)
    assert live(own) == set(range(100)) - {1, 2, 3} | {200}
    assert not GoneRecord.objects.exists()
    taken = SourceRecord.objects.get(source=own, identifier="1")
    assert taken.last_run_id == run.pk
    assert not Holding.objects.filter(record=taken).exists()


def test_a_record_that_the_same_run_meets_alive_later_stays(own: Source, tmp_path: Path) -> None:
    before = state()
    result = load(own, write(tmp_path, *records(1, 2, status="d"), *records(1, 2)))
    # On one page the later entry counts.
    assert (result.deleted, result.unchanged) == (0, 4)
    run = Run.objects.create(source=own, status=RunStatus.RUNNING)
    intake = Intake(run)
    intake.write([Sent("1", deleted=True), Sent("2", deleted=True)])
    assert GoneRecord.objects.count() == 2
    intake.write([Sent("1", record(1)[:-1], "iso2709"), Sent("2", marc("2", "")[:-1], "iso2709")])
    # Met, though one of them could not be read.
    assert not GoneRecord.objects.exists()
    assert state()["records"] == before["records"]


def test_more_than_a_tenth_or_a_thousand_wait_and_a_few_never_do(
    own: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert load(own, write(tmp_path, *records(*range(10), status="d"))).deleted == 10
    assert load(own, write(tmp_path, *records(*range(10, 20), status="d"))).deleted == 0
    assert (last_run(own).deletes_held, last_run(own).message_code) == (10, "deletes_held")
    small = source()
    load(small, write(tmp_path, *records(*range(12))))
    assert load(small, write(tmp_path, *records(*range(9), status="d"))).deleted == 9
    monkeypatch.setattr(sweep, "MAX_COUNT", 1)
    assert load(small, write(tmp_path, *records(9, 10, status="d"))).deleted == 0


def test_what_is_held_is_told_with_examples_and_why(whole: Source, tmp_path: Path) -> None:
    for _ in range(2):
        load(whole, write(tmp_path, *records(*range(30, 100)), *records(20, 21, status="d")))
    run = last_run(whole)
    held = held_of(run)
    # The two were announced twice: with the first list they went at once.
    assert (run.deletes_held, held.total, held.announced, held.missing, held.live) == (28, 28, 0, 28, 98)
    assert (held.percent, len(held.examples)) == (29, 10)
    assert (held.examples[0].title, held.examples[0].missing) == ("Judul nomor 0 kota", True)


def test_the_question_goes_on_to_the_next_run_and_grows(own: Source, tmp_path: Path) -> None:
    load(own, write(tmp_path, *records(*range(20), status="d")))
    first = last_run(own)
    load(own, write(tmp_path, *records(0, 1), *records(20, status="d")))
    first.refresh_from_db()
    second = last_run(own)
    assert (first.deletes_held, second.deletes_held, second.deleted) == (0, 19, 0)
    work = run_execute(run_id=deletes_decide(run=second, take_out=True, actor=SYSTEM).pk, actor=SYSTEM)
    assert work is not None
    assert live(own) == set(range(100)) - set(range(2, 21))
    second.refresh_from_db()
    assert second.checkpoint["decided_in"] == work.pk


def test_an_answer_is_to_one_question_alone(own: Source, tmp_path: Path) -> None:
    load(own, write(tmp_path, *records(*range(20), status="d")))
    first = last_run(own)
    other = Run.objects.create(source=own, kind=RunKind.RENORMALISE, status=RunStatus.PARTIAL, deletes_held=1)
    GoneRecord.objects.create(run_id=other.pk, record_id=own.records.get(identifier="50").pk)
    work = run_execute(run_id=deletes_decide(run=other, take_out=True, actor=SYSTEM).pk, actor=SYSTEM)
    assert work is not None
    assert live(own) == set(range(100)) - {50}
    first.refresh_from_db()
    assert first.deletes_held == 20
    # The next list takes both kinds of questions over.
    load(own, write(tmp_path, record(0)))
    assert last_run(own).deletes_held == 19


def test_a_decision_that_was_stopped_before_it_began_asks_again(own: Source, tmp_path: Path) -> None:
    load(own, write(tmp_path, *records(*range(20), status="d")))
    work = deletes_decide(run=last_run(own), take_out=True, actor=SYSTEM)
    run_stop(run=work, actor=SYSTEM)
    work.refresh_from_db()
    assert (work.status, work.deletes_held, len(live(own))) == (RunStatus.STOPPED, 20, 100)
    again = run_execute(run_id=deletes_decide(run=work, take_out=True, actor=SYSTEM).pk, actor=SYSTEM)
    assert again is not None
    assert again.deleted == 20


def test_a_decision_waits_until_the_source_is_not_being_loaded(own: Source, tmp_path: Path) -> None:
    load(own, write(tmp_path, *records(*range(20), status="d")))
    run = last_run(own)
    run_queue(source=own, actor=SYSTEM)
    with pytest.raises(Conflict):
        deletes_decide(run=run, take_out=True, actor=SYSTEM)
    run.refresh_from_db()
    assert run.deletes_held == 20


def test_a_decision_that_was_stopped_asks_for_the_rest_and_one_that_was_killed_goes_on(
    own: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gone, "BATCH", 7)
    load(own, write(tmp_path, *records(*range(20), status="d")))
    work = deletes_decide(run=last_run(own), take_out=True, actor=SYSTEM)

    def die(*_: object) -> None:
        raise OperationalError("server went away")

    with pytest.raises(Exception, match="went away"):
        run_execute(run_id=work.pk, actor=SYSTEM, progress=die)
    assert len(live(own)) == 93
    done = run_execute(run_id=work.pk, actor=SYSTEM, progress=lambda run, _: run_stop(run=run, actor=SYSTEM))
    assert done is not None
    assert (done.status, done.deleted, done.read, done.deletes_held) == (RunStatus.STOPPED, 14, 14, 6)
    assert RunView(done).percent_done == 70
    last = run_execute(run_id=deletes_decide(run=done, take_out=True, actor=SYSTEM).pk, actor=SYSTEM)
    assert last is not None
    assert (last.status, last.deleted, len(live(own))) == (RunStatus.DONE, 6, 80)


def test_what_was_announced_goes_after_an_incomplete_run_and_what_is_missing_never_does(
    tmp_path: Path,
) -> None:
    own = source(is_snapshot=True)
    load(own, write(tmp_path, *records(*range(50))))
    path = write(tmp_path, record(1, "d"), *records(*range(2, 45)))
    path.write_bytes(path.read_bytes()[:-30])
    result = load(own, path)
    assert (result.deleted, last_run(own).message_code, last_run(own).deletes_held) == (1, "cut_short", 0)
    assert live(own) == set(range(50)) - {1}
    assert not SourceRecord.objects.filter(missed__gt=0).exists()
    assert not SeenRecord.objects.exists()


def test_a_stopped_run_carries_out_what_was_announced_till_then(own: Source, tmp_path: Path) -> None:
    run = run_queue(source=own, actor=SYSTEM, stored_path=str(write(tmp_path, *records(1, 2, status="d"))))
    done = run_execute(
        run_id=run.pk, actor=SYSTEM, trusted=True, progress=lambda run, _: run_stop(run=run, actor=SYSTEM)
    )
    assert done is not None
    assert (done.status, done.deleted) == (RunStatus.STOPPED, 2)


def test_held_missing_records_do_not_go_with_a_later_run_that_is_not_complete(tmp_path: Path) -> None:
    own = source(is_snapshot=True)
    load(own, write(tmp_path, *records(*range(40))))
    load(own, write(tmp_path, *records(*range(20))))
    path = write(tmp_path, *records(*range(20, 35)))
    path.write_bytes(path.read_bytes()[:-30])
    load(own, path)
    run = last_run(own)
    # Those it met are let off; the few that are left still wait, since this list says nothing about them.
    assert (run.deleted, run.deletes_held, len(live(own))) == (0, 6, 40)


def test_a_record_goes_only_with_the_second_list_that_lacks_it(whole: Source, tmp_path: Path) -> None:
    changed = {r.pk: r.changed_at for r in SourceRecord.objects.all()}
    shorter = write(tmp_path, *records(*range(3, 100)), name="shorter.mrc")
    result = load(whole, shorter)
    run = last_run(whole)
    assert (result.deleted, run.deletes_held, run.status, sweep.first_missing(run)) == (
        0, 0, RunStatus.DONE, (3, 2),
    )  # fmt: skip
    assert set(SourceRecord.objects.filter(missed=1).values_list("identifier", flat=True)) == {"0", "1", "2"}
    assert "3 " in RunView(run).first_missing
    # One of them is back; unchanged records are not written for it.
    load(whole, write(tmp_path, *records(1, *range(3, 100))))
    assert live(whole) == {1, *range(3, 100)}
    assert not SourceRecord.objects.filter(missed__gt=0).exists()
    assert {r.pk: r.changed_at for r in SourceRecord.objects.all()} == changed
    load(whole, shorter)
    assert 1 in live(whole)


def test_a_worker_killed_between_strikes_counts_no_list_twice(
    whole: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gone, "BATCH", 2)
    path = write(tmp_path, *records(*range(5, 100)), name="shorter.mrc")
    run = run_queue(source=whole, actor=SYSTEM, stored_path=str(path))
    collect = gone.GoneList.collect

    def die(self: gone.GoneList, *args: object) -> None:
        if SourceRecord.objects.filter(missed=1).count() >= 4:
            raise OperationalError("server went away")

    monkeypatch.setattr(gone.GoneList, "collect", die)
    with pytest.raises(Exception, match="went away"):
        run_execute(run_id=run.pk, actor=SYSTEM, trusted=True)
    monkeypatch.setattr(gone.GoneList, "collect", collect)
    done = run_execute(run_id=run.pk, actor=SYSTEM, trusted=True)
    assert done is not None
    assert (done.status, sweep.first_missing(done)[0]) == (RunStatus.DONE, 5)
    assert SourceRecord.objects.filter(missed=1).count() == 5
    assert not SourceRecord.objects.filter(missed__gt=1).exists()


def test_servers_begin_with_two_strikes_and_files_with_one() -> None:
    assert KINDS[SourceKind.OAI_PMH].delete_after == KINDS[SourceKind.SRU].delete_after == 2
    assert KINDS[SourceKind.UPLOAD].delete_after == KINDS[SourceKind.FOLDER].delete_after == 1


def test_a_rejected_record_is_not_missing(tmp_path: Path) -> None:
    own = source(is_snapshot=True)
    load(own, write(tmp_path, *records(*range(50))))
    result = load(own, write(tmp_path, *records(*range(45)), *(marc(str(n), "") for n in range(45, 50))))
    assert (result.rejected, result.deleted, len(live(own))) == (5, 0, 50)
    assert not SourceRecord.objects.filter(missed__gt=0).exists()


def test_rejected_records_without_a_name_may_be_the_missing_ones(tmp_path: Path) -> None:
    own = source(is_snapshot=True)
    load(own, write(tmp_path, *records(*range(50))))
    broken = b"00026nam a2200025 i 4500no\x1d"
    load(own, write(tmp_path, *records(*range(49)), broken))
    run = last_run(own)
    assert (run.deleted, run.deletes_held) == (0, 1)


def test_each_record_can_be_traced_to_the_run_that_brought_changed_or_took_it(
    own: Source, tmp_path: Path
) -> None:
    first = last_run(own)
    load(
        own,
        write(
            tmp_path,
            *records(*range(50)),
            marc("1", "Judul yang lain", year=1990),
            record(2, "d"),
            record(500),
        ),
    )
    second = last_run(own)
    brought = dict(own.records.values_list("identifier", "last_run_id"))
    assert {name for name, run in brought.items() if run == second.pk} == {"1", "2", "500"}
    assert {run for name, run in brought.items() if name not in ("1", "2", "500")} == {first.pk}
    rows = {r.identifier: r for r in own.records.all()}
    assert rows["1"].first_seen_at < rows["1"].changed_at
    assert rows["500"].first_seen_at == rows["500"].changed_at
    with pytest.raises(Exception, match="record_key"):
        SourceRecord.objects.filter(identifier="1").update(identifier="3")


def test_a_switch_to_another_full_file_answers_what_was_asked_before(own: Source, tmp_path: Path) -> None:
    load(own, write(tmp_path, *records(*range(20), status="d")))
    asked = last_run(own)
    switch = Run.objects.create(source=own, kind=RunKind.SWITCH)
    gone.take_over(switch)
    asked.refresh_from_db()
    assert (asked.deletes_held, GoneRecord.objects.count()) == (0, 0)
