"""A watched folder: what is complete is read once, in order, and put away; whatever happens in between."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from catalog.choices import RunStatus, SourceKind
from catalog.harvesting import folder
from catalog.harvesting.folder import FolderOptions, has_news, waiting_files
from catalog.harvesting.tables import forget_waiting, waiting_table
from catalog.models import Run, Source, SourceRecord
from catalog.services.columns import columns_save, mapping_proposed
from catalog.services.runs import run_execute, run_queue
from catalog.services.schedule import dispatch
from catalog.services.sources import source_start
from network_portal.core.errors import RuleViolation
from tests.catalog.building import SYSTEM, marc, source, write

pytestmark = pytest.mark.django_db
NOW = {"quiet_minutes": 0}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    made = tmp_path / "incoming"
    made.mkdir()
    return made


def watched(place: Path, **values: Any) -> Source:
    return source(kind=SourceKind.FOLDER, path=str(place), **{"options": NOW, **values})


def read_next(own: Source) -> Run:
    run = run_queue(source=own, actor=SYSTEM)
    run_execute(run_id=run.pk, actor=SYSTEM)
    run.refresh_from_db()
    return run


def names(place: Path) -> list[str]:
    return sorted(str(path.relative_to(place)) for path in place.rglob("*") if path.is_file())


def identifiers(own: Source) -> set[str]:
    return set(SourceRecord.objects.filter(source=own, deleted_at=None).values_list("identifier", flat=True))


def test_new_files_are_read_in_the_order_of_their_names_each_as_a_run(place: Path) -> None:
    own = watched(place)
    write(place, marc("2", "Anak semua bangsa"), name="b.mrc")
    write(place, marc("1", "Bumi manusia"), name="a.mrc")
    first, second = read_next(own), read_next(own)
    assert (first.status, first.file_name, second.file_name) == (RunStatus.DONE, "a.mrc", "b.mrc")
    assert identifiers(own) == {"1", "2"}
    assert names(place) == sorted([f"done/{first.pk}-a.mrc", f"done/{second.pk}-b.mrc"])
    assert not has_news(own)
    assert read_next(own).message_code == "folder_empty"


def test_a_file_that_is_still_being_written_waits(place: Path) -> None:
    own = watched(place, options={})
    write(place, marc("1", "Bumi manusia"), name="a.mrc")
    assert [(f.name, f.state) for f in waiting_files(own)] == [("a.mrc", folder.GROWING)]
    assert not has_news(own)
    (place / "a.mrc.done").touch()
    assert read_next(own).status == RunStatus.DONE
    assert [name.partition("-")[2] for name in names(place)] == ["a.mrc"]


def test_a_folder_with_marks_waits_for_them(place: Path) -> None:
    own = watched(place, options={**NOW, "marker": True})
    write(place, marc("1", "Bumi manusia"), name="a.mrc")
    assert not has_news(own)
    (place / "a.mrc.done").touch()
    assert has_news(own)


def test_hidden_unfinished_and_linked_files_are_left_alone(place: Path, tmp_path: Path) -> None:
    own = watched(place)
    outside = write(tmp_path, marc("9", "Rahasia"), name="outside.mrc")
    for name in (".a.mrc", "a.mrc.part", "a.tmp"):
        write(place, marc("1", "Bumi manusia"), name=name)
    (place / "link.mrc").symlink_to(outside)
    (place / "folder").mkdir()
    assert [(f.name, f.state) for f in waiting_files(own)] == [("link.mrc", folder.REFUSED)]
    assert read_next(own).message_code == "folder_empty"
    assert outside.exists()


def test_a_folder_outside_of_what_may_be_read_is_refused(place: Path, settings: Any, tmp_path: Path) -> None:
    own = watched(place)
    write(place, marc("1", "Bumi manusia"), name="a.mrc")
    settings.SOURCE_PATH_ROOTS = [tmp_path / "elsewhere"]
    assert read_next(own).message_code == "path_refused"
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "link").symlink_to(place)
    Source.objects.update(path=str(tmp_path / "elsewhere" / "link"))
    assert read_next(own).message_code == "path_refused"
    assert names(place) == ["a.mrc"]


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"PK\x03\x04" + b"x" * 99, "zip"), (gzip.compress(gzip.compress(marc("1", "A"))), "gzip_nested"),
     (b"", "empty"), (b"hello world", "text")],
)  # fmt: skip
def test_what_cannot_be_read_is_put_aside_and_the_next_file_is_read(
    place: Path, content: bytes, code: str
) -> None:
    own = watched(place)
    (place / "a").write_bytes(content)
    write(place, gzip.compress(marc("1", "Bumi manusia")), name="b.mrc.gz")
    refused, read = read_next(own), read_next(own)
    assert (refused.status, refused.message_code) == (RunStatus.FAILED, code)
    assert read.status == RunStatus.DONE
    assert names(place) == [f"done/{read.pk}-b.mrc.gz", f"failed/{refused.pk}-a"]


def test_a_missing_folder_is_said_to_be_missing(place: Path) -> None:
    own = watched(place / "nowhere")
    assert has_news(own)
    assert read_next(own).message_code == "folder_missing"


def test_a_worker_killed_after_it_took_a_file_finds_it_again(place: Path) -> None:
    own = watched(place)
    write(place, marc("1", "Bumi manusia"), name="a.mrc")
    write(place, marc("2", "Anak semua bangsa"), name="b.mrc")
    run = run_queue(source=own, actor=SYSTEM)
    folder.take(run)  # and there the worker is killed
    folder.tidy(own)
    assert names(place) == ["b.mrc", f"reading/{run.pk}-a.mrc"]
    run_execute(run_id=run.pk, actor=SYSTEM)
    assert identifiers(own) == {"1"}
    assert names(place) == ["b.mrc", f"done/{run.pk}-a.mrc"]


def test_a_file_left_by_a_run_that_ended_is_put_away_and_not_read_again(place: Path) -> None:
    own = watched(place)
    write(place, marc("1", "Bumi manusia"), name="a.mrc")
    run = run_queue(source=own, actor=SYSTEM)
    folder.take(run)
    Run.objects.filter(pk=run.pk).update(status=RunStatus.DONE)  # killed between its end and its last step
    assert not has_news(own)
    assert names(place) == [f"done/{run.pk}-a.mrc"]


class Killed(BaseException):
    """As SIGKILL ends a worker: nothing of ours is run any more."""


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("step", [1, 2])
def test_a_worker_killed_around_any_rename_loses_no_file_and_reads_none_twice(
    place: Path, monkeypatch: pytest.MonkeyPatch, step: int, before: bool
) -> None:
    own = watched(place)
    write(place, marc("1", "Bumi manusia"), name="a.mrc")
    rename, calls = Path.rename, []

    def killing(path: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == step and before:
            raise Killed
        moved = rename(path, target)
        if len(calls) == step:
            raise Killed
        return moved

    run = run_queue(source=own, actor=SYSTEM)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(Path, "rename", killing)
        run_execute(run_id=run.pk, actor=SYSTEM)
    assert len(names(place)) == 1
    run_execute(run_id=run.pk, actor=SYSTEM)  # the dispatcher sends a live run again
    assert not has_news(own)
    assert names(place) == [f"done/{run.pk}-a.mrc"]
    assert (Run.objects.count(), Run.objects.get().created) == (1, 1)


def test_a_table_in_the_folder_goes_back_and_is_read_when_it_is_mapped(place: Path) -> None:
    own = watched(place)
    (place / "buku.csv").write_bytes(b"judul;pengarang\nBumi manusia;Toer\n")
    assert read_next(own).message_code == "needs_mapping"
    assert names(place) == ["buku.csv"]
    assert not has_news(own)
    with pytest.raises(RuleViolation) as refusal:
        source_start(source=own, actor=SYSTEM)
    assert refusal.value.code == "needs_mapping"
    waiting = waiting_table(own)
    assert waiting is not None
    mapping = mapping_proposed(own, waiting.head())
    columns_save(source=own, mapping=mapping, encoding="cp1252", waiting=waiting, actor=SYSTEM)
    forget_waiting(own)
    own.refresh_from_db()
    assert has_news(own)
    assert read_next(own).created == 1


def test_several_files_that_are_one_catalogue_are_read_by_one_run(place: Path) -> None:
    own = watched(place, options={**NOW, "together": True}, is_snapshot=True)
    write(place, marc("1", "Bumi manusia"), name="a.mrc")
    write(place, gzip.compress(marc("2", "Anak semua bangsa")), name="b.mrc.gz")
    run = read_next(own)
    assert (run.status, run.read, run.file_name) == (RunStatus.DONE, 2, "a.mrc + 1")
    write(place, marc("1", "Bumi manusia"), name="a.mrc")
    write(place, marc("3", "Jejak langkah"), name="c.mrc")
    assert read_next(own).deleted == 1
    assert identifiers(own) == {"1", "3"}


def test_pieces_of_different_kinds_are_refused_whole(place: Path) -> None:
    own = watched(place, options={**NOW, "together": True})
    write(place, marc("1", "Bumi manusia"), name="a.mrc")
    write(place, b"judul;pengarang\nBumi manusia;Toer\n", name="b.csv")
    run = read_next(own)
    assert run.message_code == "mixed_files"
    assert names(place) == [f"failed/{run.pk}-a.mrc", f"failed/{run.pk}-b.csv"]
    assert not identifiers(own)


def test_the_dispatcher_starts_no_run_for_an_empty_folder_and_the_next_file_follows_at_once(
    place: Path, django_capture_on_commit_callbacks: Any
) -> None:
    own = watched(place, interval_hours=1, next_due_at=timezone.now())
    assert dispatch(actor=SYSTEM) == []
    assert Source.objects.get().next_due_at > timezone.now()
    Source.objects.update(next_due_at=timezone.now())
    for name in ("a.mrc", "b.mrc"):
        write(place, marc(name, "Bumi manusia"), name=name)
    (first,) = dispatch(actor=SYSTEM)
    with django_capture_on_commit_callbacks(execute=True):
        run_execute(run_id=first, actor=SYSTEM)
    (second,) = dispatch(actor=SYSTEM)
    with django_capture_on_commit_callbacks(execute=True):
        run_execute(run_id=second, actor=SYSTEM)
    assert dispatch(actor=SYSTEM) == []
    assert identifiers(own) == {"a.mrc", "b.mrc"}


def test_options_that_are_not_as_described_count_as_not_set() -> None:
    assert (
        FolderOptions.from_json({"quiet_minutes": "soon", "marker": 1, "together": None}) == FolderOptions()
    )
    assert FolderOptions.from_json(FolderOptions(9, True, True).as_json()) == FolderOptions(9, True, True)
