"""The second step at login, as staff set it up, use it, and lose their phone."""

from __future__ import annotations

import time
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from members.models import Library, User
from tests.members.world import PASSWORD, make_member

pytestmark = pytest.mark.django_db


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def login(user: User) -> tuple[Client, object]:
    client = Client()
    return client, client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})


@pytest.fixture
def set_up(librarian: User, settings: Any) -> tuple[Client, list[str]]:
    """The librarian after the set-up, still logged in, with the recovery codes they were shown."""
    settings.MFA_TOTP_TOLERANCE = 1  # the half minute may turn while the test runs
    client, _answer = login(librarian)
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    done = client.post("/accounts/2fa/totp/activate/", {"code": code_for(secret)}, follow=True)
    codes = done.context["unused_codes"]
    assert codes and all(code in done.content.decode() for code in codes)
    return client, codes


def test_staff_set_up_a_second_step_and_get_to_work(set_up: tuple, settings: object) -> None:
    settings.STAFF_MFA_REQUIRED = True  # type: ignore[attr-defined]
    assert set_up[0].get("/people/").status_code == 200


def test_the_password_alone_is_no_longer_enough(set_up: tuple, librarian: User) -> None:
    client, answer = login(librarian)
    assert answer.headers["Location"] == "/accounts/2fa/authenticate/"  # type: ignore[attr-defined]
    assert client.get("/people/").headers["Location"].startswith("/accounts/login/")
    wrong = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert wrong.context["form"].errors["code"]


def test_a_recovery_code_opens_once(set_up: tuple, librarian: User) -> None:
    code = set_up[1][0]
    client, _answer = login(librarian)
    client.post("/accounts/2fa/authenticate/", {"code": code})
    assert client.get("/people/").status_code == 200
    again, _answer = login(librarian)
    assert again.post("/accounts/2fa/authenticate/", {"code": code}).context["form"].errors["code"]


@pytest.mark.parametrize(
    "url",
    ["/accounts/2fa/", "/accounts/2fa/recovery-codes/", "/accounts/2fa/recovery-codes/generate/",
     "/accounts/2fa/totp/deactivate/", "/accounts/2fa/recovery-codes/download/"],
)  # fmt: skip
def test_every_page_about_the_second_step_opens(set_up: tuple, url: str) -> None:
    answer = set_up[0].get(url)
    assert answer.status_code == 200
    if "download" not in url:
        assert answer.content.decode().count("<h1") == 1 and 'id="main"' in answer.content.decode()


def test_switching_it_off_brings_back_the_password_alone(set_up: tuple, librarian: User) -> None:
    set_up[0].post("/accounts/2fa/totp/deactivate/")
    _client, answer = login(librarian)
    assert answer.headers["Location"] == "/account/after-login/"  # type: ignore[attr-defined]


def test_a_closed_account_is_told_so_and_does_nothing(bandung: Library) -> None:
    user = make_member("budi@example.org", bandung)
    client, _answer = login(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get("/account/").status_code == 302
    _again, answer = login(user)
    assert answer.status_code in (200, 302)  # type: ignore[attr-defined]
    assert not client.get("/members/").wsgi_request.actor.capabilities
