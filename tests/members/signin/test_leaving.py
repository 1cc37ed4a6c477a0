"""Logging out also says that one may still be logged in at the library's server; a reader ends the way in."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from members.models import SignInBinding, SignInProvider, User
from network_portal.core.models import AuditEntry
from tests.members.signin.server import CLIENT, Provider
from tests.members.signin.walk import come, is_logged_in
from tests.members.world import PASSWORD, client_of, make_member

pytestmark = pytest.mark.django_db
OUT = "/accounts/login/library/BANDUNG/out/"


@pytest.mark.parametrize("end", ["/end", "javascript:alert(1)", None, 7])
def test_after_logging_out_one_is_led_to_the_servers_own_page(
    client: Client, campus: SignInProvider, server: Provider, end: object
) -> None:
    server.description["end_session_endpoint"] = f"{server.issuer}{end}" if end == "/end" else end
    come(client, server)
    answer = client.post("/accounts/logout/")
    assert answer.headers["Location"] == OUT and not is_logged_in(client)
    page = client.get(OUT).content.decode()
    found = re.search(r'class="button" href="([^"]+)"', page)
    if end == "/end":
        assert found and unescape(found[1]) == f"{server.issuer}/end?client_id={CLIENT}"
    else:
        assert found is None and "javascript" not in page and "Tutup semua jendela" in page


def test_who_came_with_the_password_goes_to_the_start_page(client: Client, campus: SignInProvider) -> None:
    make_member("budi@example.org", campus.library)
    client.post("/accounts/login/", {"login": "budi@example.org", "password": PASSWORD})
    assert client.post("/accounts/logout/").headers["Location"] == "/"
    assert client.get("/accounts/login/library/JAUH/out/").headers["Location"] == "/"


def test_a_server_that_does_not_answer_takes_nothing_from_the_page(
    client: Client, campus: SignInProvider, server: Provider
) -> None:
    come(client, server)
    SignInProvider.objects.update(issuer="http://127.0.0.1:9")
    client.post("/accounts/logout/")
    assert client.get(OUT).status_code == 200


def test_a_reader_ends_the_way_in_once_there_is_a_password(
    client: Client, campus: SignInProvider, server: Provider
) -> None:
    come(client, server)
    binding = SignInBinding.objects.get()
    address = f"/account/sign-in/{binding.pk}/end/"
    assert address in client.get("/account/").content.decode()
    assert "/accounts/password/reset/" in client.get(address).content.decode()
    client.post(address)
    assert SignInBinding.objects.filter(pk=binding.pk).exists()
    user = User.objects.get(pk=binding.user_id)
    user.set_password(PASSWORD)
    user.save()
    owner = client_of(user)
    for _time in range(2):
        owner.post(address)
    assert not SignInBinding.objects.exists()
    assert AuditEntry.objects.filter(code="members.sign_in.unbound", target_id=str(user.pk)).count() == 1


def test_nobody_ends_anothers_way_in(client: Client, campus: SignInProvider, server: Provider) -> None:
    come(client, server)
    binding = SignInBinding.objects.get()
    other = client_of(make_member("budi@example.org", campus.library))
    address = f"/account/sign-in/{binding.pk}/end/"
    assert [other.get(address).status_code, other.post(address).status_code] == [404, 404]
    assert SignInBinding.objects.filter(pk=binding.pk).exists()
