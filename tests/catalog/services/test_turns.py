"""Runs that leave their worker and come back: paused, outside their hours, or making room for others."""

from __future__ import annotations

from collections import deque
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.choices import RunStatus, SourceKind
from catalog.harvesting import nights, schedule, turns
from catalog.harvesting.nights import is_open, next_opening
from catalog.harvesting.pipeline import read_into_catalogue
from catalog.models import Edition, Run, Source, SourceRecord
from catalog.services import schedule as services
from catalog.services.runs import run_execute, run_queue, run_stop
from catalog.services.sources import source_start
from catalog.tasks import run_source
from network_portal.core.errors import RuleViolation
from network_portal.core.models import AuditEntry, JobRun
from tests.catalog.building import SYSTEM, library, marc, person, source, state, write

pytestmark = pytest.mark.django_db

PAGE = 100
NIGHT = {"night_from": time(22), "night_until": time(4)}


@pytest.fixture(autouse=True)
def queue(monkeypatch: pytest.MonkeyPatch) -> deque[int]:
    """The workers' queue; the tests are the worker."""
    sent: deque[int] = deque()
    monkeypatch.setattr("catalog.services.schedule.run_send", sent.append)
    monkeypatch.setattr("catalog.services.sources._send", sent.append)
    return sent


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(read_into_catalogue.__kwdefaults__, "page_records", PAGE)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`clock(datetime)` sets the time that the schedule goes by."""

    def at(moment: datetime) -> None:
        for module in (schedule, turns, services):
            monkeypatch.setattr(module.timezone, "now", lambda: moment)

    return at


def file_source(folder: Path, count: int, **values: Any) -> Source:
    name = f"{count}-{Source.objects.count()}"
    path = write(folder, *(marc(f"{name}-{n}", f"Judul {n} dari {name}", year=1990) for n in range(count)),
                 name=f"{name}.mrc")  # fmt: skip
    return source(kind=SourceKind.PATH, path=str(path), interval_hours=24, **values)


def jakarta(hour: int, day: int = 10) -> datetime:
    """An hour of November 2026 on a clock in Jakarta, seven hours before UTC's."""
    return datetime(2026, 11, day, hour, tzinfo=nights.ZoneInfo("Asia/Jakarta"))


def pause_after(pages: int) -> Any:
    """A progress that presses the pause button once so many pages are in."""
    left = iter(range(pages - 1, -1, -1))

    def progress(run: Run, counts: object) -> None:
        if next(left, None) == 0:
            services.run_pause(run=run, actor=SYSTEM)

    return progress


# --- pausing


def test_a_paused_run_leaves_after_its_page_and_goes_on_there(tmp_path: Path, queue: deque[int]) -> None:
    own = file_source(tmp_path, 250)
    run = run_queue(source=own, actor=SYSTEM)
    run_execute(run_id=run.pk, actor=SYSTEM, progress=pause_after(1))
    run.refresh_from_db()
    assert (run.status, run.pause_asked, run.read, run.checkpoint["position"]) == (
        RunStatus.PAUSED,
        False,
        PAGE,
        PAGE,
    )
    assert JobRun.objects.get(pk=run.job_id).status == "queued", "the job has not failed"

    services.run_resume(run=run, actor=SYSTEM)
    services.run_resume(run=run, actor=SYSTEM)
    done = run_execute(run_id=run.pk, actor=SYSTEM)
    assert done is not None
    assert (done.status, done.read, done.created, done.resumed) == (RunStatus.DONE, 250, 250, 0)


def test_nobody_takes_up_a_paused_run(tmp_path: Path, clock: Any) -> None:
    own = file_source(tmp_path, 3)
    run = services.run_pause(run=run_queue(source=own, actor=SYSTEM), actor=SYSTEM)
    assert run.status == RunStatus.PAUSED
    clock(timezone.now() + timedelta(days=3))
    assert services.dispatch(actor=SYSTEM) == []
    assert run_execute(run_id=run.pk, actor=SYSTEM) is None, "not even when its message comes late"
    assert SourceRecord.objects.count() == 0


