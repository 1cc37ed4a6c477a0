"""Whose account a reader comes to through their library, and who is not let in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from django.db import connection
from django.test import Client
from django.utils import timezone

from members.choices import LibraryStatus, MembershipStatus, Role
from members.models import Library, Membership, PatronCategory, SignInBinding, SignInProvider, User
from members.services.memberships import membership_end
from members.signin.arriving import arrive
from members.signin.claims import identity_of
from members.signin.services import provider_save, provider_turn_off
from network_portal.core.actor import Actor
from network_portal.core.models import AuditEntry, OutgoingMail
from tests.members.signin.server import Provider
from tests.members.signin.walk import back, begin, come, is_logged_in
from tests.members.world import PASSWORD, add_second_factor, last_mail, link_in, make_member, make_user

pytestmark = pytest.mark.django_db
ADDRESS = "ani@kampus.example"


def words(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_the_server_is_asked_with_pkce_state_and_nonce(client: Client, campus: SignInProvider) -> None:
    asked = begin(client)
    assert asked["_address"] == f"{campus.issuer}/authorize"
    assert asked["response_type"] == "code" and asked["code_challenge_method"] == "S256"
    assert len(asked["state"]) >= 32 and len(asked["nonce"]) >= 32 and len(asked["code_challenge"]) == 43
    assert asked["redirect_uri"].endswith("/accounts/login/library/BANDUNG/back/")
    assert "code_verifier" not in asked and "client_secret" not in asked


def test_a_new_reader_gets_an_account_and_waits_for_the_library(
    client: Client, campus: SignInProvider, server: Provider
) -> None:
    server.person |= {"nim": "2026-001"}
    answer = come(client, server)
    assert answer.status_code == 302 and is_logged_in(client)
    user = User.objects.get(email=ADDRESS)
    membership = user.memberships.get()
    assert (user.name, user.has_usable_password()) == ("Ani Lestari", False)
    assert (membership.library, membership.role, membership.status) == (campus.library, "patron", "pending")
    assert membership.card_number == "2026-001"
    assert user.sign_in_bindings.get().subject == "s-1"
    assert last_mail("members_patron_waiting").library_id == campus.library_id
    assert AuditEntry.objects.filter(code="members.sign_in.new_reader", target_id=str(membership.pk)).exists()


def test_a_library_that_trusts_its_server_confirms_at_once(
    client: Client, campus: SignInProvider, server: Provider
) -> None:
    SignInProvider.objects.update(confirms_at_once=True)
    come(client, server)
    assert Membership.objects.get(user__email=ADDRESS).is_confirmed


def test_somebody_elses_card_waits_for_a_librarian(
    client: Client, campus: SignInProvider, server: Provider, bandung: Library
) -> None:
    SignInProvider.objects.update(confirms_at_once=True)
    make_member("lain@kampus.example", bandung).memberships.update(card_number="2026-001")
    server.person |= {"nim": "2026-001"}
    come(client, server)
    assert Membership.objects.get(user__email=ADDRESS).is_pending


def test_the_second_time_issuer_and_subject_count_and_not_the_address(
    client: Client, campus: SignInProvider, server: Provider
) -> None:
    come(client, server)
    client.logout()
    server.person |= {"email": "ani.baru@kampus.example"}
    come(client, server)
    assert is_logged_in(client)
    assert User.objects.count() == 1 and User.objects.get().email == ADDRESS


def test_a_known_reader_of_this_library_with_a_proved_address_is_recognised(
    client: Client, campus: SignInProvider, server: Provider, bandung: Library
) -> None:
    reader = make_member(ADDRESS, bandung)
    come(client, server)
    assert client.session["_auth_user_id"] == str(reader.pk)
    assert reader.memberships.get().is_confirmed
    reader.refresh_from_db()
    assert reader.check_password(PASSWORD)


def test_who_chose_a_password_without_proving_the_address_loses_it(
    client: Client, campus: SignInProvider, server: Provider, bandung: Library
) -> None:
    squatter = make_member(ADDRESS, bandung, status=MembershipStatus.PENDING, verified=False)
    come(client, server)
    squatter.refresh_from_db()
    assert not squatter.has_usable_password() and squatter.session_epoch == 1
    assert EmailAddress.objects.get(user=squatter).verified
    assert is_logged_in(client)


def test_an_account_with_this_address_is_not_told_apart_while_the_server_has_not_proved_it(
    client: Client, campus: SignInProvider, server: Provider, bandung: Library
) -> None:
    server.person["email_verified"] = False
    new = come(client, server)
    make_member("budi@kampus.example", bandung)
    server.person |= {"sub": "s-2", "email": "budi@kampus.example"}
    known = come(Client(), server)
    assert new.status_code == known.status_code == 302 and new.url == known.url
    assert not is_logged_in(client)
    assert SignInBinding.objects.count() == 1
    assert last_mail("members_sign_in_known").to_email == "budi@kampus.example"


def test_an_unproved_address_is_confirmed_by_mail_first(
    client: Client, campus: SignInProvider, server: Provider
) -> None:
    server.person["email_verified"] = False
    come(client, server)
    assert not is_logged_in(client)
    assert not OutgoingMail.objects.filter(template="members_patron_waiting").exists()
    client.post(link_in(last_mail("members_email_welcome")))
    assert not SignInBinding.objects.get().is_provisional
    come(client, server)
    assert is_logged_in(client)
    assert OutgoingMail.objects.filter(template="members_patron_waiting").exists()


def test_the_owner_of_an_address_who_chooses_a_password_shuts_out_who_came_before(
    client: Client, campus: SignInProvider, server: Provider
) -> None:
    server.person["email_verified"] = False
    come(client, server)
    client.post("/accounts/password/reset/", {"email": ADDRESS})
    page = client.get(link_in(last_mail("members_password_reset")), follow=True)
    new = {"password1": "payung-hujan-bandung", "password2": "payung-hujan-bandung"}
    client.post(page.redirect_chain[-1][0], new)
    assert User.objects.get().check_password("payung-hujan-bandung")
    assert not SignInBinding.objects.exists()


def test_only_the_standard_claim_can_be_proved(
    client: Client, campus: SignInProvider, server: Provider, bandung: Library
) -> None:
    make_member("rina@kampus.example", bandung)
    SignInProvider.objects.update(claim_email="upn")
    server.person |= {"upn": "rina@kampus.example"}
    come(client, server)
    assert not is_logged_in(client) and not SignInBinding.objects.exists()


def test_a_reader_of_two_libraries_shows_the_password_once(
    client: Client, campus: SignInProvider, server: Provider, bandung: Library, makassar: Library
) -> None:
    reader = make_member(ADDRESS, bandung)
    Membership.objects.create(user=reader, library=makassar, status=MembershipStatus.CONFIRMED)
    answer = come(client, server, next="/request/new?edition=7")
    assert "/BANDUNG/prove/" in answer.url and not is_logged_in(client)
    assert ADDRESS not in str(dict(client.session.items()))  # nobody's session to erase, should they wish it
    assert 'href="/accounts/login/?next=/request/new%3Fedition%3D7"' in words(client.get(answer.url))
    client.post("/accounts/login/", {"login": ADDRESS, "password": PASSWORD})
    assert SignInBinding.objects.get().user == reader
    assert AuditEntry.objects.filter(code="members.sign_in.bound").count() == 1
    client.logout()
    come(client, server)
    assert is_logged_in(client)


def test_the_password_of_another_account_binds_nothing(
    client: Client, campus: SignInProvider, server: Provider, bandung: Library, makassar: Library
) -> None:
    reader = make_member(ADDRESS, bandung)
    Membership.objects.create(user=reader, library=makassar, status=MembershipStatus.CONFIRMED)
    make_member("lain@kampus.example", bandung)
    come(client, server)
    client.post("/accounts/login/", {"login": "lain@kampus.example", "password": PASSWORD})
    assert is_logged_in(client) and not SignInBinding.objects.exists()


def test_a_second_person_with_the_same_address_does_not_inherit_the_account(
    client: Client, campus: SignInProvider, server: Provider
) -> None:
    come(client, server)
    client.logout()
    server.person["sub"] = "s-2"
    assert come(client, server).url.endswith("/prove/")
    assert not is_logged_in(client)


@pytest.mark.parametrize("role", [Role.LIBRARIAN, Role.MANAGER, Role.COORDINATOR])
def test_staff_never_come_in_through_a_library(
    client: Client, campus: SignInProvider, server: Provider, bandung: Library, role: str
) -> None:
    make_member(ADDRESS, bandung, role)
    assert come(client, server).status_code == 403
    assert not is_logged_in(client) and not SignInBinding.objects.exists()


def test_staff_who_log_in_with_password_are_not_bound(
    client: Client, campus: SignInProvider, server: Provider, bandung: Library
) -> None:
    """The server has not verified the address, so nothing was refused on the page; the login binds nothing."""
    staff = make_member(ADDRESS, bandung)
    Membership.objects.create(
        user=staff, library=bandung, role=Role.LIBRARIAN, status=MembershipStatus.CONFIRMED
    )
    server.person["email_verified"] = False
    come(client, server)
    client.post("/accounts/login/", {"login": ADDRESS, "password": PASSWORD})
    assert is_logged_in(client) and not SignInBinding.objects.exists()


def test_the_mail_to_a_known_reader_and_the_password_bind(
    client: Client, campus: SignInProvider, server: Provider, bandung: Library
) -> None:
    make_member(ADDRESS, bandung)
    server.person["email_verified"] = False
    come(client, server)
    client.post(link_in(last_mail("members_sign_in_known")), {"login": ADDRESS, "password": PASSWORD})
    client.logout()
    come(client, server)
    assert is_logged_in(client)


def test_a_reader_of_both_libraries_comes_in_through_either(
    client: Client, campus: SignInProvider, server: Provider, makassar: Library
) -> None:
    come(client, server)
    client.logout()
    reader = User.objects.get(email=ADDRESS)
    Membership.objects.create(user=reader, library=makassar, status=MembershipStatus.CONFIRMED)
    SignInProvider.objects.filter(pk=campus.pk).update(library=makassar)
    campus.refresh_from_db()
    identity = identity_of(campus, server.person)
    assert arrive(provider=campus, identity=identity, language="id").user == reader


def test_a_reader_who_became_staff_logs_in_with_password_from_then_on(
    client: Client, campus: SignInProvider, server: Provider, bandung: Library, manager: User
) -> None:
    come(client, server)
    client.logout()
    reader = User.objects.get(email=ADDRESS)
    Membership.objects.create(
        user=reader, library=bandung, role=Role.LIBRARIAN, status=MembershipStatus.CONFIRMED
    )
    assert come(client, server).status_code == 403
    assert not is_logged_in(client)


def test_nobody_gains_a_role_by_what_the_server_says(
    client: Client, campus: SignInProvider, server: Provider
) -> None:
    server.person |= {"role": "manager", "roles": ["coordinator"], "status": "manager", "is_superuser": True}
    come(client, server)
    user = User.objects.get(email=ADDRESS)
    assert [m.role for m in user.memberships.all()] == ["patron"]
    assert not (user.is_staff or user.is_superuser)


def test_a_reader_of_another_library_is_not_moved(
    client: Client, campus: SignInProvider, server: Provider, makassar: Library
) -> None:
    reader = make_member(ADDRESS, makassar)
    answer = come(client, server)
    assert answer.status_code == 403 and "perpustakaan lain" in words(answer)
    assert [m.library for m in reader.memberships.all()] == [makassar]
    assert not is_logged_in(client)


def test_one_server_of_two_libraries_leads_a_reader_to_their_own(
    client: Client, campus: SignInProvider, server: Provider, makassar: Library
) -> None:
    come(client, server)
    client.logout()
    SignInProvider.objects.filter(pk=campus.pk).update(library=makassar)
    answer = client.post("/accounts/login/library/MAKASSAR/")
    assert answer.status_code == 200
    asked = next(iter(client.session["sign_in_questions"].items()))
    server.codes["x"] = {
        "redirect_uri": "http://localhost:8000/accounts/login/library/MAKASSAR/back/", "nonce": asked[1]["nonce"],
        "code_challenge_method": "S256", "code_challenge": create_s256_code_challenge(asked[1]["verifier"]),
    }  # fmt: skip
    answer = client.get("/accounts/login/library/MAKASSAR/back/", {"code": "x", "state": asked[0]})
    assert answer.status_code == 403 and not is_logged_in(client)


def test_who_is_no_reader_any_more_stays_outside(
    client: Client, campus: SignInProvider, server: Provider, manager: User
) -> None:
    SignInProvider.objects.update(confirms_at_once=True)
    come(client, server)
    client.logout()
    membership_end(membership=Membership.objects.get(user__email=ADDRESS), actor=Actor.system())
    assert come(client, server).status_code == 403
    SignInBinding.objects.all().delete()
    assert come(client, server).status_code == 403
    assert not is_logged_in(client) and User.objects.filter(email=ADDRESS).count() == 1


def test_a_closed_account_stays_closed(client: Client, campus: SignInProvider, server: Provider) -> None:
    come(client, server)
    client.logout()
    User.objects.filter(email=ADDRESS).update(is_active=False)
    assert come(client, server).status_code == 403
    assert not is_logged_in(client)


@pytest.mark.parametrize("status", [LibraryStatus.SUSPENDED, LibraryStatus.LEFT])
def test_a_library_that_does_not_take_part_lets_nobody_in(
    client: Client, campus: SignInProvider, server: Provider, status: str
) -> None:
    asked = begin(client)
    Library.objects.filter(pk=campus.library_id).update(status=status)
    page = client.get("/accounts/login/library/BANDUNG/")
    assert page.status_code == 404
    assert ("/accounts/password/reset/" in words(page)) == (status == LibraryStatus.SUSPENDED)
    assert client.get(asked["redirect_uri"].removeprefix("http://localhost:8000")).status_code == 404
    assert not User.objects.filter(email=ADDRESS).exists()


def test_turning_off_counts_for_who_is_at_the_server_already(
    client: Client, campus: SignInProvider, server: Provider
) -> None:
    asked = begin(client)
    provider_turn_off(provider=campus, actor=Actor.system())
    assert back(client, server, asked).status_code == 404
    assert not User.objects.filter(email=ADDRESS).exists()


def test_after_turning_off_a_reader_chooses_a_password_by_mail(
    client: Client, campus: SignInProvider, server: Provider
) -> None:
    come(client, server)
    client.logout()
    provider_turn_off(provider=campus, actor=Actor.system())
    client.post("/accounts/password/reset/", {"email": ADDRESS})
    page = client.get(link_in(last_mail("members_password_reset")), follow=True)
    new = {"password1": "payung-hujan-bandung", "password2": "payung-hujan-bandung"}
    client.post(page.redirect_chain[-1][0], new)
    client.post("/accounts/login/", {"login": ADDRESS, "password": "payung-hujan-bandung"})
    assert is_logged_in(client)


def test_a_second_factor_is_asked_for_here_too(
    client: Client, campus: SignInProvider, server: Provider, bandung: Library
) -> None:
    add_second_factor(make_member(ADDRESS, bandung))
    answer = come(client, server)
    assert answer.url.endswith("/accounts/2fa/authenticate/") and not is_logged_in(client)


def test_card_and_kind_follow_the_librarys_own_system(
    client: Client, campus: SignInProvider, server: Provider, bandung: Library
) -> None:
    student, lecturer = (
        PatronCategory.objects.create(library=bandung, code=code, name=name)
        for code, name in (("MHS", "Mahasiswa"), ("DSN", "Dosen"))
    )
    provider_save(library=bandung, actor=Actor.system(), values={lecturer.pk: ["faculty", "Staff"]})
    server.person |= {"nim": "1", "status": ["alumni", "mhs"]}
    come(client, server)
    membership = Membership.objects.get(user__email=ADDRESS)
    assert membership.category == student
    client.logout()
    server.person |= {"nim": "2", "status": "staff"}
    come(client, server)
    membership.refresh_from_db()
    assert (membership.category, membership.card_number) == (lecturer, "2")
    client.logout()
    server.person |= {"nim": "", "status": "nobody knows"}
    come(client, server)
    membership.refresh_from_db()
    assert (membership.category, membership.card_number) == (lecturer, "2")


def test_what_the_id_token_lacks_is_asked_for_at_the_userinfo_endpoint(
    client: Client, campus: SignInProvider, server: Provider
) -> None:
    server.person = {"sub": "s-1"}
    server.userinfo = {
        "email": ADDRESS,
        "email_verified": True,
        "given_name": "Ani",
        "family_name": "Lestari",
    }
    come(client, server)
    assert User.objects.get(email=ADDRESS).name == "Ani Lestari" and is_logged_in(client)


def test_the_userinfo_of_somebody_else_is_not_believed(
    client: Client, campus: SignInProvider, server: Provider
) -> None:
    server.person = {"sub": "s-1"}
    server.userinfo = {"sub": "s-2", "email": ADDRESS, "email_verified": True}
    assert come(client, server).status_code == 503
    campus.refresh_from_db()
    assert campus.fault == "subject_differs"


def test_without_an_address_nobody_gets_an_account(
    client: Client, campus: SignInProvider, server: Provider
) -> None:
    server.person["email"] = None
    assert come(client, server).status_code == 503
    campus.refresh_from_db()
    assert campus.fault == "no_email" and not SignInBinding.objects.exists()


def test_one_goes_on_to_where_one_wanted_to_go_but_to_no_other_site(
    client: Client, campus: SignInProvider, server: Provider
) -> None:
    assert come(client, server, next="/request/new?edition=7").url == "/request/new?edition=7"
    client.logout()
    assert come(client, server, next="https://jahat.example/").url == "/account/after-login/"


def test_a_further_proved_address_is_the_same_account(
    client: Client, campus: SignInProvider, server: Provider, bandung: Library
) -> None:
    reader = make_member("pribadi@ani.example", bandung)
    EmailAddress.objects.create(user=reader, email=ADDRESS, verified=True)
    come(client, server)
    assert client.session["_auth_user_id"] == str(reader.pk)


def test_an_account_without_any_library_is_not_taken(
    client: Client, campus: SignInProvider, server: Provider
) -> None:
    make_user(ADDRESS, date_joined=timezone.now())
    assert come(client, server).status_code == 403 and not is_logged_in(client)


@pytest.mark.django_db(transaction=True)
def test_the_same_person_in_two_places_at_once_gets_one_account(
    campus: SignInProvider, server: Provider
) -> None:
    identity = identity_of(campus, server.person)
    ready = Barrier(4)

    def come_in() -> int:
        try:
            ready.wait(timeout=10)
            return arrive(provider=campus, identity=identity, language="id").user.pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        people = {each.result() for each in [pool.submit(come_in) for _n in range(4)]}
    assert people == {User.objects.get().pk}
    assert SignInBinding.objects.count() == Membership.objects.count() == 1
