"""The way from the outbox into the index, with a real database, a real index and real crashes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.choices import GenerationState
from catalog.models import DirtyEdition, Edition, IndexGeneration
from catalog.search import indexer
from catalog.search.answers import SearchUnavailable
from catalog.search.documents import isbn10_of, load_documents
from catalog.search.engine import get_engine
from catalog.search.query import SearchQuery
from network_portal.core.actor import Actor
from network_portal.core.choices import JobStatus
from network_portal.core.models import JobRun
from tests.catalog.search.world import edition, holding, library, mark_dirty

pytestmark = pytest.mark.django_db(transaction=True)
SYSTEM = Actor.system()


def found(text: str = "") -> list[int]:
    return sorted(get_engine().search(SearchQuery(text=text)).ids)


def test_the_first_run_builds_the_index_from_everything() -> None:
    made = edition("Laut bercerita")
    assert indexer.index_dirty().rebuilt
    assert found("laut") == [made.pk]
    assert not DirtyEdition.objects.exists()
    assert IndexGeneration.objects.get().state == GenerationState.LIVE


def test_what_waited_before_the_first_build_is_not_read_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    made = [edition("Laut"), edition("Gunung")]
    read: list[list[int]] = []
    load = indexer.load_documents

    def load_while_something_changes(ids: list[int]) -> Any:
        documents = list(load(ids))
        if not read:
            Edition.objects.filter(pk=made[1].pk).update(title="Sungai")
            mark_dirty(made[1])
        read.append(list(ids))
        return documents

    monkeypatch.setattr(indexer, "load_documents", load_while_something_changes)
    assert indexer.index_dirty().rebuilt
    assert read == [[made[0].pk, made[1].pk], [made[1].pk]]
    assert (found("laut"), found("gunung"), found("sungai")) == ([made[0].pk], [], [made[1].pk])
    assert not DirtyEdition.objects.exists()


def test_changes_follow_and_the_outbox_is_emptied() -> None:
    made = edition("Laut")
    indexer.index_dirty()
    Edition.objects.filter(pk=made.pk).update(title="Gunung")
    other = edition("Sungai")
    mark_dirty(made, made)
    done = indexer.index_dirty()
    assert (done.taken, done.written, done.removed) == (3, 2, 0)
    assert (found("laut"), found("gunung"), found("sungai")) == ([], [made.pk], [other.pk])
    assert not DirtyEdition.objects.exists()


def test_merged_and_emptied_editions_leave_the_index() -> None:
    survivor, merged, emptied = edition("Laut"), edition("Laut"), edition("Laut")
    indexer.index_dirty()
    Edition.objects.filter(pk=merged.pk).update(merged_into=survivor)
    Edition.objects.filter(pk=emptied.pk).update(record_count=0)
    mark_dirty(merged, emptied)
    assert indexer.index_dirty().removed == 2
    assert found("laut") == [survivor.pk]


def test_availability_at_each_library_reaches_the_index() -> None:
    near, far = library("NEAR"), library("FAR")
    made = edition("Laut", held_by=(near,))
    holding(made, far, status="on_loan", available_count=0)
    indexer.index_dirty()
    here = SearchQuery(available=True, libraries=(str(near.pk),))
    there = SearchQuery(available=True, libraries=(str(far.pk),))
    assert get_engine().search(here).ids == [made.pk]
    assert get_engine().search(there).ids == []


def test_loading_documents_takes_as_many_statements_for_one_as_for_many() -> None:
    place = library("A")
    made = [edition(f"Judul {n}", "Penulis", held_by=(place,)).pk for n in range(12)]
    with CaptureQueriesContext(
        connection,
    ) as one:
        list(load_documents(made[:1]))
    with CaptureQueriesContext(connection) as many:
        assert len(list(load_documents(made))) == 12
    assert len(one) == len(many) == 2


def test_only_one_process_writes_at_a_time() -> None:
    edition("Laut")
    indexer.index_dirty()
    edition("Gunung")
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [indexer.LOCK])
        with pytest.raises(indexer.IndexBusy):
            indexer.index_dirty()
        assert DirtyEdition.objects.count() == 1
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [indexer.LOCK])
    finally:
        other.close()
    indexer.index_dirty()
    assert len(found("gunung")) == 1


# --- crashes -----------------------------------------------------------------------------------------------

DIE_AT = """
import os, signal, sys
import django
django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
settings.SEARCH_INDEX_DIR = sys.argv[2]
from catalog.search import indexer, tantivy_engine
from network_portal.core.actor import Actor