def test_a_pause_can_be_taken_back_before_the_page_ends(tmp_path: Path) -> None:
    own = file_source(tmp_path, 250)
    run = run_queue(source=own, actor=SYSTEM)

    def change_of_mind(run: Run, counts: object) -> None:
        services.run_pause(run=run, actor=SYSTEM)
        services.run_resume(run=run, actor=SYSTEM)

    done = run_execute(run_id=run.pk, actor=SYSTEM, progress=change_of_mind)
    assert done is not None
    assert (done.status, done.read) == (RunStatus.DONE, 250)


def test_stopping_a_paused_run_ends_it_at_once_and_lets_the_source_go(tmp_path: Path) -> None:
    own = file_source(tmp_path, 250)
    run = run_queue(source=own, actor=SYSTEM)
    run_execute(run_id=run.pk, actor=SYSTEM, progress=pause_after(1))
    run_stop(run=run, actor=SYSTEM)
    run.refresh_from_db()
    assert run.status == RunStatus.STOPPED
    assert run.finished_at is not None
    assert JobRun.objects.get(pk=run.job_id).status == "stopped"
    assert SourceRecord.objects.count() == PAGE, "what was read stays"
    run_queue(source=own, actor=SYSTEM)
    with pytest.raises(RuleViolation):
        services.run_resume(run=run, actor=SYSTEM)


def test_a_paused_source_is_not_fetched_and_goes_on_where_it_stood(
    tmp_path: Path, queue: deque[int], django_capture_on_commit_callbacks: Any
) -> None:
    own = file_source(tmp_path, 250, next_due_at=timezone.now())
    run = run_queue(source=own, actor=SYSTEM)
    run_execute(
        run_id=run.pk, actor=SYSTEM, progress=lambda *_: services.source_pause(source=own, actor=SYSTEM)
    )
    run.refresh_from_db()
    assert (run.status, run.read) == (RunStatus.PAUSED, PAGE)
    assert services.dispatch(actor=SYSTEM) == []
    with pytest.raises(RuleViolation, match="source"):
        services.run_resume(run=run, actor=SYSTEM)
    with django_capture_on_commit_callbacks(execute=True):
        services.source_resume(source=own, actor=SYSTEM)
        services.source_resume(source=own, actor=SYSTEM)
    assert list(queue) == [run.pk]
    done = run_execute(run_id=run.pk, actor=SYSTEM)
    assert done is not None
    assert (done.status, done.read) == (RunStatus.DONE, 250)


def test_what_was_uploaded_goes_on_though_its_source_is_paused(tmp_path: Path) -> None:
    own = file_source(tmp_path, 3)
    upload = run_queue(source=own, actor=SYSTEM, stored_path=own.path)
    services.source_pause(source=own, actor=SYSTEM)
    done = run_execute(run_id=upload.pk, actor=SYSTEM)
    assert done is not None
    assert done.status == RunStatus.DONE


def test_a_paused_source_with_nothing_to_do_can_not_be_started(tmp_path: Path) -> None:
    own = file_source(tmp_path, 3, next_due_at=timezone.now())
    services.source_pause(source=own, actor=SYSTEM)
    own.refresh_from_db()
    assert services.dispatch(actor=SYSTEM) == []
    with pytest.raises(RuleViolation) as refusal:
        source_start(source=own, actor=SYSTEM)
    assert refusal.value.code == "source_paused"


# --- hours


@pytest.mark.parametrize(
    ("hour", "is_night", "opens"),
    [(21, False, jakarta(22)), (22, True, None), (23, True, None), (3, True, None), (4, False, jakarta(22))],
)
def test_a_night_may_pass_midnight(hour: int, is_night: bool, opens: datetime | None) -> None:
    own, now = source(**NIGHT), jakarta(hour)
    assert is_open(own, now) is is_night
    assert next_opening(own, now) == (opens or now)


def test_the_next_opening_after_a_morning_window_is_tomorrow() -> None:
    own = source(night_from=time(1), night_until=time(5))
    assert next_opening(own, jakarta(6)) == jakarta(1, day=11)
    assert next_opening(own, jakarta(0)) == jakarta(1)


def test_hours_are_those_of_the_library() -> None:
    makassar = source(library(time_zone="Asia/Makassar"), **NIGHT)
    at = jakarta(21)  # 22:00 in Makassar
    assert is_open(makassar, at)
    assert not is_open(source(**NIGHT), at)


