"""From sign-up to the first login, as a person walks it: pages, mails, librarian."""

from __future__ import annotations

import pytest
from django.test import Client

from members.choices import MembershipStatus
from members.models import Library, Membership, User
from network_portal.core.models import AuditEntry, OutgoingMail
from tests.members.world import PASSWORD, client_of, last_mail, link_in, make_member, make_user

pytestmark = pytest.mark.django_db


def signup_data(library: Library, **changes: object) -> dict[str, object]:
    return {
        "name": "Siti Rahma", "library": library.pk, "card_number": "A-17", "language": "en",
        "email": "siti@example.org", "password1": PASSWORD, "password2": PASSWORD, **changes,
    }  # fmt: skip


def test_a_reader_signs_up_proves_the_address_is_confirmed_and_logs_in(
    client: Client, bandung: Library, librarian: User
) -> None:
    answer = client.post("/accounts/signup/", signup_data(bandung))
    assert answer.status_code == 302, answer.content.decode()
    membership = Membership.objects.get(user__email="siti@example.org")
    assert (membership.status, membership.card_number) == (MembershipStatus.PENDING, "A-17")

    welcome = last_mail("members_email_welcome")
    assert welcome.sensitive and welcome.language == "en"
    assert "Dear Siti Rahma," in welcome.body_text
    path = link_in(welcome)
    assert client.get(path).status_code == 200
    client.post(path)

    waiting = client.post(
        "/accounts/login/", {"login": "siti@example.org", "password": PASSWORD}, follow=True
    )
    assert waiting.redirect_chain[-1][0] == "/account/"
    assert "Perpustakaan Kota Bandung" in waiting.content.decode()
    assert not waiting.wsgi_request.actor.can("request.create")

    desk = client_of(librarian)
    assert "siti@example.org" in desk.get("/people/").content.decode()
    desk.post(f"/people/{membership.pk}/confirm/")
    told = last_mail("members_patron_confirmed")
    assert (told.to_email, told.language, told.library_id) == ("siti@example.org", "en", bandung.pk)

    home = client.get("/account/")
    assert home.wsgi_request.actor.can("request.create")
    assert home.wsgi_request.actor.library_id == bandung.pk


def test_login_before_the_address_is_proved_leads_to_the_mailbox(client: Client, bandung: Library) -> None:
    client.post("/accounts/signup/", signup_data(bandung))
    answer = Client().post("/accounts/login/", {"login": "siti@example.org", "password": PASSWORD})
    assert answer.headers["Location"] == "/accounts/confirm-email/"


def test_the_desk_is_told_once_a_day_that_readers_wait(client: Client, bandung: Library) -> None:
    for n in range(2):
        browser = Client()
        browser.post("/accounts/signup/", signup_data(bandung, email=f"siti{n}@example.org"))
        path = link_in(last_mail("members_email_welcome"))
        browser.post(path)
    rows = OutgoingMail.objects.filter(template="members_patron_waiting")
    assert [(row.to_email, row.language) for row in rows] == [("meja@bandung.example", "id")]


def test_signing_up_with_a_known_address_looks_the_same_as_with_a_new_one(
    client: Client, bandung: Library
) -> None:
    make_user("lama@example.org", language="id")
    known = client.post("/accounts/signup/", signup_data(bandung, email="Lama@example.org"))
    fresh = Client().post("/accounts/signup/", signup_data(bandung, email="baru@example.org"))
    assert (known.status_code, known.headers["Location"]) == (fresh.status_code, fresh.headers["Location"])
    assert last_mail("members_account_exists").to_email == "lama@example.org"
    assert User.objects.filter(email__iexact="lama@example.org").count() == 1


def test_password_reset_looks_the_same_for_known_and_unknown_addresses(
    client: Client, bandung: Library
) -> None:
    make_user("lama@example.org", language="en")
    known = client.post("/accounts/password/reset/", {"email": "lama@example.org"})
    unknown = Client().post("/accounts/password/reset/", {"email": "tidak@example.org"})
    assert (known.status_code, known.headers["Location"]) == (
        unknown.status_code,
        unknown.headers["Location"],
    )
    assert last_mail("members_password_reset").language == "en"
    assert last_mail("members_account_unknown").to_email == "tidak@example.org"


def test_a_forgotten_password_is_replaced_through_the_mailed_link(client: Client, db: None) -> None:
    make_user("lama@example.org")
    client.post("/accounts/password/reset/", {"email": "lama@example.org"})
    page = client.get(link_in(last_mail("members_password_reset")), follow=True)
    new = "kata-sandi-yang-lain"
    client.post(page.wsgi_request.path, {"password1": new, "password2": new})
    assert client.login(email="lama@example.org", password=new)


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(db: None) -> None:
    make_user("lama@example.org")
    wrong = Client().post("/accounts/login/", {"login": "lama@example.org", "password": "salah-sekali"})
    unknown = Client().post("/accounts/login/", {"login": "tidak@example.org", "password": "salah-sekali"})
    assert (wrong.status_code, unknown.status_code) == (200, 200)
    told = [answer.context["form"].non_field_errors() for answer in (wrong, unknown)]
    assert told[0] and told[0] == told[1]


def test_active_libraries_are_offered_by_city(client: Client, bandung: Library, makassar: Library) -> None:
    makassar.status = "suspended"
    makassar.save()
    page = client.get("/accounts/signup/").content.decode()
    assert '<optgroup label="Bandung">' in page
    assert "Makassar" not in page
    refused = client.post("/accounts/signup/", signup_data(makassar))
    assert refused.status_code == 200 and refused.context["form"].errors["library"]
    assert not User.objects.exists()


def test_a_refused_reader_gets_the_reason_in_their_language_and_may_ask_again(
    bandung: Library, librarian: User
) -> None:
    siti = make_member("siti@example.org", bandung, status=MembershipStatus.PENDING, language="en")
    membership = siti.memberships.get()
    desk = client_of(librarian)
    assert desk.post(f"/people/{membership.pk}/refuse/", {"reason": "  "}).status_code == 200
    assert membership.__class__.objects.get(pk=membership.pk).status == MembershipStatus.PENDING
    desk.post(f"/people/{membership.pk}/refuse/", {"reason": "Kartu Anda sudah tidak berlaku."})
    told = last_mail("members_patron_refused")
    assert told.language == "en" and "could not" in told.subject
    assert "Kartu Anda sudah tidak berlaku." in told.body_text

    own = client_of(siti)
    assert "Kartu Anda sudah tidak berlaku." in own.get("/account/").content.decode()
    assert own.post("/account/home-library/", {"library": bandung.pk}).status_code == 302
    assert siti.memberships.filter(status=MembershipStatus.PENDING).count() == 1
    twice = own.post("/account/home-library/", {"library": bandung.pk})
    assert twice.context["form"].errors["library"]


def test_each_step_of_the_way_in_stands_in_the_audit_trail(
    client: Client, bandung: Library, librarian: User
) -> None:
    client.post("/accounts/signup/", signup_data(bandung))
    membership = Membership.objects.get(user__email="siti@example.org")
    client_of(librarian).post(f"/people/{membership.pk}/confirm/")
    client_of(librarian).post(f"/people/{membership.pk}/end/")
    rows = AuditEntry.objects.filter(target_type="members.membership", target_id=str(membership.pk)).order_by(
        "id"
    )
    assert [(row.code, row.actor_name, row.library_id) for row in rows] == [
        ("members.patron.signed_up", f"reader {membership.user_id}", bandung.pk),
        ("members.membership.confirmed", "Dewi", bandung.pk),
        ("members.membership.ended", "Dewi", bandung.pk),
    ]
