"""Changed hours and closed days move the open deadlines of that library, and say how many."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from loans.choices import Level
from loans.models import Request, RequestFlag
from loans.services.recalendar import deadlines_reckon, news, reckon_job, reckon_waiting
from members.models import ClosedDay, WorkingHours
from members.selectors.calendars import last_reckoning
from members.services.calendars import CALENDAR_CHANGED, closed_day_add
from network_portal.core import events
from network_portal.core.models import JobRun
from tests.loans.world import World


def close(world: World, code: str | None, days: int) -> None:
    today = timezone.localdate()
    library = world.libraries[code] if code else None
    until = today + timedelta(days=days)
    ClosedDay.objects.create(library=library, day=today, until=until, name="Tutup", year=today.year)


def test_closing_moves_what_waits_for_that_library_and_nothing_else(world: World) -> None:
    asked = world.request_in("asked")
    attempt = asked.attempts.get()
    other = next(code for code in ("JKT", "SMG", "MKS") if code != attempt.supplier.short_code)
    close(world, other, 20)
    assert deadlines_reckon(library_id=world.libraries[other].pk).moved == 0
    close(world, attempt.supplier.short_code, 20)
    found = deadlines_reckon(library_id=attempt.supplier_id)
    assert (found.looked, found.moved) == (1, 1)
    was = asked.deadline_at
    asked.refresh_from_db()
    attempt.refresh_from_db()
    assert was is not None
    assert asked.deadline_at == asked.times_out_at == attempt.deadline_at
    assert asked.deadline_at is not None
    assert asked.deadline_at >= was + timedelta(days=14)
    assert asked.version == Request.objects.get(pk=asked.pk).version  # no step was taken
    assert deadlines_reckon(library_id=attempt.supplier_id).moved == 0


def test_what_was_late_only_because_the_library_was_shut_is_in_time_again(world: World) -> None:
    request = world.request_in("submitted")
    ago = timezone.now() - timedelta(days=9)
    Request.objects.filter(pk=request.pk).update(
        waiting_since=ago, deadline_at=ago + timedelta(days=2), stuck_since=ago + timedelta(days=2)
    )
    ClosedDay.objects.create(
        library=world.home, day=ago.date() - timedelta(days=1), until=timezone.localdate() + timedelta(days=3),
        name="x", year=2026,
    )  # fmt: skip
    deadlines_reckon(library_id=world.home.pk)
    request.refresh_from_db()
    assert request.deadline_at is not None
    assert request.deadline_at > timezone.now()
    assert request.stuck_since is None


def test_longer_hours_make_nobody_late_at_once(world: World) -> None:
    request = world.request_in("asked")
    attempt = request.attempts.get()
    since = timezone.now() - timedelta(days=6)
    ahead = timezone.now() + timedelta(days=3)
    Request.objects.filter(pk=request.pk).update(waiting_since=since, deadline_at=ahead, times_out_at=ahead)
    WorkingHours.objects.bulk_create(
        WorkingHours(library=attempt.supplier, weekday=day, opens=time(0, 1), closes=time(23, 59)) for day in range(7)
    )  # fmt: skip
    assert deadlines_reckon(library_id=attempt.supplier_id).moved == 1
    request.refresh_from_db()
    assert request.deadline_at is not None
    assert request.times_out_at is not None
    assert timezone.now() + timedelta(hours=12) < request.deadline_at < ahead
    assert request.times_out_at > timezone.now() + timedelta(hours=12)


def test_questions_beside_the_state_move_as_well(world: World) -> None:
    request = world.take(world.request_in("will_supply"), "cancel_ask")
    flag = RequestFlag.objects.get()
    was = flag.deadline_at
    close(world, request.attempts.get().supplier.short_code, 20)
    deadlines_reckon(library_id=flag.library_id)
    flag.refresh_from_db()
    assert was is not None
    assert flag.deadline_at is not None
    assert flag.deadline_at > was


@pytest.mark.django_db(transaction=True)
def test_a_change_is_worked_off_once_and_says_how_many_moved() -> None:
    from tests.loans.world import make_world

    world = make_world()
    request = world.request_in("asked")
    supplier = request.attempts.get().supplier
    assert news in events._receivers[CALENDAR_CHANGED]
    close(world, supplier.short_code, 20)
    JobRun.objects.all().delete()
    news(library_id=supplier.pk)
    news(library_id=supplier.pk)
    job = JobRun.objects.get()
    assert job.status in ("queued", "done")
    reckon_job(job.pk)
    assert reckon_job(job.pk).looked == 0
    done = last_reckoning(supplier)
    assert done is not None
    assert (done.status, done.done, done.counts.get("moved", 0)) == ("done", 1, 1)
    # One that no worker ever heard of is taken up by the clock.
    JobRun.objects.update(status="queued", created_at=timezone.now() - timedelta(minutes=5))
    reckon_waiting()
    assert JobRun.objects.get().status == "done"


def test_a_holiday_for_everybody_moves_everybody(world: World) -> None:
    asked = world.request_in("asked")
    closed_day_add(
        library=None, actor=world.actor("coordinator"), day=date.today(), until=date.today() + timedelta(days=30),
        name="Libur",
    )  # fmt: skip
    assert deadlines_reckon(library_id=None).moved == 1
    assert Request.objects.get().deadline_at != asked.deadline_at
    assert set(Level) == {"normal", "rush", "express"}