def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

def after(owner, name):
    before = getattr(owner, name)
    def both(*args, **kwargs):
        before(*args, **kwargs)
        die()
    setattr(owner, name, both)

step = sys.argv[3]
if step == "before the commit of the index":
    tantivy_engine.TantivyWriter.commit = die
elif step == "before the rows are removed":
    after(tantivy_engine.TantivyWriter, "commit")
elif step == "before the switch":
    tantivy_engine.TantivyEngine.switch = die
elif step == "after the switch":
    after(tantivy_engine.TantivyEngine, "switch")
if sys.argv[4] == "rebuild":
    indexer.rebuild(actor=Actor.system())
else:
    indexer.index_dirty()
"""


def die_at(step: str, work: str, folder: Any) -> None:
    """Run the indexer in a process of its own that is killed at this step."""
    name, others = str(connection.settings_dict["NAME"]), clients()
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "network_portal.settings"}
    done = subprocess.run(
        [sys.executable, "-c", DIE_AT, name, str(folder), step, work],
        env=environment, capture_output=True, timeout=60, check=False,
        cwd=Path(__file__).resolve().parents[3],
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    wait_until_the_server_noticed(others)


def clients() -> set[int]:
    """The server's processes for this database's clients; a thread of an earlier test may still have one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'"
        )
        return {pid for (pid,) in cursor.fetchall()}


