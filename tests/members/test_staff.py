"""A library's staff: added by e-mail, invited, ended."""

from __future__ import annotations

import pytest
from django.test import Client

from members.choices import MembershipStatus, Role
from members.models import Library, Membership, User
from network_portal.core.models import AuditEntry
from tests.members.world import actor_of, client_of, last_mail, link_in, make_member, make_user

pytestmark = pytest.mark.django_db


def test_a_manager_adds_somebody_who_has_an_account(bandung: Library, manager: User) -> None:
    budi = make_user("budi@example.org", language="en")
    client_of(manager).post("/members/BANDUNG/staff/", {"email": "Budi@Example.org", "role": "librarian"})
    assert actor_of(budi).can("supply.manage")
    told = last_mail("members_staff_added")
    assert told.language == "en" and "Perpustakaan Kota Bandung" in told.subject
    assert AuditEntry.objects.get(code="members.staff.added").data["role"] == "librarian"


def test_somebody_without_an_account_is_invited_chooses_a_password_and_works(
    bandung: Library, manager: User
) -> None:
    client_of(manager).post(
        "/members/BANDUNG/staff/", {"email": "baru@example.org", "name": "Baru", "role": "librarian"},
        headers={"accept-language": "id"},
    )  # fmt: skip
    invitation = last_mail("members_staff_invited")
    assert invitation.sensitive
    guest = Client()
    page = guest.get(link_in(invitation), follow=True)
    new = "kata-sandi-pertama"
    guest.post(page.wsgi_request.path, {"password1": new, "password2": new})
    landed = guest.post("/accounts/login/", {"login": "baru@example.org", "password": new})
    assert landed.headers["Location"] == "/account/after-login/"
    assert guest.get("/account/after-login/").headers["Location"] == "/today/"


def test_the_same_role_is_not_given_twice(bandung: Library, manager: User, librarian: User) -> None:
    answer = client_of(manager).post(
        "/members/BANDUNG/staff/", {"email": librarian.email, "role": "librarian"}
    )
    assert answer.context["form"].errors.keys() == {"email"}
    assert Membership.objects.filter(user=librarian).count() == 1


def test_a_manager_cannot_name_a_coordinator(bandung: Library, manager: User) -> None:
    answer = client_of(manager).post(
        "/members/BANDUNG/staff/", {"email": "a@example.org", "role": "coordinator"}
    )
    assert answer.context["form"].errors.keys() == {"role"}
    assert not User.objects.filter(email="a@example.org").exists()


def test_staff_is_ended_after_a_question_and_not_by_strangers(bandung: Library, manager: User, librarian: User,
                                                             stranger: User) -> None:  # fmt: skip
    url = f"/members/BANDUNG/staff/{librarian.memberships.get().pk}/end/"
    assert client_of(stranger).post(url).status_code == 404
    assert client_of(manager).get(url).status_code == 200
    assert librarian.memberships.get().status == MembershipStatus.CONFIRMED
    client_of(manager).post(url)
    assert librarian.memberships.get().status == MembershipStatus.ENDED
    assert not actor_of(librarian).capabilities


def test_a_manager_does_not_end_the_coordinator_who_sits_in_the_same_library(
    bandung: Library, manager: User
) -> None:
    make_member("sri@jaringan.example", bandung, Role.COORDINATOR)
    other = make_member("tri@jaringan.example", bandung, Role.COORDINATOR)
    url = f"/members/BANDUNG/staff/{other.memberships.get().pk}/end/"
    assert client_of(manager).post(url).status_code == 404


def test_readers_do_not_see_the_staff_list(bandung: Library) -> None:
    assert (
        client_of(make_member("budi@example.org", bandung)).get("/members/BANDUNG/staff/").status_code == 403
    )
