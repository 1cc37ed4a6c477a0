"""A full file beside the one in use: its difference, the switch, the way back, and workers killed in between."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog.choices import RunStatus, StreamState
from catalog.formats.records import Field
from catalog.formats.write import to_iso2709
from catalog.harvesting import streams as reading
from catalog.models import Edition, Holding, Run, Source, SourceRecord, Stream, StreamRecord
from catalog.selectors import streams as selectors
from catalog.services import streams as services
from catalog.services.runs import run_execute, run_stop
from network_portal.core.errors import Conflict, RuleViolation
from tests.catalog.building import SYSTEM, edition_of, load, marc, source, state, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("streams", "schedule"):
        monkeypatch.setattr(f"catalog.services.{module}.run_send", lambda number: None)


def book(number: int, title: str = "", *, year: int = 1990, call: str = "813") -> bytes:
    return marc(
        f"b{number}", title or f"Judul nomor {number} kota", author="Toer, Pramoedya", year=year, call=call
    )


def with_copies(number: int, *places: str) -> bytes:
    """A record whose copies come as a holdings record of its own, as some systems export them."""
    held: list[Field] = [("001", f"h{number}"), ("004", f"b{number}")]
    held += [("852", " ", " ", (("b", place), ("h", "813"))) for place in places]
    return book(number) + to_iso2709(held, leader="00000nx  a2200000zn 4500")


@pytest.fixture
def own(tmp_path: Path) -> Source:
    """Forty records in use; another library holds two of the titles as well."""
    load(source(), write(tmp_path, book(3), marc("x", "Sang pemula", author="Toer, Pramoedya", year=1990)))
    made = source(is_snapshot=True)
    load(made, write(tmp_path, *(book(n) for n in range(39)), with_copies(39, "Umum", "Anak")))
    return made


def new_dump() -> bytes:
    """b0 and b1 are gone, b2's title is another library's, b3's too, b39 lost copies, b40 and b41 are new."""
    changed = [book(2, "Sang pemula"), book(3, "Jejak langkah baru"), with_copies(39, "Umum")]
    return b"".join([*changed, *(book(n) for n in range(4, 39)), book(40), book(41)])


def carry_out(run: Run | None) -> Run:
    assert run is not None
    done = run_execute(run_id=run.pk, actor=SYSTEM)
    assert done is not None
    assert done.status in (RunStatus.DONE, RunStatus.PARTIAL), done.message
    return done


def beside(of: Source, content: bytes) -> Stream:
    stream = services.stream_upload(source=of, upload=SimpleUploadedFile("baru.mrc", content), actor=SYSTEM)
    carry_out(stream.run)
    stream.refresh_from_db()
    return stream


def switch(stream: Stream) -> Run:
    return carry_out(services.stream_switch(stream=stream, actor=SYSTEM))


def picture() -> dict[str, Any]:
    """All that is live, with the ids that the world may have noted."""
    records = SourceRecord.objects.filter(deleted_at=None)
    editions = Edition.objects.filter(record_count__gt=0)
    return {
        "state": [row for row in state()["records"] if row[-1]],
        "records": sorted(records.values_list("id", "source", "identifier", "edition_id", "first_seen_at")),
        "raw": {r.pk: bytes(r.raw) for r in records},
        "editions": sorted(
            editions.values_list("id", "title", "record_count", "library_count", "merged_into")
        ),
        "displays": {e.pk: e.display for e in editions},
        "holdings": sorted(
            Holding.objects.values_list("record_id", "edition_id", "library_id", "location", "call_number")
        ),
        "keys": sorted((r.pk, k.key) for r in records for k in r.match_keys.all()),
    }


def figures(stream: Stream) -> tuple[int, int, int, int]:
    return stream.added, stream.changed, stream.gone, stream.unchanged


def test_a_file_beside_changes_nothing_and_shows_its_difference(own: Source) -> None:
    before = picture()
    stream = beside(own, new_dump())
    assert picture() == before
    assert (stream.state, figures(stream)) == (StreamState.PENDING, (2, 3, 2, 35))
    assert StreamRecord.objects.filter(stream=stream, raw__isnull=False).count() == 5
    assert {row.identifier for row in selectors.examples_added(stream)} == {"b40", "b41"}
    assert {old.identifier for old, _ in selectors.examples_changed(stream)} == {"b2", "b3", "b39"}
    assert {row.identifier for row in selectors.examples_gone(stream)} == {"b0", "b1"}


