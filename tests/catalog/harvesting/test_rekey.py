"""A library moved to a new system: its records come under new numbers, and stay the records that they were."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from catalog.choices import RunStatus, SourceKind
from catalog.formats.records import Field
from catalog.harvesting import rekey
from catalog.models import Edition, GoneRecord, Holding, Item, MatchKey, Run, Source, SourceRecord
from catalog.selectors import edition_current
from catalog.selectors.rekey import replaceable_by, run_with_twins
from catalog.services import rekey as services
from catalog.services.runs import deletes_decide, run_execute, run_stop
from loans.models import Request
from network_portal.core.errors import Conflict, RuleViolation
from tests.catalog.building import (
    SYSTEM,
    edition_of,
    last_run,
    library,
    load,
    marc,
    person,
    source,
    state,
    write,
)

pytestmark = pytest.mark.django_db
WORDS = ("bumi", "laut", "angin", "hutan", "pasar", "kota", "sawah", "gunung", "sungai", "langit")


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("services.rekey.run_send", "services.schedule.run_send"):
        monkeypatch.setattr(f"catalog.{name}", lambda number: None)


def book(number: int, identifier: str, *, call: str = "", isbn: str = "", shelf: str = "Umum") -> bytes:
    """The same book in either system: only 001 differs, or what the arguments say."""
    title = f"Riwayat {WORDS[number % 10]} dan {WORDS[number // 10 % 10]} jilid {number // 100 + 1}"
    copy: tuple[Field, ...] = (
        ("852", " ", " ", (("b", shelf), ("h", call or f"9{number:02}"), ("p", f"3021{number:05}"))),
    )
    return marc(identifier, title, author="Toer, Pramoedya", year=1980 + number % 20, publisher="Hasta Mitra",
                isbn=isbn, extra=copy)  # fmt: skip


def old_books(*numbers: int) -> list[bytes]:
    return [book(n, f"slims-{n}") for n in numbers]


def new_books(*numbers: int) -> list[bytes]:
    return [book(n, f"koha-{7000 + n}") for n in numbers]


@pytest.fixture
def own(tmp_path: Path) -> Source:
    made = source(library("UNPAD"), name="Katalog", is_snapshot=True)
    load(made, write(tmp_path, *old_books(*range(40))))
    return made


@pytest.fixture
def moved(own: Source, tmp_path: Path, django_capture_on_commit_callbacks: Any) -> Source:
    """38 of the 40 come again under new numbers, with two that are new; two are gone."""
    with django_capture_on_commit_callbacks(execute=True):
        load(own, write(tmp_path, *new_books(*range(2, 42))))
    return own


def carry_out(run: Run, **how: Any) -> Run:
    done = run_execute(run_id=run.pk, actor=SYSTEM, **how)
    assert done is not None
    assert done.status in (RunStatus.DONE, RunStatus.PARTIAL), done.message
    return done


def kept(of: Source) -> dict[str, tuple[int, int | None, object]]:
    """By barcode, so that the number plays no part: who a record is."""
    records = SourceRecord.objects.filter(source=of, deleted_at=None)
    return {r.draft["holdings"][0]["barcodes"][0]: (r.pk, r.edition_id, r.first_seen_at) for r in records}


def test_a_run_that_holds_deletions_tells_how_many_records_came_under_new_numbers(moved: Source) -> None:
    run = run_with_twins(moved)
    assert run is not None
    assert run.deletes_held == 40
    twins = run.checkpoint["twins"]
    assert (twins["pairs"], twins["old"], twins["new"]) == (38, 40, 40)
    assert len(twins["examples"]) == 10
    for old, new in twins["examples"]:
        one, two = SourceRecord.objects.get(pk=old), SourceRecord.objects.get(pk=new)
        assert one.draft["title"] == two.draft["title"]
        assert one.identifier.startswith("slims-")
        assert two.identifier.startswith("koha-")


def test_records_keep_their_edition_and_history_under_the_new_number(moved: Source, tmp_path: Path) -> None:
    before = kept_before(moved)
    run = carry_out(services.rekey_start(source=moved, actor=SYSTEM))
    assert (run.read, run.updated) == (38, 38)
    after = kept(moved)
    for number in range(2, 40):
        assert after[f"3021{number:05}"] == before[f"3021{number:05}"]
    live = SourceRecord.objects.filter(source=moved, deleted_at=None)
    assert sorted(live.values_list("identifier", flat=True)) == sorted(
        [f"koha-{7000 + n}" for n in range(2, 42)] + ["slims-0", "slims-1"]
    )
    assert Edition.objects.filter(record_count__gt=1).count() == 0
    assert Holding.objects.count() == 42
    again = load(moved, write(tmp_path, *new_books(*range(2, 42)), *old_books(0, 1)))
    assert (again.unchanged, again.created, again.updated, again.deletes_held) == (42, 0, 0, 0)


def kept_before(of: Source) -> dict[str, tuple[int, int | None, object]]:
    records = SourceRecord.objects.filter(source=of, identifier__startswith="slims-")
    return {r.draft["holdings"][0]["barcodes"][0]: (r.pk, r.edition_id, r.first_seen_at) for r in records}


def test_what_has_no_partner_stays_as_it_was(moved: Source) -> None:
    carry_out(services.rekey_start(source=moved, actor=SYSTEM))
    held = Run.objects.get(deletes_held__gt=0)
    assert held.deletes_held == 2
    assert run_with_twins(moved) is None
    waiting = SourceRecord.objects.filter(pk__in=GoneRecord.objects.values("record_id"))
    assert {record.identifier for record in waiting} == {"slims-0", "slims-1"}
    carry_out(deletes_decide(run=held, take_out=True, actor=SYSTEM))
    assert SourceRecord.objects.filter(source=moved, deleted_at=None).count() == 40


def test_a_request_means_the_same_book_afterwards(moved: Source) -> None:
    home = moved.library
    wanted = Edition.objects.get(pk=edition_of(moved, "slims-7"))
    twin = SourceRecord.objects.get(identifier="koha-7007")
    assert twin.edition_id is not None
    request = Request.objects.create(
        number="UNPAD-2026-000001", edition=wanted, title=wanted.title, status="submitted",
        patron=person("patron", home), requesting_library=home,
    )  # fmt: skip
    carry_out(services.rekey_start(source=moved, actor=SYSTEM))
    request.refresh_from_db()
    assert request.edition_id == wanted.pk
    current = edition_current(wanted.pk)
    assert (current.pk, current.record_count, current.library_count) == (wanted.pk, 1, 1)
    assert edition_of(moved, "koha-7007") == wanted.pk


def test_an_edition_that_only_the_twin_had_leads_to_the_old_one(
    own: Source, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    """Matching keeps two editions apart where the new system lost the year; the ISBN and title are still theirs."""
    isbn = "9789799731234"
    load(own, write(tmp_path, *old_books(*range(40)), book(50, "slims-50", isbn=isbn)))
    old_home = edition_of(own, "slims-50")
    with django_capture_on_commit_callbacks(execute=True):
        load(own, write(tmp_path, *new_books(*range(40)), book(50, "koha-7050", isbn=isbn, call="959.8 BAR")))
    stray = Edition.objects.create(
        title="Riwayat", created_at=timezone.now(), changed_at=timezone.now(), record_count=1, library_count=1
    )
    SourceRecord.objects.filter(identifier="koha-7050").update(edition=stray)
    Holding.objects.filter(record__identifier="koha-7050").update(edition=stray)
    carry_out(services.rekey_start(source=own, actor=SYSTEM))
    assert edition_current(stray.pk).pk == old_home
    held = Holding.objects.get(record__identifier="koha-7050")
    assert (held.edition_id, held.call_number) == (old_home, "959.8 BAR")
    assert Edition.objects.get(pk=old_home).record_count == 1


def test_another_librarys_record_in_the_twins_edition_stays_there(
    own: Source, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    neighbour = source()
    with django_capture_on_commit_callbacks(execute=True):
        load(own, write(tmp_path, *new_books(*range(40))))
    load(neighbour, write(tmp_path, marc("n1", "Buku tetangga yang lain", year=2001)))
    foreign = edition_of(neighbour, "n1")
    SourceRecord.objects.filter(identifier="koha-7005").update(edition=foreign)
    carry_out(services.rekey_start(source=own, actor=SYSTEM))
    assert Edition.objects.get(pk=foreign).merged_into_id is None
    assert edition_of(neighbour, "n1") == foreign
    assert Edition.objects.get(pk=foreign).record_count == 1


def test_identical_copies_are_paired_one_to_one(
    own: Source, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    double = [book(1, "slims-1b"), book(1, "slims-1c")]
    load(own, write(tmp_path, *old_books(*range(40)), *double))
    with django_capture_on_commit_callbacks(execute=True):
        load(own, write(tmp_path, *new_books(*range(40)), book(1, "koha-8001")))
    run = run_with_twins(own)
    assert run is not None
    assert run.checkpoint["twins"]["pairs"] == 41, "three are missing, two came: one stays"
    carry_out(services.rekey_start(source=own, actor=SYSTEM))
    assert SourceRecord.objects.filter(source=own, deleted_at=None).count() == 42


def test_books_that_merely_look_alike_are_not_changed_over(
    own: Source, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    others = [marc(f"z{n}", f"Pengantar ilmu ke-{n} {WORDS[n % 10]}", year=2010) for n in range(40)]
    with django_capture_on_commit_callbacks(execute=True):
        load(own, write(tmp_path, *others))
    assert last_run(own).deletes_held == 40
    assert run_with_twins(own) is None
    with pytest.raises(RuleViolation) as refusal:
        services.rekey_start(source=own, actor=SYSTEM)
    assert refusal.value.code == "nothing_to_change"


def test_where_a_record_must_be_missing_twice_the_twins_are_those_of_the_first_list(
    own: Source, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    own.delete_after = 2
    own.save(update_fields=["delete_after"])
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            load(own, write(tmp_path, *new_books(*range(40))))
    run = run_with_twins(own)
    assert run is not None
    assert run.checkpoint["twins"]["pairs"] == 40
    carry_out(services.rekey_start(source=own, actor=SYSTEM))
    assert SourceRecord.objects.filter(source=own, deleted_at=None).count() == 40
    assert not Run.objects.filter(deletes_held__gt=0).exists()


@pytest.mark.parametrize("keep_first", [False, True])
def test_the_offer_stands_when_the_next_list_comes_before_anybody_looked(
    moved: Source, tmp_path: Path, keep_first: bool, django_capture_on_commit_callbacks: Any
) -> None:
    if keep_first:
        carry_out(deletes_decide(run=last_run(moved), take_out=False, actor=SYSTEM))
        assert run_with_twins(moved) is None
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            load(moved, write(tmp_path, *new_books(*range(2, 42))))
    run = run_with_twins(moved)
    assert run == last_run(moved)
    assert run is not None
    assert (run.created, run.checkpoint["twins"]["pairs"]) == (0, 38)
    carry_out(services.rekey_start(source=moved, actor=SYSTEM))
    assert SourceRecord.objects.filter(source=moved, deleted_at=None).count() == 42
    assert not Run.objects.filter(checkpoint__has_key="twins").exists()


def test_pressing_twice_changes_over_once(moved: Source) -> None:
    run = services.rekey_start(source=moved, actor=SYSTEM)
    with pytest.raises(Conflict):
        services.rekey_start(source=moved, actor=SYSTEM)
    carry_out(run)
    done = state()
    with pytest.raises(RuleViolation):
        services.rekey_start(source=moved, actor=SYSTEM)
    assert state() == done


class Killed(BaseException):
    """A worker that goes without a word between two pages."""


def test_a_worker_that_is_killed_in_between_does_nothing_twice(
    moved: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rekey, "PAGE_PAIRS", 10)
    before = kept_before(moved)
    run = services.rekey_start(source=moved, actor=SYSTEM)
    for page in (1, 2):

        def killed(run: Run, counts: object, page: int = page) -> None:
            raise Killed

        with pytest.raises(Killed):
            run_execute(run_id=run.pk, actor=SYSTEM, progress=killed)
    done = carry_out(run)
    assert (done.updated, done.resumed) == (38, 2)
    after = kept(moved)
    assert all(after[f"3021{n:05}"] == before[f"3021{n:05}"] for n in range(2, 40))
    assert MatchKey.objects.filter(record__source=moved).values("record").distinct().count() == 42


def test_what_a_stop_leaves_is_offered_again(
    moved: Source, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr(rekey, "PAGE_PAIRS", 10)
    run = services.rekey_start(source=moved, actor=SYSTEM)
    with django_capture_on_commit_callbacks(execute=True):
        run_execute(run_id=run.pk, actor=SYSTEM, progress=lambda run, _: run_stop(run=run, actor=SYSTEM))
    held = run_with_twins(moved)
    assert held is not None
    assert (held.deletes_held, held.checkpoint["twins"]["pairs"]) == (30, 28)
    carry_out(services.rekey_start(source=moved, actor=SYSTEM))
    assert SourceRecord.objects.filter(source=moved, deleted_at=None).count() == 42


# --- a new source in the place of an old one


@pytest.fixture
def pair(own: Source, tmp_path: Path) -> tuple[Source, Source]:
    due = timezone.now() + timedelta(hours=3)
    Source.objects.filter(pk=own.pk).update(kind=SourceKind.URL, interval_hours=24, next_due_at=due)
    fresh = source(own.library, name="Koha")
    load(fresh, write(tmp_path, *new_books(*range(2, 42))))
    return own, fresh


def test_a_new_source_takes_the_records_of_the_one_it_replaces(pair: tuple[Source, Source]) -> None:
    old, fresh = pair
    before = kept_before(old)
    assert list(replaceable_by(fresh)) == [old]
    found = carry_out(services.survey_start(source=fresh, replaces=old, actor=SYSTEM)).checkpoint["found"]
    assert (found["pairs"], found["old"], found["new"]) == (38, 40, 40)
    carry_out(services.rekey_start(source=fresh, replaces=old, actor=SYSTEM))
    after = kept(fresh)
    assert all(after[f"3021{n:05}"] == before[f"3021{n:05}"] for n in range(2, 40))
    old.refresh_from_db()
    fresh.refresh_from_db()
    assert (old.record_count, fresh.record_count) == (2, 40)
    assert (old.enabled, old.next_due_at) == (False, None), "it would bring its records a second time"
    assert Edition.objects.filter(record_count__gt=1).count() == 0


def test_only_a_source_of_the_same_library_can_be_replaced(pair: tuple[Source, Source]) -> None:
    with pytest.raises(RuleViolation) as refusal:
        services.rekey_start(source=source(), replaces=pair[0], actor=SYSTEM)
    assert refusal.value.code == "other_library"


def test_copies_that_an_agent_told_of_follow_their_record(moved: Source) -> None:
    old = SourceRecord.objects.get(identifier="slims-9")
    Item.objects.create(source=moved, item_id="302100009", local_id="slims-9", record=old, as_of=timezone.now(),
                        location="Ruang baca")  # fmt: skip
    Holding.objects.filter(record=old).update(location="Ruang baca")
    carry_out(services.rekey_start(source=moved, actor=SYSTEM))
    item = Item.objects.get()
    assert (item.record_id, item.local_id) == (old.pk, "koha-7009")
    assert Holding.objects.get(record=old).location == "Ruang baca"


def test_a_comparison_whose_worker_was_lost_is_taken_up_again_and_made_once(
    pair: tuple[Source, Source],
) -> None:
    old, fresh = pair
    run = services.survey_start(source=fresh, replaces=old, actor=SYSTEM)
    Run.objects.filter(pk=run.pk).update(
        status=RunStatus.RUNNING, checkpoint={**run.checkpoint, "steps_done": 2, "steps": 5}
    )
    done = carry_out(run)
    assert (done.resumed, done.read, done.checkpoint["found"]["pairs"]) == (1, 80, 38)
    assert (done.created, done.updated, done.deleted) == (0, 0, 0)
    again = {**done.checkpoint, "found": {**done.checkpoint["found"], "pairs": 37}}
    Run.objects.filter(pk=run.pk).update(status=RunStatus.RUNNING, checkpoint=again)
    assert carry_out(run).checkpoint["found"]["pairs"] == 37, "killed after its answer, it keeps it"
