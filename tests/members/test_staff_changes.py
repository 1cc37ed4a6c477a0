"""Roles changed, invitations sent again and withdrawn, and what ends at once with a role."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client

from catalog.models import Source
from catalog.services.keys import key_find, key_make
from members.choices import MembershipStatus, Role
from members.models import Library, Membership, User
from members.services.memberships import membership_end
from members.services.staff import staff_add, staff_role_set
from members.working import SESSION_KEY
from network_portal.core.errors import RuleViolation
from network_portal.core.models import AuditEntry
from tests.members.world import actor_of, client_of, last_mail, link_in, make_member

pytestmark = pytest.mark.django_db


def _invited(client: Client, email: str = "baru@example.org", role: str = "librarian") -> Membership:
    client.post("/members/BANDUNG/staff/", {"email": email, "name": "Baru", "role": role})
    return Membership.objects.get(user__email=email)


def _opens(path: str) -> bool:
    page = Client().get(path, follow=True)
    return "password1" in page.content.decode()


def test_an_invitation_sent_again_has_a_new_link_and_the_old_one_is_dead(
    bandung: Library, manager: User
) -> None:
    client = client_of(manager)
    row = _invited(client)
    first = link_in(last_mail("members_staff_invited"))
    client.post(f"/members/BANDUNG/staff/{row.pk}/resend/")
    second = link_in(last_mail("members_staff_invited"))
    assert first != second and _opens(second) and not _opens(first)
    assert AuditEntry.objects.filter(code="members.staff.invited_again").exists()


def test_a_withdrawn_invitation_opens_nothing_and_its_mail_does_not_leave(
    bandung: Library, manager: User
) -> None:
    client = client_of(manager)
    row = _invited(client)
    link = link_in(last_mail("members_staff_invited"))
    assert client.get(f"/members/BANDUNG/staff/{row.pk}/withdraw/").status_code == 200
    client.post(f"/members/BANDUNG/staff/{row.pk}/withdraw/")
    row.refresh_from_db()
    assert row.status == MembershipStatus.ENDED and not _opens(link)
    assert last_mail("members_staff_invited").status == "withdrawn"


def test_somebody_whose_invitation_was_withdrawn_can_be_invited_again(
    bandung: Library, manager: User
) -> None:
    client = client_of(manager)
    client.post(f"/members/BANDUNG/staff/{_invited(client).pk}/withdraw/")
    client.post("/members/BANDUNG/staff/", {"email": "baru@example.org", "role": "librarian"})
    assert _opens(link_in(last_mail("members_staff_invited")))


def test_an_answered_invitation_is_not_withdrawn(bandung: Library, manager: User, librarian: User) -> None:
    answer = client_of(manager).post(f"/members/BANDUNG/staff/{librarian.memberships.get().pk}/withdraw/")
    assert answer.status_code == 409
    assert librarian.memberships.get().status == MembershipStatus.CONFIRMED


def test_a_manager_makes_a_librarian_manager_and_back(
    bandung: Library, manager: User, librarian: User
) -> None:
    client, row = client_of(manager), librarian.memberships.get()
    client.post(f"/members/BANDUNG/staff/{row.pk}/role/", {"role": "manager"})
    assert actor_of(librarian).can("library.edit")
    client.post(f"/members/BANDUNG/staff/{row.pk}/role/", {"role": "librarian"})
    assert not actor_of(librarian).can("library.edit")
    told = AuditEntry.objects.filter(code="members.staff.role_set").first()
    assert told is not None and told.data == {"before": "manager", "role": "librarian"}


def test_nobody_is_raised_above_the_role_of_who_raises(
    bandung: Library, manager: User, librarian: User
) -> None:
    row = librarian.memberships.get()
    answer = client_of(manager).post(f"/members/BANDUNG/staff/{row.pk}/role/", {"role": "coordinator"})
    assert answer.context["form"].errors.keys() == {"role"}
    for role in (Role.COORDINATOR, Role.MANAGER):
        with pytest.raises(PermissionDenied):
            staff_role_set(membership=row, role=role, actor=actor_of(librarian))
    with pytest.raises(PermissionDenied):
        staff_role_set(membership=row, role=Role.COORDINATOR, actor=actor_of(manager))
    with pytest.raises(PermissionDenied):
        staff_add(library=bandung, email="x@example.org", role=Role.MANAGER, actor=actor_of(librarian))


def test_a_manager_does_not_lower_a_coordinator(bandung: Library, manager: User) -> None:
    make_member("sri@jaringan.example", bandung, Role.COORDINATOR)
    other = make_member("tri@jaringan.example", bandung, Role.COORDINATOR).memberships.get()
    with pytest.raises(PermissionDenied):
        staff_role_set(membership=other, role=Role.LIBRARIAN, actor=actor_of(manager))


def test_the_last_manager_and_the_last_coordinator_stay_what_they_are(
    bandung: Library, manager: User, coordinator: User
) -> None:
    for person, code in ((manager, "last_manager"), (coordinator, "last_coordinator")):
        with pytest.raises(RuleViolation) as refused:
            staff_role_set(membership=person.memberships.get(), role=Role.LIBRARIAN, actor=actor_of(person))
        assert refused.value.code == code


def test_somebody_who_was_only_invited_is_no_other_manager(bandung: Library, manager: User) -> None:
    _invited(client_of(manager), role="manager")
    with pytest.raises(RuleViolation) as refused:
        membership_end(membership=manager.memberships.get(), actor=actor_of(manager))
    assert refused.value.code == "last_manager"


def test_leaving_staff_are_out_in_the_middle_of_a_session(
    bandung: Library, manager: User, librarian: User
) -> None:
    at_work = client_of(librarian)
    at_work.post("/account/library/", {"library": bandung.pk})
    assert at_work.get("/queue/requesting/").status_code == 200
    assert SESSION_KEY in at_work.session
    client_of(manager).post(f"/members/BANDUNG/staff/{librarian.memberships.get().pk}/end/")
    assert at_work.get("/queue/requesting/").status_code == 302
    assert "_auth_user_id" not in at_work.session and SESSION_KEY not in at_work.session


def test_a_lower_role_logs_out_and_a_higher_one_does_not(
    bandung: Library, manager: User, librarian: User
) -> None:
    at_work, row = client_of(librarian), librarian.memberships.get()
    staff_role_set(membership=row, role=Role.MANAGER, actor=actor_of(manager))
    assert at_work.get("/members/BANDUNG/staff/").status_code == 200
    staff_role_set(membership=row, role=Role.LIBRARIAN, actor=actor_of(manager))
    assert at_work.get("/members/BANDUNG/staff/").status_code == 302


def test_keys_that_leaving_staff_made_open_nothing_any_more(
    bandung: Library, manager: User, librarian: User
) -> None:
    source = Source.objects.create(library=bandung, name="Katalog")
    _key, theirs = key_make(source=source, name="agen", actor=actor_of(librarian))
    _key, other = key_make(source=source, name="agen 2", actor=actor_of(manager))
    membership_end(membership=librarian.memberships.get(), actor=actor_of(manager))
    assert key_find(theirs) is None and key_find(other) is not None


def test_the_list_is_narrowed_sorted_and_saved_without_formulas(bandung: Library, manager: User) -> None:
    make_member("zul@bandung.example", bandung, Role.LIBRARIAN, name="=cmd|' /C calc'!A0")
    client = client_of(manager)
    names = [row.user.email for row in client.get("/members/BANDUNG/staff/?sort=email").context["page"]]
    assert names == ["made@bandung.example", "zul@bandung.example"]
    found = client.get("/members/BANDUNG/staff/?role=manager").context["page"]
    assert [row.user.email for row in found] == ["made@bandung.example"]
    answer = client.get("/members/BANDUNG/staff/staff.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "'=cmd|" in text and "made@bandung.example" in text


def test_the_staff_list_asks_the_same_number_of_questions_for_any_number(
    bandung: Library, manager: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        make_member(f"p{number}@bandung.example", bandung, Role.LIBRARIAN)
    client = client_of(manager)
    client.get("/members/BANDUNG/staff/")
    with django_assert_max_num_queries(12):
        client.get("/members/BANDUNG/staff/")


@pytest.mark.django_db(transaction=True)
def test_of_two_managers_who_lower_each_other_at_once_one_stays(bandung: Library, manager: User) -> None:
    other = make_member("dua@bandung.example", bandung, Role.MANAGER)
    both_ready = Barrier(2)

    def lower(who: User, by: User) -> str:
        try:
            row, actor = who.memberships.get(), actor_of(by)
            both_ready.wait(10)
            staff_role_set(membership=row, role=Role.LIBRARIAN, actor=actor)
            return "done"
        except RuleViolation as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(lower, manager, other), pool.submit(lower, other, manager)]
        assert sorted(answer.result() for answer in answers) == ["done", "last_manager"]
    assert Membership.objects.filter(role=Role.MANAGER, library=bandung).count() == 1