def test_switching_brings_what_loading_the_file_would(own: Source, tmp_path: Path) -> None:
    switch(beside(own, new_dump()))
    switched = state()
    SourceRecord.objects.all().delete()
    Edition.objects.update(merged_into=None)
    Edition.objects.all().delete()
    Run.objects.all().delete()
    other = Source.objects.exclude(pk=own.pk).get()
    load(other, write(tmp_path, book(3), marc("x", "Sang pemula", author="Toer, Pramoedya", year=1990)))
    path = tmp_path / "baru.mrc"
    path.write_bytes(new_dump())
    load(own, path)
    live = [row for row in switched["records"] if row[-1]]
    assert live == state()["records"]


def test_going_back_restores_every_record_edition_and_holding(own: Source) -> None:
    before = picture()
    old_home = edition_of(own, "b2")
    switch(beside(own, new_dump()))
    assert picture() != before
    assert Edition.objects.get(pk=old_home).merged_into_id == edition_of(own, "b2"), (
        "its title is another's now"
    )
    [back] = selectors.streams_previous(own)
    assert figures(back) == (2, 3, 2, 35)
    switch(back)
    assert picture() == before
    own.refresh_from_db()
    assert own.record_count == 40


def test_going_back_can_be_taken_back(own: Source) -> None:
    switch(beside(own, new_dump()))
    after = [row for row in state()["records"] if row[-1]]
    for _ in range(2):
        [back] = selectors.streams_previous(own)
        switch(back)
    assert [row for row in state()["records"] if row[-1]] == after
    assert Stream.objects.exclude(state=StreamState.DROPPED).count() == 1
    assert StreamRecord.objects.exclude(stream__state=StreamState.PREVIOUS).count() == 0


def test_only_one_file_waits_and_the_older_one_is_dropped_with_its_bytes(own: Source) -> None:
    first = beside(own, new_dump())
    second = beside(own, new_dump())
    first.refresh_from_db()
    assert (first.state, second.state) == (StreamState.DROPPED, StreamState.PENDING)
    assert not first.records.exists()
    kept = [path.name for path in reading.files.source_folder(own).rglob("*") if path.is_file()]
    assert len(kept) == 1
    assert kept[0].startswith(f"{second.pk}-")
    switch(second)
    assert not [path for path in reading.files.source_folder(own).rglob("*") if path.is_file()]


def test_a_stream_that_the_source_overtook_is_compared_again_before_the_switch(
    own: Source, tmp_path: Path
) -> None:
    stream = beside(own, new_dump())
    own.is_snapshot = False
    own.save()
    load(own, write(tmp_path, book(5, "Judul yang lain sama sekali"), book(40)))
    assert selectors.is_outdated(stream)
    with pytest.raises(RuleViolation) as refusal:
        services.stream_switch(stream=stream, actor=SYSTEM)
    assert refusal.value.code == "outdated"
    carry_out(services.stream_compare(stream=stream, actor=SYSTEM))
    stream.refresh_from_db()
    assert figures(stream) == (1, 4, 2, 35), "b40 is there already, b5 has to go back to the file's"
    switch(stream)
    assert not SourceRecord.objects.filter(identifier="b0", deleted_at=None).exists()


def test_a_way_back_that_was_overtaken_is_counted_anew(own: Source, tmp_path: Path) -> None:
    switch(beside(own, new_dump()))
    own.is_snapshot = False
    own.save()
    load(own, write(tmp_path, book(0), book(50)))
    [back] = selectors.streams_previous(own)
    with pytest.raises(RuleViolation) as refusal:
        services.stream_switch(stream=back, actor=SYSTEM)
    assert refusal.value.code == "outdated"
    assert services.stream_compare(stream=back, actor=SYSTEM) is None
    back.refresh_from_db()
    assert figures(back) == (1, 3, 2, 37), "b0 is back already; b50, which came later, stays"
    switch(back)
    assert SourceRecord.objects.filter(source=own, deleted_at=None).count() == 41


