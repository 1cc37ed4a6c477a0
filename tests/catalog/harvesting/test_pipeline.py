"""Pages of records into the catalogue: new, changed, unchanged, deleted, rejected, and no query per record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.choices import RunStatus
from catalog.harvesting.pages import read_pages
from catalog.models import DirtyEdition, Edition, Holding, MatchKey, RejectedRecord, Run, SourceRecord
from catalog.services.runs import run_execute, run_queue
from tests.catalog.building import SYSTEM, edition_of, last_run, library, load, marc, source, state, write

pytestmark = pytest.mark.django_db
BUMI = {"author": "Toer, Pramoedya Ananta", "year": 1980, "publisher": "Hasta Mitra"}


def test_a_file_becomes_records_editions_holdings_and_index_work(tmp_path: Path) -> None:
    own = source()
    result = load(
        own,
        write(
            tmp_path,
            marc("1", "Bumi manusia", **BUMI, call="899.221 TOE"),
            marc("2", "Anak semua bangsa", **BUMI),
        ),
    )
    assert (result.read, result.created, result.rejected) == (2, 2, 0)
    edition = Edition.objects.get(title="Bumi manusia")
    assert (edition.author, edition.year, edition.record_count, edition.library_count) == (
        "Toer, Pramoedya Ananta",
        1980,
        1,
        1,
    )
    assert "holdings" not in edition.display
    holding = Holding.objects.get(edition=edition)
    assert (holding.library_id, holding.call_number, holding.location) == (
        own.library_id,
        "899.221 TOE",
        "Umum",
    )
    assert set(DirtyEdition.objects.values_list("edition_id", flat=True)) == set(
        Edition.objects.values_list("pk", flat=True)
    )
    own.refresh_from_db()
    assert own.record_count == 2
    assert last_run(own).status == RunStatus.DONE


def test_a_record_without_items_still_says_that_the_library_has_it(tmp_path: Path) -> None:
    own = source()
    load(own, write(tmp_path, marc("1", "Bumi manusia", **BUMI)))
    assert Holding.objects.get().status == "unknown"


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    own, path = source(), write(tmp_path, *(marc(str(n), f"Judul nomor {n} saja", **BUMI) for n in range(30)))
    load(own, path)
    before, dirty = state(), DirtyEdition.objects.count()
    result = load(own, path)
    assert (result.read, result.unchanged, result.created, result.updated) == (30, 30, 0, 0)
    assert state() == before
    assert DirtyEdition.objects.count() == dirty


def test_a_changed_record_is_written_anew_and_keeps_its_edition(tmp_path: Path) -> None:
    own = source()
    load(own, write(tmp_path, marc("1", "Bumi manusa", **BUMI, call="A"), marc("2", "Jejak langkah", **BUMI)))
    edition = edition_of(own, "1")
    result = load(
        own, write(tmp_path, marc("1", "Bumi manusia", **BUMI, call="B"), marc("2", "Jejak langkah", **BUMI))
    )
    assert (result.updated, result.unchanged) == (1, 1)
    assert edition_of(own, "1") == edition
    assert Edition.objects.get(pk=edition).title == "Bumi manusia"
    assert [h.call_number for h in Holding.objects.filter(edition_id=edition)] == ["B"]


def test_records_missing_from_a_later_file_stay_unless_the_source_is_a_snapshot(tmp_path: Path) -> None:
    own = source()
    load(own, write(tmp_path, marc("1", "Bumi manusia"), marc("2", "Jejak langkah")))
    assert load(own, write(tmp_path, marc("2", "Jejak langkah"))).deleted == 0
    assert SourceRecord.objects.filter(deleted_at=None).count() == 2


def test_a_deleted_record_goes_and_its_edition_keeps_its_row_and_id(tmp_path: Path) -> None:
    own = source()
    load(own, write(tmp_path, marc("1", "Bumi manusia"), marc("2", "Jejak langkah")))
    edition = edition_of(own, "1")
    result = load(own, write(tmp_path, marc("1", "Bumi manusia", status="d")))
    assert result.deleted == 1
    kept = Edition.objects.get(pk=edition)
    assert (kept.title, kept.record_count, kept.library_count) == ("Bumi manusia", 0, 0)
    assert not Holding.objects.filter(edition=kept).exists()
    assert not MatchKey.objects.filter(record__identifier="1").exists()
    assert DirtyEdition.objects.filter(edition_id=edition).count() == 2


def test_a_record_that_comes_back_finds_its_old_edition(tmp_path: Path) -> None:
    own = source()
    load(own, write(tmp_path, marc("1", "Bumi manusia")))
    edition = edition_of(own, "1")
    load(own, write(tmp_path, marc("1", "Bumi manusia", status="d")))
    assert load(own, write(tmp_path, marc("1", "Bumi manusia"))).created == 1
    assert edition_of(own, "1") == edition
    assert Edition.objects.get(pk=edition).library_count == 1


def test_of_two_records_with_one_identifier_the_later_counts(tmp_path: Path) -> None:
    own, path = source(), write(tmp_path, marc("1", "Judul lama"), marc("1", "Judul baru"))
    load(own, path)
    assert [e.title for e in Edition.objects.all()] == ["Judul baru"]
    assert load(own, path).unchanged == 2


def test_a_record_without_identifier_gets_a_stable_one(tmp_path: Path) -> None:
    own, path = source(), write(tmp_path, marc("", "Tanpa nomor", year=1999))
    load(own, path)
    assert load(own, path).unchanged == 1
    assert SourceRecord.objects.count() == 1


def test_a_broken_record_is_rejected_alone_with_position_reason_and_snippet(tmp_path: Path) -> None:
    own = source()
    good, broken = marc("1", "Bumi manusia"), b"00026nam a2200025 i 4500no\x1d"
    result = load(own, write(tmp_path, good, broken, marc("3", ""), marc("4", "Jejak langkah")))
    assert (result.read, result.created, result.rejected) == (4, 2, 2)
    first, second = RejectedRecord.objects.order_by("position")
    assert (first.position, first.offset, bytes(first.snippet)[:5]) == (2, len(good), b"00026")
    assert (second.position, second.reason_code, second.identifier) == (3, "no_title", "3")
    assert last_run(own).status == RunStatus.PARTIAL


def test_holdings_records_join_the_bib_record_before_them(tmp_path: Path) -> None:
    own = source()
    items = (("004", "1"), ("852", " ", " ", (("b", "Gudang"), ("h", "X 1"))))
    held = marc("h1", "", type_code="x", extra=items)
    alone = marc("h2", "", type_code="x")
    result = load(own, write(tmp_path, marc("1", "Bumi manusia"), held, alone))
    assert (result.read, result.created, result.rejected) == (3, 2, 1)
    assert Holding.objects.get().location == "Gudang"
    assert RejectedRecord.objects.get().reason_code == "holdings_unlinked"


def test_two_sources_may_use_the_same_identifiers(tmp_path: Path) -> None:
    one, two = source(), source()
    load(one, write(tmp_path, marc("1", "Bumi manusia")))
    load(two, write(tmp_path, marc("1", "Jejak langkah")))
    assert SourceRecord.objects.count() == 2


def test_the_number_of_queries_of_a_page_does_not_grow_with_its_records(tmp_path: Path) -> None:
    def queries(count: int, own: Any) -> int:
        def records(call: str) -> list[bytes]:
            return [marc(str(n), f"Judul nomor {n} kota", **BUMI, call=call) for n in range(count)]

        load(own, write(tmp_path, *records("A")))
        with CaptureQueriesContext(
            connection,
        ) as caught:
            load(own, write(tmp_path, *records("B"), marc("neu", "Serba baru")))
        return len(caught)

    queries(2, source())  # so that either page finds records to be compared with
    assert queries(2, source()) == queries(90, source())
    queries(
        150, source()
    )  # so that either page finds a heap, which costs one question more, however large it is
    assert queries(2, source()) == queries(150, source())


def test_pages_end_at_their_size_and_begin_at_the_checkpoint(tmp_path: Path) -> None:
    path = write(tmp_path, *(marc(str(n), f"Judul {n}") for n in range(1, 8)))
    with path.open("rb") as stream:
        pages = [page for page, _ in read_pages(stream, fallback="cp1252", page_records=3)]
    assert [(p.read, p.position) for p in pages] == [(3, 3), (3, 6), (1, 7)]
    with path.open("rb") as stream:
        rest = [
            p
            for p, _ in read_pages(stream, fallback="cp1252", page_records=3, resume=pages[0].resume, done=3)
        ]
    assert [[h.identifier for h in p.heads] for p in rest] == [["4", "5", "6"], ["7"]]


def test_a_page_that_was_written_is_not_written_again_by_a_late_worker(tmp_path: Path) -> None:
    own, path = source(), write(tmp_path, marc("1", "Bumi manusia"))
    load(own, path)
    run = last_run(own)
    Run.objects.filter(pk=run.pk).update(status=RunStatus.RUNNING, finished_at=None)
    again = run_execute(run_id=run.pk, actor=SYSTEM, trusted=True)
    assert again is not None
    assert (again.read, again.created, again.resumed) == (1, 1, 1)


def test_only_one_run_of_a_source_is_live(tmp_path: Path) -> None:
    from network_portal.core.errors import Conflict

    own = source()
    run_queue(source=own, actor=SYSTEM)
    with pytest.raises(Conflict):
        run_queue(source=own, actor=SYSTEM)


def test_holdings_of_several_libraries_are_counted_as_libraries_not_as_records(tmp_path: Path) -> None:
    shared = library()
    for own in (source(shared), source(shared), source()):
        load(own, write(tmp_path, marc("1", "Bumi manusia", **BUMI)))
    edition = Edition.objects.get(record_count__gt=0)
    assert (edition.record_count, edition.library_count) == (3, 2)


def test_letters_that_copy_and_json_treat_specially_arrive_as_they_are(tmp_path: Path) -> None:
    own = source()
    title = 'Jalan \\N ke "timur" \\. dan 𝄞 ' + "\\u0000 "
    load(own, write(tmp_path, marc("1\\t", title + "sekali", call="A\\tB"), marc("2", "Kosong\0 di tengah")))
    record = SourceRecord.objects.get(identifier="1\\t")
    assert record.draft["title"] == title + "sekali"
    assert Edition.objects.get(pk=record.edition_id).title == title + "sekali"
    assert record.holdings.get().call_number == "A\\tB"
    assert "\0" not in SourceRecord.objects.get(identifier="2").draft["title"]


def test_a_file_of_noise_lists_its_first_rejected_records_and_counts_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog.harvesting.rejects.REJECTS_KEPT", 3)
    own = source()
    load(
        own,
        write(tmp_path, *(marc(str(n), "") for n in range(5)), marc("6", "Bumi manusia"), b"00300nam a22"),
    )
    run = last_run(own)
    assert run.rejected == 6
    # The end that is missing is always told: nothing may be taken out after such a file.
    assert sorted(run.rejects.values_list("reason_code", flat=True)) == ["no_title", "no_title", "truncated"]
    monkeypatch.setattr("catalog.harvesting.rejects.REJECTS_KEPT", 0)
    load(own, write(tmp_path, marc("7", ""), b"00300nam a22"))
    assert list(last_run(own).rejects.values_list("reason_code", flat=True)) == ["truncated"]
