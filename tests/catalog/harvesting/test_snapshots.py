"""A snapshot is the whole catalogue: what it lacks goes, but never in a rush."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.choices import RunKind, RunStatus
from catalog.harvesting import gone
from catalog.harvesting.errors import RunFailed
from catalog.models import Edition, GoneRecord, Run, SeenRecord, Source, SourceRecord
from catalog.presenters.marc import marc_views
from catalog.services.runs import deletes_decide, run_execute
from network_portal.core.errors import RuleViolation
from tests.catalog.building import SYSTEM, last_run, load, marc, source, write

pytestmark = pytest.mark.django_db


def records(*numbers: int) -> list[bytes]:
    return [marc(str(n), f"Judul nomor {n} kota", year=1990) for n in numbers]


def decided(run: Run, *, take_out: bool) -> Run:
    work = run_execute(run_id=deletes_decide(run=run, take_out=take_out, actor=SYSTEM).pk, actor=SYSTEM)
    assert work is not None
    return work


@pytest.fixture
def own(tmp_path: Path) -> Source:
    made = source(is_snapshot=True)
    load(made, write(tmp_path, *records(*range(40))))
    return made


def test_what_a_complete_new_file_lacks_is_taken_out(own: Source, tmp_path: Path) -> None:
    result = load(own, write(tmp_path, *records(*range(2, 40))))
    assert (result.unchanged, result.deleted) == (38, 2)
    assert Edition.objects.filter(library_count=0).count() == 2
    assert not SeenRecord.objects.exists()


def test_more_than_a_tenth_waits_for_a_word(own: Source, tmp_path: Path) -> None:
    result = load(own, write(tmp_path, *records(*range(20))))
    run = last_run(own)
    assert (result.deleted, run.deletes_held, run.message_code, run.status) == (
        0,
        20,
        "deletes_held",
        RunStatus.PARTIAL,
    )
    assert SourceRecord.objects.filter(deleted_at=None).count() == 40
    work = decided(run, take_out=True)
    assert (work.kind, work.status, work.read, work.deleted) == (RunKind.DELETES, RunStatus.DONE, 20, 20)
    assert SourceRecord.objects.filter(deleted_at=None).count() == 20
    assert set(SourceRecord.objects.exclude(deleted_at=None).values_list("last_run_id", flat=True)) == {
        work.pk
    }
    run.refresh_from_db()
    assert (run.status, run.deletes_held, run.message_code) == (RunStatus.DONE, 0, "")
    assert not GoneRecord.objects.exists()


def test_held_records_can_be_kept(own: Source, tmp_path: Path) -> None:
    load(own, write(tmp_path, *records(*range(20))))
    run = last_run(own)
    work = decided(run, take_out=False)
    assert (work.deleted, work.unchanged) == (0, 20)
    assert SourceRecord.objects.filter(deleted_at=None, missed=0).count() == 40
    with pytest.raises(RuleViolation):
        deletes_decide(run=run, take_out=True, actor=SYSTEM)


def test_a_newer_complete_list_answers_the_old_question(own: Source, tmp_path: Path) -> None:
    load(own, write(tmp_path, *records(*range(20))))
    old = last_run(own)
    load(own, write(tmp_path, *records(*range(40))))
    with pytest.raises(RuleViolation):
        deletes_decide(run=old, take_out=True, actor=SYSTEM)
    assert SourceRecord.objects.filter(deleted_at=None, missed=0).count() == 40
    assert last_run(own).deletes_held == 0


def test_a_newer_run_that_came_to_nothing_goes_on_asking(own: Source, tmp_path: Path) -> None:
    load(own, write(tmp_path, *records(*range(20))))
    old, empty = last_run(own), tmp_path / "empty.mrc"
    empty.write_bytes(b"")
    with pytest.raises(RunFailed):
        load(own, empty)
    run = last_run(own)
    assert (run.status, run.message_code, run.deletes_held) == (RunStatus.FAILED, "empty", 20)
    old.refresh_from_db()
    assert old.deletes_held == 0
    assert decided(run, take_out=True).deleted == 20


def test_a_file_that_was_cut_off_takes_nothing_out(own: Source, tmp_path: Path) -> None:
    path = write(tmp_path, *records(*range(39)))
    path.write_bytes(path.read_bytes()[:-40])
    result = load(own, path)
    assert (result.deleted, last_run(own).message_code) == (0, "cut_short")


def test_several_files_together_are_the_snapshot(own: Source, tmp_path: Path) -> None:
    one = write(tmp_path, *records(*range(20)), name="one.mrc")
    two = write(tmp_path, *records(*range(20, 38)), name="two.mrc")
    assert load(own, one, two).unchanged == 38
    assert SourceRecord.objects.filter(deleted_at=None).count() == 38


def test_a_worker_killed_after_the_marks_were_dropped_takes_out_nothing_more(
    own: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lowest record is missing: to whoever looks again without the marks, every later one would be, too."""

    def killed(run: Run) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(gone, "take_out_batch", killed)
        with pytest.raises(KeyboardInterrupt):
            load(own, write(tmp_path, *records(*range(1, 40))))
    run = last_run(own)
    assert run.is_live and not SeenRecord.objects.exists()
    run_execute(run_id=run.pk, actor=SYSTEM, trusted=True)
    gone_names = SourceRecord.objects.exclude(deleted_at=None).values_list("identifier", flat=True)
    assert list(gone_names) == ["0"]
    assert not SourceRecord.objects.filter(missed__gt=0).exists()


def test_a_record_tells_when_its_source_was_last_known_to_have_it(own: Source, tmp_path: Path) -> None:
    own.delete_after = 2
    own.save(update_fields=["delete_after"])
    first = last_run(own)
    load(own, write(tmp_path, *records(*range(1, 40))))
    kept, lacked = (
        marc_views(Edition.objects.get(records__source=own, records__identifier=name))[0] for name in "10"
    )
    assert kept.record.changed_at < kept.seen_at == last_run(own).finished_at
    assert first.finished_at is not None
    assert lacked.seen_at == lacked.record.changed_at < first.finished_at