def test_a_file_that_was_cut_short_never_stands_for_the_whole(own: Source) -> None:
    content = new_dump()
    stream = services.stream_upload(
        source=own, upload=SimpleUploadedFile("baru.mrc", content[: len(content) - 40]), actor=SYSTEM
    )
    assert stream.run is not None
    done = run_execute(run_id=stream.run.pk, actor=SYSTEM)
    assert done is not None
    assert (done.status, done.message_code) == (RunStatus.FAILED, "cut_short")
    with pytest.raises(RuleViolation):
        services.stream_switch(stream=stream, actor=SYSTEM)


def test_a_record_that_can_not_be_read_is_not_taken_for_gone(own: Source) -> None:
    stream = beside(own, new_dump() + marc("b0", ""))
    assert {row.identifier for row in selectors.examples_gone(stream)} == {"b1"}


def test_the_last_of_two_records_with_one_identifier_counts(own: Source) -> None:
    stream = beside(own, new_dump() + book(3))
    assert stream.changed == 2, "b3 is in the end as it is in use"


class Killed(BaseException):
    """A worker that goes without a word, at the very moment between two pages."""


@pytest.mark.parametrize("after", [1, 2, 3, 4, 5, 6])
def test_a_switch_whose_worker_is_killed_ends_like_an_undisturbed_one(
    own: Source, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    monkeypatch.setattr(reading, "PAGE_RECORDS", 2)
    before = picture()
    run = services.stream_switch(stream=beside(own, new_dump()), actor=SYSTEM)
    calls = 0

    def killed(run: Run, counts: object) -> None:
        nonlocal calls
        calls += 1
        if calls == after:
            raise Killed

    if after <= 5:  # four pages, and the taking out
        with pytest.raises(Killed):
            run_execute(run_id=run.pk, actor=SYSTEM, progress=killed)
        run.refresh_from_db()
        assert run.status == RunStatus.RUNNING
    done = carry_out(run)
    assert (done.created, done.updated, done.deleted) == (2, 3, 2)
    [back] = selectors.streams_previous(own)
    switch(back)
    assert picture() == before


def test_a_comparison_whose_worker_is_killed_at_its_very_end_is_done(own: Source) -> None:
    stream = beside(own, new_dump())
    Run.objects.filter(pk=stream.run_id).update(status=RunStatus.RUNNING, finished_at=None)
    carry_out(stream.run)
    stream.refresh_from_db()
    assert (stream.state, figures(stream)) == (StreamState.PENDING, (2, 3, 2, 35))


def test_a_switch_that_is_stopped_half_way_can_go_on_or_go_back(
    own: Source, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr(reading, "PAGE_RECORDS", 2)
    before = picture()
    stream = beside(own, new_dump())
    for go_on in (True, False):
        run = services.stream_switch(stream=stream, actor=SYSTEM)
        with django_capture_on_commit_callbacks(execute=True):
            stopped = run_execute(
                run_id=run.pk, actor=SYSTEM, progress=lambda run, _: run_stop(run=run, actor=SYSTEM)
            )
        assert stopped is not None
        assert stopped.status == RunStatus.STOPPED
        [back] = selectors.streams_previous(own)
        if go_on:
            assert not selectors.is_outdated(stream)
            switch(stream)
            assert not SourceRecord.objects.filter(source=own, identifier="b0", deleted_at=None).exists()
            [back] = selectors.streams_previous(own)
            switch(back)
            assert picture() == before
            stream = beside(own, new_dump())
        else:
            switch(back)
            assert picture() == before


def test_pressing_the_switch_twice_switches_once(own: Source) -> None:
    stream = beside(own, new_dump())
    run = services.stream_switch(stream=stream, actor=SYSTEM)
    with pytest.raises(Conflict):
        services.stream_switch(stream=stream, actor=SYSTEM)
    carry_out(run)
    stream.refresh_from_db()
    with pytest.raises(RuleViolation) as refusal:
        services.stream_switch(stream=stream, actor=SYSTEM)
    assert refusal.value.code == "not_ready"
