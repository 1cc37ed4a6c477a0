"""Days of memberships: a suspension that ends by itself, a library that has left once its last loan is back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from catalog.selectors.editions import holdings_of
from loans.selectors.standing import open_business, open_counts
from members.choices import LibraryStatus, Role
from members.models import Library, StandingChange
from members.selectors.standing import leaving_overdue
from members.standing import services
from members.standing.due import standing_look_after
from members.standing.present import standing_said
from members.tasks_standing import look_after
from network_portal.core.actor import Actor
from network_portal.core.errors import Conflict, RuleViolation
from network_portal.core.models import OutgoingMail
from tests.loans.world import World, make_person, make_world
from tests.members.world import client_of

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
SOON = TODAY + timedelta(days=10)


@pytest.fixture
def world() -> World:
    world = make_world()
    for code in ("BDG", "JKT", "MKS"):
        make_person(f"kepala@{code.lower()}.example", world.libraries[code], Role.MANAGER)
    return world


def status(library: Library) -> str:
    library.refresh_from_db()
    return library.status


def on(day) -> int:  # type: ignore[no-untyped-def]
    return standing_look_after(today=day, actor=Actor.system())


def test_a_suspension_with_a_day_ends_by_itself_on_that_day_and_not_before(world: World) -> None:
    library, coordinator = world.libraries["JKT"], world.actor("coordinator")
    for _twice in range(2):
        services.standing_suspend(library=library, reason="Pindahan", actor=coordinator, back_on=SOON)
    assert StandingChange.objects.filter(library=library).count() == 1
    with override("en"):
        assert standing_said(Library.objects.get(pk=library.pk)).endswith(
            "On that day it takes part again by itself."
        )
    assert on(SOON - timedelta(days=1)) == 0 and status(library) == LibraryStatus.SUSPENDED
    assert on(SOON) == 1 and status(library) == LibraryStatus.ACTIVE
    assert on(SOON) == 0
    mails = OutgoingMail.objects.filter(target_type="members.standingchange")
    back = StandingChange.objects.get(library=library, kind="returned")
    told = set(mails.filter(target_id=str(back.pk)).values_list("to_email", flat=True))
    assert told == {"kepala@jkt.example", world.people["coordinator"].email}


def test_another_day_for_a_suspended_library_replaces_the_first_one(world: World) -> None:
    library, coordinator = world.libraries["JKT"], world.actor("coordinator")
    services.standing_suspend(library=library, reason="x", actor=coordinator, back_on=SOON)
    services.standing_suspend(library=library, reason="lebih lama", actor=coordinator)
    assert on(SOON + timedelta(days=400)) == 0 and status(library) == LibraryStatus.SUSPENDED
    for day in (TODAY, TODAY - timedelta(days=1)):
        with pytest.raises(RuleViolation) as refused:
            services.standing_suspend(library=library, reason="x", actor=coordinator, back_on=day)
        assert refused.value.code == "day_is_over"


def test_a_library_has_left_by_itself_after_its_day_and_its_last_loan(world: World) -> None:
    request, coordinator = world.request_in("shipped"), world.actor("coordinator")
    lender = request.attempts.get(status="shipped").supplier
    services.leaving_announce(library=lender, reason="Tutup", last_day=SOON, actor=coordinator)
    assert on(SOON - timedelta(days=1)) == 0
    assert on(SOON) == 0 and on(SOON) == 0  # a loan is still out
    assert status(lender) == LibraryStatus.SUSPENDED
    held = OutgoingMail.objects.filter(dedupe_key__startswith="standing-held-")
    assert set(held.values_list("to_email", flat=True)) == {
        f"kepala@{lender.short_code.lower()}.example", world.people["coordinator"].email,
    }  # fmt: skip
    assert [change.library for change in leaving_overdue(SOON + timedelta(days=1))] == [lender]
    assert not leaving_overdue(SOON).exists()
    assert held.count() == 2 and all(request.number in mail.body_text for mail in held)

    world.take(request, "receive", "make_ready", "lend", "take_back", "send_back", "complete")
    assert on(SOON - timedelta(days=1)) == 0  # all is back, but its day has not come
    assert on(SOON) == 1 and status(lender) == LibraryStatus.LEFT
    assert not holdings_of(world.edition).filter(library=lender).exists()
    assert request.attempts.filter(supplier=lender).exists()
    assert look_after() == 0


def test_leaving_can_be_called_off_until_it_has_left(world: World) -> None:
    library, coordinator = world.libraries["MKS"], world.actor("coordinator")
    with pytest.raises(Conflict):
        services.leaving_call_off(library=library, actor=coordinator)
    services.leaving_announce(library=library, reason="Keliru", last_day=SOON, actor=coordinator)
    for _twice in range(2):
        services.leaving_call_off(library=library, actor=coordinator)
    assert status(library) == LibraryStatus.ACTIVE and on(SOON) == 0
    kinds = StandingChange.objects.filter(library=library).values_list("kind", flat=True)
    assert list(kinds) == ["leaving", "stays"]

    services.leaving_announce(library=library, reason="Sungguh", last_day=TODAY, actor=coordinator)
    assert on(TODAY) == 1
    with pytest.raises(Conflict):
        services.leaving_call_off(library=library, actor=coordinator)
    assert status(library) == LibraryStatus.LEFT


def test_what_was_suspended_before_stays_suspended_with_its_day(world: World) -> None:
    library, coordinator = world.libraries["MKS"], world.actor("coordinator")
    services.standing_suspend(library=library, reason="x", actor=coordinator, back_on=SOON)
    for _twice in range(2):
        services.leaving_announce(library=library, reason="x", last_day=SOON, actor=coordinator)
        services.leaving_call_off(library=library, actor=coordinator)
        assert status(library) == LibraryStatus.SUSPENDED
    assert on(SOON) == 1 and status(library) == LibraryStatus.ACTIVE


def test_people_of_a_library_that_has_left_read_on_but_begin_nothing(world: World) -> None:
    library, coordinator = world.home, world.actor("coordinator")
    services.leaving_announce(library=library, reason="x", last_day=TODAY, actor=coordinator)
    on(TODAY)
    assert not world.reader.can("request.create") and world.desk.can("request.manage")
    reader = client_of(world.patron)
    assert reader.get(reverse("loans:my_requests")).status_code == 200
    assert reader.get(reverse("members:privacy")).status_code == 200
    with pytest.raises((RuleViolation, PermissionDenied)):
        world.submit()


def test_the_coordinator_sees_who_is_away_and_what_holds_it_up(
    world: World, django_assert_max_num_queries
) -> None:  # type: ignore[no-untyped-def]
    request, coordinator = world.request_in("shipped"), world.actor("coordinator")
    lender = request.attempts.get(status="shipped").supplier
    services.leaving_announce(library=lender, reason="Tutup", last_day=SOON, actor=coordinator)
    services.standing_suspend(library=world.libraries["MKS"], reason="x", actor=coordinator, back_on=SOON)
    ids = [one.pk for one in world.libraries.values()]
    assert {pk: open_counts(ids)[pk] for pk in ids} == {pk: len(open_business(pk)) for pk in ids}
    client = client_of(world.people["coordinator"])
    with override("en"), django_assert_max_num_queries(25):
        page = client.get(reverse("members:away"), headers={"accept-language": "en"}).content.decode()
    assert lender.name in page and world.libraries["MKS"].name in page
    client.post(reverse("members:standing", args=[lender.short_code]), {"action": "stay"})
    assert status(lender) == LibraryStatus.ACTIVE
    manager = client_of(world.people["BDG"])
    assert manager.get(reverse("members:away")).status_code == 403
