"""Who may decide about readers, and what stops them."""

from __future__ import annotations

import contextlib
import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.choices import MembershipStatus, Role
from members.models import Library, Membership, User
from members.services.memberships import membership_confirm, membership_end, membership_refuse
from network_portal.core.errors import Conflict, RuleViolation
from tests.members.world import actor_of, client_of, make_library, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(bandung: Library) -> Membership:
    return make_member("siti@example.org", bandung, status=MembershipStatus.PENDING).memberships.get()


@pytest.mark.parametrize("step", ["confirm", "refuse", "end"])
def test_another_librarys_manager_gets_404_on_a_reader(
    waiting: Membership, stranger: User, step: str
) -> None:
    answer = client_of(stranger).post(f"/people/{waiting.pk}/{step}/", {"reason": "x"})
    assert answer.status_code == 404
    waiting.refresh_from_db()
    assert waiting.status == MembershipStatus.PENDING


@pytest.mark.parametrize("step", ["confirm", "refuse", "end"])
def test_a_reader_gets_403_on_deciding(waiting: Membership, bandung: Library, step: str) -> None:
    reader = make_member("budi@example.org", bandung)
    assert client_of(reader).post(f"/people/{waiting.pk}/{step}/", {"reason": "x"}).status_code == 403
    waiting.refresh_from_db()
    assert waiting.status == MembershipStatus.PENDING


def test_the_list_shows_own_readers_by_state_with_counts(waiting: Membership, bandung: Library, makassar: Library,
                                                         librarian: User) -> None:  # fmt: skip
    make_member("budi@example.org", bandung)
    make_member("lain@example.org", makassar)
    client = client_of(librarian)
    first = client.get("/people/")
    assert [m.user.email for m in first.context["page"]] == ["siti@example.org"]
    assert [tab["count"] for tab in first.context["tabs"]] == [1, 1, 2]
    every = client.get("/people/?tab=all&q=bud")
    assert [m.user.email for m in every.context["page"]] == ["budi@example.org"]
    assert client.get("/people/?tab=confirmed&q=lain").context["page"].object_list.count() == 0


def test_an_address_that_is_not_proved_is_marked(bandung: Library, librarian: User) -> None:
    make_member("baru@example.org", bandung, status=MembershipStatus.PENDING, verified=False)
    rows = client_of(librarian).get("/people/").context["page"]
    assert [row.email_verified for row in rows] == [False]


def test_a_login_in_between_leads_back_to_the_list_and_confirms_nobody(
    waiting: Membership, librarian: User, stranger: User
) -> None:
    assert client_of(librarian).get(f"/people/{waiting.pk}/confirm/")["Location"] == "/people/"
    assert client_of(stranger).get(f"/people/{waiting.pk}/confirm/").status_code == 404
    waiting.refresh_from_db()
    assert waiting.status == MembershipStatus.PENDING


def test_the_second_of_two_librarians_is_told_that_a_colleague_was_faster(waiting: Membership, librarian: User,
                                                                         manager: User) -> None:  # fmt: skip
    membership_confirm(membership=waiting, actor=actor_of(librarian))
    with pytest.raises(Conflict) as refusal:
        membership_refuse(membership=waiting, reason="tidak dikenal", actor=actor_of(manager))
    assert refusal.value.code == "not_waiting"
    waiting.refresh_from_db()
    assert waiting.status == MembershipStatus.CONFIRMED


def test_nobody_confirms_themselves(bandung: Library, librarian: User) -> None:
    own = Membership.objects.create(user=librarian, library=bandung, role=Role.PATRON)
    with pytest.raises(RuleViolation) as refusal:
        membership_confirm(membership=own, actor=actor_of(librarian))
    assert refusal.value.code == "own_membership"


def test_the_last_manager_stays_until_another_is_named(bandung: Library, manager: User) -> None:
    only = manager.memberships.get()
    with pytest.raises(RuleViolation) as refusal:
        membership_end(membership=only, actor=actor_of(manager))
    assert refusal.value.code == "last_manager"
    make_member("kedua@bandung.example", bandung, Role.MANAGER)
    assert membership_end(membership=only, actor=actor_of(manager)).status == MembershipStatus.ENDED


def test_the_last_coordinator_stays(coordinator: User) -> None:
    with pytest.raises(RuleViolation) as refusal:
        membership_end(membership=coordinator.memberships.get(), actor=actor_of(coordinator))
    assert refusal.value.code == "last_coordinator"


@pytest.mark.django_db(transaction=True)
def test_two_coordinators_who_end_each_other_at_once_leave_one() -> None:
    people = [make_member(f"{n}@net.example", make_library(f"KOTA{n}"), Role.COORDINATOR) for n in range(2)]
    barrier = threading.Barrier(2)

    def end(by: User, other: User) -> None:
        membership, actor = other.memberships.get(), actor_of(by)
        barrier.wait(5)
        with contextlib.suppress(RuleViolation):
            membership_end(membership=membership, actor=actor)
        connection.close()

    threads = [threading.Thread(target=end, args=pair) for pair in (people, people[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert Membership.objects.filter(role=Role.COORDINATOR, status=MembershipStatus.CONFIRMED).count() == 1


def test_an_ended_reader_can_ask_for_nothing_more(bandung: Library, librarian: User) -> None:
    budi = make_member("budi@example.org", bandung)
    client_of(librarian).post(f"/people/{budi.memberships.get().pk}/end/")
    assert not actor_of(budi).can("request.create")


def queries(client: object, url: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200  # type: ignore[attr-defined]
    return len(seen)


def test_one_reader_and_twenty_cost_the_same_number_of_queries(bandung: Library, librarian: User) -> None:
    client = client_of(librarian)
    make_member("p0@example.org", bandung)
    client.get("/people/?tab=all")
    one = queries(client, "/people/?tab=all")
    for n in range(1, 20):
        make_member(f"p{n}@example.org", bandung)
    assert queries(client, "/people/?tab=all") == one
