"""What the dispatcher starts: due sources once each, lost runs again; and the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from catalog.choices import RunStatus, SourceKind
from catalog.management.commands.make_corpus import write_corpus
from catalog.models import Run, Source
from catalog.selectors import network_figures, newest_editions
from catalog.services.schedule import dispatch
from catalog.services.sources import source_save, source_start
from members.choices import LibraryStatus
from network_portal.core.errors import RuleViolation
from tests.catalog.building import SYSTEM, library, load, marc, source, write

pytestmark = pytest.mark.django_db


def timed(**values: object) -> Source:
    past = timezone.now() - timedelta(minutes=1)
    return source(
        **{
            "kind": SourceKind.URL,
            "url": "https://example.org/a.mrc",
            "interval_hours": 24,
            "next_due_at": past,
            **values,
        }
    )


def test_a_library_that_has_left_is_not_asked_any_more_and_one_that_joins_is() -> None:
    gone, coming = timed(), timed()
    for own, status in ((gone, LibraryStatus.LEFT), (coming, LibraryStatus.PROSPECTIVE)):
        own.library.status = status
        own.library.save()
    runs = dispatch(actor=SYSTEM)
    assert [run.source for run in Run.objects.filter(pk__in=runs)] == [coming]


def test_a_due_source_is_queued_once_and_due_again_after_its_interval() -> None:
    own = timed()
    first = dispatch(actor=SYSTEM)
    assert [run.source for run in Run.objects.filter(pk__in=first)] == [own]
    assert dispatch(actor=SYSTEM) == []
    own.refresh_from_db()
    assert own.next_due_at is not None
    assert timedelta(hours=23) < own.next_due_at - timezone.now() <= timedelta(hours=24)


@pytest.mark.parametrize(
    "values",
    [{"enabled": False}, {"kind": SourceKind.UPLOAD}, {"interval_hours": None},
     {"next_due_at": timezone.now() + timedelta(hours=1)}],
)  # fmt: skip
def test_a_source_that_is_not_due_is_left_alone(values: dict[str, object]) -> None:
    timed(**values)
    assert dispatch(actor=SYSTEM) == []


def test_a_run_whose_worker_fell_silent_is_sent_again() -> None:
    long_ago = timezone.now() - timedelta(hours=1)
    run = Run.objects.create(source=source(), status=RunStatus.RUNNING, heartbeat_at=long_ago)
    assert dispatch(actor=SYSTEM) == [run.pk]
    assert dispatch(actor=SYSTEM) == [], "not with every turn"


def test_a_new_timed_source_is_due_at_once_and_an_upload_never() -> None:
    values = {"name": "A", "kind": SourceKind.URL, "url": "https://example.org/a.mrc", "interval_hours": 6}
    own = source_save(source=None, library=library(), values=values, actor=SYSTEM)
    assert own.next_due_at is not None
    own = source_save(source=own, library=own.library, values={"kind": SourceKind.UPLOAD}, actor=SYSTEM)
    assert own.next_due_at is None
    with pytest.raises(RuleViolation):
        source_start(source=own, actor=SYSTEM)


def test_load_file_prints_its_figures(tmp_path: Path) -> None:
    library("UJI")
    path, out = write(tmp_path, marc("1", "Bumi manusia"), marc("2", "")), StringIO()
    call_command("load_file", str(path), library="uji", json=True, stdout=out)
    figures = json.loads(out.getvalue())
    wanted = {"read": 2, "created": 1, "updated": 0, "unchanged": 0, "deleted": 0, "rejected": 1}
    assert {name: figures[name] for name in wanted} == wanted
    assert figures["seconds"] > 0
    assert figures["records_per_second"] > 0


def test_load_file_says_in_one_sentence_what_is_wrong(tmp_path: Path) -> None:
    library("UJI")
    empty = write(tmp_path)
    with pytest.raises(CommandError, match="NIX"):
        call_command("load_file", str(empty), library="NIX")
    with pytest.raises(CommandError) as failure:
        call_command("load_file", str(empty), library="UJI")
    assert "\n" not in str(failure.value)


def test_load_file_keeps_whether_a_source_is_a_snapshot_unless_told(tmp_path: Path) -> None:
    own = source(library("UJI"), name="Katalog", is_snapshot=True)
    path = write(tmp_path, marc("1", "Bumi manusia"))
    for options, expected in (
        ({}, True),
        ({"snapshot": False}, False),
        ({}, False),
        ({"snapshot": True}, True),
    ):
        call_command(
            "load_file", str(path), library="UJI", source="Katalog", json=True, stdout=StringIO(), **options
        )
        own.refresh_from_db()
        assert own.is_snapshot is expected


@pytest.mark.parametrize(("libraries", "overlap"), [(1, 0.35), (2, 0.9)])
def test_a_corpus_never_asks_for_more_overlap_than_its_libraries_have_room_for(
    libraries: int, overlap: float, tmp_path: Path
) -> None:
    assert write_corpus(records=50, libraries=libraries, seed=1, out=tmp_path, overlap=overlap) == 50
    truth = [json.loads(line) for line in (tmp_path / "truth.jsonl").read_text().splitlines()]
    assert len({(row["library"], row["edition"]) for row in truth}) == 50


def test_a_made_up_corpus_is_the_same_each_time_and_tells_the_truth(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_corpus(records=400, libraries=3, seed=4, out=tmp_path / name, overlap=0.4)
    one, two = ({p.name: p.read_bytes() for p in (tmp_path / n).iterdir()} for n in ("one", "two"))
    assert one == two
    assert set(one) == {"LIB01.mrc", "LIB02.mrc", "LIB03.mrc", "truth.jsonl"}
    truth = [json.loads(line) for line in one["truth.jsonl"].splitlines()]
    assert len(truth) == 400
    assert len({row["edition"] for row in truth}) == 240
    held = {(row["library"], row["edition"]) for row in truth}
    assert len(held) == 400


def test_figures_and_new_titles_count_what_somebody_holds(tmp_path: Path) -> None:
    own = source()
    load(own, write(tmp_path, marc("1", "Bumi manusia"), marc("2", "Jejak langkah")))
    load(own, write(tmp_path, marc("2", "Jejak langkah", status="d")))
    figures = network_figures()
    assert (figures.libraries, figures.titles, figures.copies) == (1, 1, 1)
    assert [e.title for e in newest_editions(5)] == ["Bumi manusia"]


def test_a_run_is_not_lost_with_the_queue_that_was_to_take_it() -> None:
    code = (
        "import django; django.setup(); from catalog.services.runs import run_send; run_send(7); print('on')"
    )
    environment = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "network_portal.settings", "DEBUG": "1",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1/0",
        "SECRET_KEY": django_settings.SECRET_KEY,
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=django_settings.BASE_DIR, env=environment,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1:] == ["on"], done.stderr[-500:]
    assert "run_send_lost" in done.stdout + done.stderr
