"""A library is suspended, leaves and comes back while loans are under way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from catalog.models import DirtyEdition
from catalog.selectors.editions import holdings_of
from loans.routing.plan import lendable
from members.choices import LibraryStatus, Role
from members.models import Library, Membership, NetworkMember, StandingChange, User
from members.standing import services
from members.standing.open_business import open_items
from network_portal.core.errors import Conflict, RuleViolation
from network_portal.core.models import OutgoingMail
from tests.loans.world import World, make_person, make_world
from tests.members.world import client_of

pytestmark = pytest.mark.django_db
SOON = timezone.localdate() + timedelta(days=30)


@pytest.fixture
def world() -> World:
    world = make_world()
    for code in ("BDG", "JKT", "MKS"):
        make_person(f"kepala@{code.lower()}.example", world.libraries[code], Role.MANAGER)
    return world


def told() -> set[str]:
    rows = OutgoingMail.objects.filter(template="members_letter")
    return set(rows.values_list("to_email", flat=True))


def shown(world: World, library: Library) -> tuple[bool, bool]:
    """Is a copy of the library seen by readers, and is the library asked for it?"""
    seen = holdings_of(world.edition).filter(library=library).exists()
    return seen, lendable(world.edition.pk).filter(library=library).exists()


def test_a_loan_ends_while_its_lender_leaves_and_partners_are_told(
    world: World, django_capture_on_commit_callbacks
) -> None:  # type: ignore[no-untyped-def]
    request, coordinator = world.request_in("shipped"), world.actor("coordinator")
    lender = request.attempts.get(status="shipped").supplier
    assert [(item.number, item.side) for item in open_items(lender.pk)] == [(request.number, "supplies")]
    assert [(item.number, item.side) for item in open_items(world.home.pk)] == [(request.number, "asks")]
    before = StandingChange.objects.count()
    for _time in range(2):  # a double click
        services.leaving_announce(library=lender, reason="Gedung tutup", last_day=SOON, actor=coordinator)
    assert StandingChange.objects.count() == before + 1
    managers = {"kepala@bdg.example", f"kepala@{lender.short_code.lower()}.example"}
    assert told() == managers
    assert shown(world, lender) == (True, False)  # seen, marked as not lent, and asked for nothing
    with pytest.raises(RuleViolation) as refused:
        services.leaving_finish(library=lender, actor=coordinator)
    assert refused.value.code == "still_open"

    world.take(request, "receive", "make_ready", "lend", "take_back", "send_back", "complete")
    DirtyEdition.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        services.leaving_finish(library=lender, actor=coordinator)
    lender.refresh_from_db()
    assert lender.status == LibraryStatus.LEFT and shown(world, lender) == (False, False)
    assert DirtyEdition.objects.filter(edition_id=world.edition.pk).exists()
    assert request.attempts.filter(supplier=lender).exists()  # the history stays

    services.standing_return(library=lender, actor=coordinator)
    assert shown(world, lender) == (True, True)
    kinds = StandingChange.objects.filter(library=lender).values_list("kind", flat=True)
    assert list(kinds) == ["leaving", "left", "returned"]


def test_a_suspended_library_is_asked_for_nothing_and_takes_part_again(world: World) -> None:
    library, coordinator = world.libraries["JKT"], world.actor("coordinator")
    assert shown(world, library) == (True, True)
    for _time in range(2):
        services.standing_suspend(library=library, reason="Belum membalas", actor=coordinator)
    assert StandingChange.objects.filter(library=library).count() == 1
    assert shown(world, library) == (True, False)
    with pytest.raises(Conflict):
        services.leaving_finish(library=library, actor=coordinator)
    services.standing_return(library=library, actor=coordinator)
    assert shown(world, library) == (True, True)


def test_places_in_networks_wait_for_who_comes_back(world: World) -> None:
    from members.models import Network

    library, coordinator = world.libraries["MKS"], world.actor("coordinator")
    network = Network.objects.create(code="N", name="N")
    place = NetworkMember.objects.create(network=network, library=library, cell="timur")
    services.leaving_announce(library=library, reason="Pindah", last_day=SOON, actor=coordinator)
    services.leaving_finish(library=library, actor=coordinator)
    place.refresh_from_db()
    assert not place.is_active
    services.standing_return(library=library, actor=coordinator)
    place.refresh_from_db()
    assert place.is_active and place.cell == "timur"


def test_a_day_that_is_over_is_refused(world: World) -> None:
    with pytest.raises(RuleViolation) as refused:
        services.leaving_announce(
            library=world.libraries["MKS"], reason="x", last_day=timezone.localdate() - timedelta(days=1),
            actor=world.actor("coordinator"),
        )  # fmt: skip
    assert refused.value.code == "day_is_over"


def test_the_page_says_what_is_open_and_only_the_coordinator_decides(world: World) -> None:
    request = world.request_in("shipped")
    library = request.attempts.get(status="shipped").supplier
    url = reverse("members:standing", args=[library.short_code])
    from members.models import User

    manager = User.objects.get(email=f"kepala@{library.short_code.lower()}.example")
    page = client_of(manager).get(url)
    assert request.number in page.content.decode() and "<textarea" not in page.content.decode()
    client_of(manager).post(url, {"action": "suspend", "reason": "x"})
    library.refresh_from_db()
    assert library.is_active
    coordinator = client_of(world.people["coordinator"])
    coordinator.post(url, {"action": "leave", "reason": "Tutup", "last_day": SOON.isoformat()})
    library.refresh_from_db()
    assert library.status == LibraryStatus.SUSPENDED
    coordinator.post(url, {"action": "finish"})
    library.refresh_from_db()
    assert library.status == LibraryStatus.SUSPENDED  # a request is still under way
    assert "Tutup" in coordinator.get(url).content.decode()


def test_who_waits_to_become_a_reader_of_a_library_that_left_is_told(world: World) -> None:
    library, coordinator = world.libraries["MKS"], world.actor("coordinator")
    person = make_person("rani@example.org", library, Role.PATRON, confirmed=False)
    User.objects.filter(pk=person.pk).update(language="en")
    services.leaving_announce(library=library, reason="", last_day=timezone.localdate(), actor=coordinator)
    for _time in range(2):
        services.leaving_finish(library=library, actor=coordinator)
    row = Membership.objects.get(user=person)
    assert (row.status, row.note) == ("refused", "The library has left the network.")
    mail = OutgoingMail.objects.get(to_email="rani@example.org")
    assert row.note in mail.body_text and mail.language == "en"
    assert not Membership.objects.filter(library=library, status="pending").exists()