def test_a_due_source_waits_for_its_hours(tmp_path: Path, clock: Any) -> None:
    own = file_source(tmp_path, 3, next_due_at=jakarta(12), **NIGHT)
    clock(jakarta(14))
    assert services.dispatch(actor=SYSTEM) == []
    clock(jakarta(22))
    assert [run.source for run in Run.objects.filter(pk__in=services.dispatch(actor=SYSTEM))] == [own]


def test_a_run_that_is_not_done_when_the_night_ends_goes_on_the_next(tmp_path: Path, clock: Any) -> None:
    file_source(tmp_path, 250, next_due_at=jakarta(22), **NIGHT)
    clock(jakarta(23))
    [number] = services.dispatch(actor=SYSTEM)
    clock_strikes = iter([jakarta(4, day=11)])

    def dawn(*_: object) -> None:
        if (morning := next(clock_strikes, None)) is not None:
            clock(morning)

    run = run_execute(run_id=number, actor=SYSTEM, progress=dawn)
    assert run is not None
    assert (run.status, run.read, run.not_before) == (RunStatus.QUEUED, PAGE, jakarta(22, day=11))
    clock(jakarta(14, day=11))
    assert services.dispatch(actor=SYSTEM) == []
    assert run_execute(run_id=number, actor=SYSTEM) is None
    clock(jakarta(22, day=11))
    assert services.dispatch(actor=SYSTEM) == [number]
    done = run_execute(run_id=number, actor=SYSTEM)
    assert done is not None
    assert (done.status, done.read, done.created) == (RunStatus.DONE, 250, 250)


def test_a_run_whose_turn_comes_only_by_day_is_put_off(tmp_path: Path, clock: Any) -> None:
    own = file_source(tmp_path, 3, **NIGHT)
    run = run_queue(source=own, actor=SYSTEM)
    clock(jakarta(9))
    assert run_execute(run_id=run.pk, actor=SYSTEM) is None
    run.refresh_from_db()
    assert (run.status, run.not_before) == (RunStatus.QUEUED, jakarta(22))


def test_whoever_starts_it_by_hand_does_not_wait_for_the_night(tmp_path: Path, clock: Any) -> None:
    own = file_source(tmp_path, 250, **NIGHT)
    clock(jakarta(9))
    run = source_start(source=own, actor=SYSTEM)
    done = run_execute(run_id=run.pk, actor=SYSTEM)
    assert done is not None
    assert (done.status, done.read) == (RunStatus.DONE, 250)


def test_a_run_that_waits_for_the_night_can_be_told_to_go_on(
    tmp_path: Path, clock: Any, queue: deque[int], django_capture_on_commit_callbacks: Any
) -> None:
    run = run_queue(source=file_source(tmp_path, 3, **NIGHT), actor=SYSTEM)
    clock(jakarta(9))
    run_execute(run_id=run.pk, actor=SYSTEM)
    with django_capture_on_commit_callbacks(execute=True):
        services.run_hurry(run=run, actor=SYSTEM)
        services.run_hurry(run=run, actor=SYSTEM)
    assert list(queue) == [run.pk]
    done = run_execute(run_id=run.pk, actor=SYSTEM)
    assert done is not None
    assert done.status == RunStatus.DONE


def test_new_hours_hold_for_what_waits_for_the_old_ones(tmp_path: Path, clock: Any) -> None:
    own = file_source(tmp_path, 3, **NIGHT)
    run = run_queue(source=own, actor=SYSTEM)
    clock(jakarta(9))
    run_execute(run_id=run.pk, actor=SYSTEM)
    services.source_hours(source=own, opens=None, closes=None, actor=SYSTEM)
    assert services.dispatch(actor=SYSTEM) == [run.pk]
    assert run_execute(run_id=run.pk, actor=SYSTEM) is not None


# --- turns


def test_one_huge_source_does_not_keep_five_small_ones_waiting(
    tmp_path: Path, settings: Any, queue: deque[int]
) -> None:
    settings.HARVEST_SLICE_SECONDS = 0
    huge = run_queue(source=file_source(tmp_path, 5 * PAGE), actor=SYSTEM)
    small = [run_queue(source=file_source(tmp_path, 150), actor=SYSTEM) for _ in range(5)]
    queue.extend([huge.pk, *(run.pk for run in small)])
    finished = []
    while queue:  # one worker
        number = queue.popleft()
        run_source(number)
        if Run.objects.get(pk=number).status == RunStatus.DONE:
            finished.append(number)
    assert finished == [*(run.pk for run in small), huge.pk]
    huge.refresh_from_db()
    assert (huge.read, huge.created, huge.resumed) == (5 * PAGE, 5 * PAGE, 0)


