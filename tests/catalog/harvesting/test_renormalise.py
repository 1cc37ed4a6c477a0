"""Stored originals read again: with new rules, without a harvest, and without touching what comes out the same."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any

import pytest

from catalog.choices import RunKind, RunStatus
from catalog.harvesting import renormalise
from catalog.models import DirtyEdition, Edition, Holding, Run, Source, SourceRecord
from catalog.services.runs import run_execute, run_renormalise, run_stop
from tests.catalog.building import SYSTEM, load, marc, source, state, write

pytestmark = pytest.mark.django_db
RULE = {"do": "map_location", "from": "Umum", "to": "Koleksi umum"}


def records(count: int) -> list[bytes]:
    return [
        marc(str(n), f"Judul nomor {n} kota", year=1990, call=f"{n}.1" if n % 2 else "") for n in range(count)
    ]


@pytest.fixture
def own(tmp_path: Path) -> Source:
    made = source(is_snapshot=True)
    items = (("004", "6"), ("852", " ", " ", (("b", "Umum"), ("h", "X 1"))))
    load(made, write(tmp_path, *records(7), marc("h6", "", type_code="x", extra=items)))
    return made


def again(own: Source, **options: Any) -> Run:
    done = run_execute(run_id=run_renormalise(source=own, actor=SYSTEM).pk, actor=SYSTEM, **options)
    assert done is not None
    return done


def test_a_new_rule_reaches_the_stored_records_and_only_those_it_changes(own: Source) -> None:
    first = SourceRecord.objects.get(identifier="0")
    before = {r.identifier: r.edition_id for r in SourceRecord.objects.all()}
    DirtyEdition.objects.all().delete()
    own.rules = [RULE]
    own.save()
    run = again(own)
    # Three have a call number, and one a holdings record joined to it.
    assert (run.kind, run.status, run.read, run.updated, run.unchanged) == (
        RunKind.RENORMALISE, RunStatus.DONE, 7, 4, 3,
    )  # fmt: skip
    assert Holding.objects.filter(location="Koleksi umum").count() == 4
    assert not Holding.objects.filter(location="Umum").exists()
    assert DirtyEdition.objects.count() == 4
    assert {r.identifier: r.edition_id for r in SourceRecord.objects.all()} == before
    kept = SourceRecord.objects.get(identifier="0")
    assert (kept.changed_at, kept.last_run_id) == (first.changed_at, first.last_run_id)
    assert SourceRecord.objects.get(identifier="1").last_run_id == run.pk


def test_a_second_time_changes_nothing_and_nothing_counts_as_missing(own: Source) -> None:
    own.rules = [RULE]
    own.save()
    again(own)
    before = state()
    run = again(own)
    assert (run.updated, run.unchanged, run.deleted, run.deletes_held) == (0, 7, 0, 0)
    assert state() == before


def test_another_character_set_of_last_resort_mends_the_letters(tmp_path: Path) -> None:
    own = source()
    load(own, write(tmp_path, marc("1", "Kota QQ").replace(b"QQ", b"\xd0\xd1")))
    own.fallback_encoding = "koi8-r"
    own.save()
    assert again(own).updated == 1
    assert Edition.objects.get(library_count=1).title == "Kota " + b"\xd0\xd1".decode("koi8-r")


def test_what_can_not_be_read_any_more_is_listed_and_stays_as_it_was(own: Source) -> None:
    SourceRecord.objects.filter(identifier="3").update(raw=zlib.compress(b"00026 damaged"))
    before = state()
    run = again(own)
    assert (run.status, run.rejected, run.unchanged) == (RunStatus.PARTIAL, 1, 6)
    assert run.rejects.get().identifier == "3"
    assert state() == before


def test_a_run_that_was_stopped_goes_on_where_it_stood(own: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renormalise, "PAGE_RECORDS", 2)
    own.rules = [RULE]
    own.save()

    def stop(run: Run, counts: Any) -> None:
        run_stop(run=run, actor=SYSTEM)

    run = again(own, progress=stop)
    assert (run.status, run.read) == (RunStatus.STOPPED, 2)
    Run.objects.filter(pk=run.pk).update(status=RunStatus.RUNNING, stop_asked=False)
    done = run_execute(run_id=run.pk, actor=SYSTEM)
    assert done is not None
    assert (done.status, done.read, done.updated) == (RunStatus.DONE, 7, 4)