def wait_until_the_server_noticed(others: set[int]) -> None:
    """PostgreSQL gives a dead client's locks back when it sees the broken connection: soon, but not at once."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if clients() <= others:
            return
        time.sleep(0.02)
    pytest.fail("the killed process still has a connection")


@pytest.mark.parametrize("step", ["before the commit of the index", "before the rows are removed"])
def test_a_killed_indexer_loses_nothing(step: str, settings: Any) -> None:
    kept, gone = edition("Laut"), edition("Laut")
    indexer.index_dirty()
    Edition.objects.filter(pk=gone.pk).update(record_count=0)
    fresh = edition("Gunung")
    mark_dirty(kept, gone)
    die_at(step, "index", settings.SEARCH_INDEX_DIR)
    assert DirtyEdition.objects.count() == 3
    indexer.index_dirty()
    assert not DirtyEdition.objects.exists()
    assert (found("laut"), found("gunung")) == ([kept.pk], [fresh.pk])


@pytest.mark.parametrize("step", ["before the switch", "after the switch"])
def test_a_killed_rebuild_leaves_an_index_that_answers(step: str, settings: Any) -> None:
    first = edition("Laut")
    indexer.index_dirty()
    second = edition("Laut")
    die_at(step, "rebuild", settings.SEARCH_INDEX_DIR)
    assert first.pk in found("laut")
    indexer.index_dirty()
    assert found("laut") == [first.pk, second.pk]
    indexer.rebuild(actor=SYSTEM)
    assert found("laut") == [first.pk, second.pk]
    assert list(get_engine().generations()) == [get_engine().live_generation()]
    assert list(IndexGeneration.objects.filter(state="live").values_list("name", flat=True)) == [
        get_engine().live_generation()
    ]
    assert not IndexGeneration.objects.filter(state="building").exists()


# --- rebuild -----------------------------------------------------------------------------------------------


def test_rebuilding_switches_to_a_new_generation_and_removes_the_old() -> None:
    edition("Laut")
    indexer.index_dirty()
    old = get_engine().live_generation()
    output = StringIO()
    call_command("rebuild_index", "--json", stdout=output)
    report = json.loads(output.getvalue())
    assert report["documents"] == 1
    assert get_engine().live_generation() == report["generation"] != old
    assert list(get_engine().generations()) == [report["generation"]]
    assert IndexGeneration.objects.get(name=old).state == GenerationState.RETIRED
    run = JobRun.objects.filter(kind=indexer.JOB_KIND).latest("pk")
    assert (run.status, run.done, run.total) == (JobStatus.DONE, 1, 1)


def test_what_pours_in_is_taken_in_large_pieces_and_never_left_for_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    indexer.index_dirty()
    monkeypatch.setattr(indexer, "MANY", 3)
    monkeypatch.setattr(indexer, "OUTBOX_ROWS", 5)
    for n in range(2):
        edition(f"Laut {n}")
    assert indexer.index_dirty(patient=True).written == 2  # a few: somebody is at work and wants to see it
    for n in range(3):
        edition(f"Gunung {n}")
    assert indexer.index_dirty(patient=True).taken == 0
    edition("Gunung 4")
    edition("Gunung 5")
    assert indexer.index_dirty(patient=True).written == 5
    for n in range(3):
        edition(f"Sungai {n}")
    DirtyEdition.objects.update(marked_at=timezone.now() - indexer.SETTLE)
    assert indexer.index_dirty(patient=True).written == 3


def test_a_small_index_takes_smaller_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    indexer.index_dirty()
    monkeypatch.setattr(indexer, "MANY", 2)
    monkeypatch.setattr(indexer, "BATCH", 3)
    monkeypatch.setattr(indexer, "PIECE", 1)
    for n in range(2):
        edition(f"Laut {n}")
    assert indexer.index_dirty(patient=True).taken == 0
    for n in range(2):
        edition(f"Gunung {n}")
    assert indexer.index_dirty(patient=True).written == 4  # an empty index: three are a piece
    for n in range(3):
        edition(f"Sungai {n}")
    assert indexer.index_dirty(patient=True).taken == 0  # four titles: a piece is as many
    edition("Sungai 4")
    assert indexer.index_dirty(patient=True).written == 4


@pytest.mark.parametrize("editions", [1, 19_999, 20_001, 65_000, 160_001, 1_007_499, 5_000_000])
def test_a_rebuild_commits_equal_pieces_that_merge_into_one(editions: int) -> None:
    piece = indexer._piece(editions)
    pieces = -(-editions // piece)
    assert pieces in (1, 8, 64, 512) and piece <= indexer.OUTBOX_ROWS
    assert editions - (pieces - 1) * piece > 0.9 * piece or pieces == 1


def test_a_rebuild_leaves_one_segment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexer, "OUTBOX_ROWS", 3)
    for number in range(24):
        edition(f"Laut {number}")
    indexer.rebuild(actor=SYSTEM)
    engine = get_engine()
    assert engine.document_count() == 24
    assert (
        len(json.loads((engine.folder / engine.live_generation() / "meta.json").read_text())["segments"]) == 1
    )


def test_a_change_during_a_rebuild_is_in_both_generations(monkeypatch: pytest.MonkeyPatch) -> None:
    made = [edition(f"Laut {n}") for n in range(4)]
    indexer.index_dirty()
    monkeypatch.setattr(indexer, "BATCH", 1)
    monkeypatch.setattr(indexer, "DRAIN_EVERY", 0.0)
    seen_meanwhile: list[list[int]] = []
    load = indexer.load_documents

    def load_and_change(ids: list[int]) -> Any:
        documents = list(load(ids))
        if ids == [made[2].pk] and not seen_meanwhile:  # the first is already in the new generation
            seen_meanwhile.append([])
            Edition.objects.filter(pk=made[0].pk).update(title="Gunung")
            Edition.objects.filter(pk=made[3].pk).update(record_count=0)
            mark_dirty(made[0], made[3])
        elif ids == [made[3].pk] or len(seen_meanwhile) == 1:
            seen_meanwhile.append(found("gunung"))
        return documents

    monkeypatch.setattr(indexer, "load_documents", load_and_change)
    indexer.rebuild(actor=SYSTEM)
    assert found("gunung") == [made[0].pk]
    assert found("laut") == [made[1].pk, made[2].pk]
    assert not DirtyEdition.objects.exists()


def test_a_missing_or_damaged_index_says_so_and_is_built_anew(settings: Any) -> None:
    made = edition("Laut")
    with pytest.raises(SearchUnavailable):
        found("laut")
    indexer.index_dirty()
    live = settings.SEARCH_INDEX_DIR / get_engine().live_generation()
    (live / "meta.json").write_text("{ not json")
    with pytest.raises(SearchUnavailable):
        found("laut")
    indexer.index_dirty()
    assert found("laut") == [made.pk]
    shutil.rmtree(settings.SEARCH_INDEX_DIR)
    with pytest.raises(SearchUnavailable):
        found("laut")
    indexer.index_dirty()
    assert found("laut") == [made.pk]


@pytest.mark.parametrize(
    ("isbn13", "isbn10"),
    [("9789793062792", "9793062797"), ("9780306406157", "0306406152"), ("9780804429573", "080442957X"),
     ("9791034304578", ""), ("978030640615", ""), ("", "")],
)  # fmt: skip
def test_the_ten_digit_form_of_an_isbn(isbn13: str, isbn10: str) -> None:
    assert isbn10_of(isbn13) == isbn10