def test_making_room_often_is_not_giving_up(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.HARVEST_SLICE_SECONDS = 0
    monkeypatch.setattr("catalog.services.runs.MAX_RESUMES", 2)
    waiting = run_queue(source=file_source(tmp_path, 1), actor=SYSTEM)
    run = run_queue(source=file_source(tmp_path, 5 * PAGE), actor=SYSTEM)
    times = 0
    while (left := run_execute(run_id=run.pk, actor=SYSTEM)) and left.status == RunStatus.QUEUED:
        times += 1
    assert times == 5
    assert left is not None
    assert left.status == RunStatus.DONE
    waiting.refresh_from_db()
    assert waiting.status == RunStatus.QUEUED


def test_taking_turns_ends_where_one_go_would(tmp_path: Path, settings: Any) -> None:
    own = file_source(tmp_path, 350)
    run_execute(run_id=run_queue(source=own, actor=SYSTEM).pk, actor=SYSTEM)
    undisturbed = state()
    SourceRecord.objects.all().delete()
    Run.objects.all().delete()
    Edition.objects.all().delete()
    settings.HARVEST_SLICE_SECONDS = 0
    run_queue(source=source(), actor=SYSTEM)
    run = run_queue(source=own, actor=SYSTEM)
    while (left := run_execute(run_id=run.pk, actor=SYSTEM)) and left.status == RunStatus.QUEUED:
        pass
    assert state() == undisturbed


def test_who_has_the_worker_alone_keeps_it(tmp_path: Path, settings: Any) -> None:
    settings.HARVEST_SLICE_SECONDS = 0
    run = run_queue(source=file_source(tmp_path, 250), actor=SYSTEM)
    services.run_pause(run=run_queue(source=source(), actor=SYSTEM), actor=SYSTEM)
    done = run_execute(run_id=run.pk, actor=SYSTEM)
    assert done is not None
    assert done.status == RunStatus.DONE, "a paused run does not wait for a worker"


def test_each_library_has_its_turn_before_one_has_its_second() -> None:
    past = timezone.now() - timedelta(hours=1)
    big, small = library(), library()

    def due(of: Any, minutes: int) -> Source:
        return source(
            of, kind=SourceKind.URL, interval_hours=24, next_due_at=past + timedelta(minutes=minutes)
        )

    first, second, third = (due(big, n) for n in range(3))
    other = due(small, 30)
    assert schedule.sources_due() == [first, other, second, third]


def test_a_source_whose_last_run_still_goes_on_sits_the_round_out(tmp_path: Path) -> None:
    own = file_source(tmp_path, 3, next_due_at=timezone.now() - timedelta(minutes=1))
    [number] = services.dispatch(actor=SYSTEM)
    Source.objects.update(next_due_at=timezone.now() - timedelta(minutes=1))
    assert services.dispatch(actor=SYSTEM) == []
    own.refresh_from_db()
    assert own.next_due_at is not None
    assert own.next_due_at > timezone.now() + timedelta(hours=23)
    assert Run.objects.get().pk == number


# --- after a failure


def test_a_failed_fetch_is_tried_after_one_hour_then_four_then_as_ever(
    clock: Any, django_capture_on_commit_callbacks: Any
) -> None:
    own = source(kind=SourceKind.PATH, path="/nowhere", interval_hours=24, next_due_at=jakarta(8))
    for hours in (1, 4, 24):
        clock(own.next_due_at or jakarta(8))
        began = own.next_due_at or jakarta(8)
        [number] = services.dispatch(actor=SYSTEM)
        with django_capture_on_commit_callbacks(execute=True):
            run = run_execute(run_id=number, actor=SYSTEM)
        assert run is not None
        assert run.status == RunStatus.FAILED
        own.refresh_from_db()
        assert own.next_due_at == began + timedelta(hours=hours)


def test_a_fetch_that_went_well_forgets_the_failures(tmp_path: Path) -> None:
    own = file_source(tmp_path, 3)
    for status in (RunStatus.FAILED, RunStatus.FAILED, RunStatus.DONE, RunStatus.FAILED):
        Run.objects.create(source=own, status=status)
    assert schedule.failures_in_a_row(own) == 1


def test_a_failed_upload_does_not_bring_the_schedule_forward(tmp_path: Path) -> None:
    own = file_source(tmp_path, 3, next_due_at=timezone.now() + timedelta(hours=20))
    run = Run.objects.create(source=own, status=RunStatus.FAILED, stored_path="/tmp/x.mrc")
    services.retry_failed(run.pk)
    before = own.next_due_at
    own.refresh_from_db()
    assert own.next_due_at == before


# --- pages


@pytest.fixture
def manager() -> tuple[Client, Source]:
    home = library("UNHAS", time_zone="Asia/Makassar")
    client = Client(headers={"accept-language": "en"})
    client.force_login(person("manager", home), backend="django.contrib.auth.backends.ModelBackend")
    own = source(home, kind=SourceKind.URL, url="https://example.org/a.mrc", interval_hours=24,
                 next_due_at=timezone.now() - timedelta(minutes=1))  # fmt: skip
    return client, own


def test_the_page_says_until_when_a_source_waits_in_the_librarys_time(
    manager: tuple[Client, Source], clock: Any
) -> None:
    client, own = manager
    response = client.post(
        reverse("catalog:source_hours", args=[own.pk]), {"opens": "22:00", "closes": "04:00"}
    )
    assert response.status_code == 302
    Source.objects.update(next_due_at=jakarta(12))
    clock(jakarta(14))
    text = client.get(reverse("catalog:source", args=[own.pk])).content.decode()
    assert "only from 22:00 to 04:00 WITA" in text
    assert "its time has come; it waits until 22:00 WITA" in text


def test_half_a_window_is_no_window(manager: tuple[Client, Source]) -> None:
    client, own = manager
    response = client.post(reverse("catalog:source_hours", args=[own.pk]), {"opens": "22:00", "closes": ""})
    assert "Give both hours, or none." in response.content.decode()


def test_the_buttons_follow_the_state_and_bear_being_pressed_twice(manager: tuple[Client, Source]) -> None:
    client, own = manager
    run = Run.objects.create(source=own, status=RunStatus.RUNNING)

    def press(name: str, number: int) -> None:
        for _ in range(2):
            assert client.post(reverse(f"catalog:{name}", args=[number])).status_code == 302

    def page() -> str:
        return client.get(reverse("catalog:run", args=[run.pk])).content.decode()

    assert "run-pause" in page()
    press("run_pause", run.pk)
    assert "Pausing after the page at hand." in page()
    assert "run-unpause" in page()
    Run.objects.update(status=RunStatus.PAUSED, pause_asked=False)
    assert "run-resume" in page()
    assert "run-pause" not in page()
    press("run_resume", run.pk)
    press("source_pause", own.pk)
    run.refresh_from_db()
    assert run.status == RunStatus.PAUSED
    assert "run-resume" not in page(), "it is the source that has to be resumed"
    assert "nothing is fetched" in client.get(reverse("catalog:source", args=[own.pk])).content.decode()
    press("source_resume", own.pk)
    run.refresh_from_db()
    assert run.status == RunStatus.QUEUED
    client.post(reverse("catalog:run_stop", args=[run.pk]))
    run.refresh_from_db()
    assert run.status == RunStatus.STOPPED
    codes = set(AuditEntry.objects.values_list("code", flat=True))
    assert {
        "catalog.run.paused",
        "catalog.run.resumed",
        "catalog.source.paused",
        "catalog.source.resumed",
    } <= codes


def test_load_now_pressed_twice_leads_to_one_run(manager: tuple[Client, Source]) -> None:
    client, own = manager
    where = reverse("catalog:source_run", args=[own.pk])
    assert client.post(where).headers["Location"] == client.post(where).headers["Location"]
    assert Run.objects.count() == 1


def test_the_page_tells_of_failures_and_the_next_try(manager: tuple[Client, Source]) -> None:
    client, own = manager
    Source.objects.update(next_due_at=timezone.now() + timedelta(hours=1))
    Run.objects.create(source=own, status=RunStatus.FAILED)
    text = client.get(reverse("catalog:source", args=[own.pk])).content.decode()
    assert "the last fetch failed; it is tried again by itself" in text
