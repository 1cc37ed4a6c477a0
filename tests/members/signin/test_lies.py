"""A sign-in server that breaks one rule at a time: nobody comes in, and the manager is told which rule it was."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.test import Client
from joserfc.jwk import JWKRegistry

from members.models import Library, SignInBinding, SignInProvider, User
from members.signin import discovery
from tests.members.signin.server import KEYS, Provider
from tests.members.signin.walk import back, begin, come, is_logged_in

pytestmark = pytest.mark.django_db
CLAIMS: dict[str, tuple[dict[str, Any], str]] = {
    "of another issuer": ({"iss": "http://127.0.0.1:1/realm"}, "wrong_issuer"),
    "of nobody": ({"iss": None}, "wrong_issuer"),
    "for another client": ({"aud": "other"}, "wrong_audience"),
    "for no client": ({"aud": None}, "wrong_audience"),
    "for us among others": ({"aud": ["jejaring", "other"]}, "wrong_audience"),
    "handed out to another": ({"azp": "other"}, "wrong_audience"),
    "expired": ({"exp": int(time.time()) - 3600}, "expired"),
    "without an end": ({"exp": None}, "expired"),
    "not yet valid": ({"nbf": int(time.time()) + 3600}, "expired"),
    "from the future": ({"iat": int(time.time()) + 3600}, "expired"),
    "of another question": ({"nonce": "another"}, "wrong_nonce"),
    "of no question": ({"nonce": None}, "wrong_nonce"),
    "about nobody": ({"sub": None}, "bad_claims"),
    "about an empty person": ({"sub": ""}, "bad_claims"),
    "about a number": ({"sub": 7}, "bad_claims"),
    "about a NUL": ({"sub": "a\x00b"}, "bad_claims"),
    "of another access token": ({"at_hash": "AAAA"}, "bad_claims"),
}


def assert_out(client: Client, answer: Any, fault: str) -> None:
    assert answer.status_code == 503
    assert not is_logged_in(client)
    assert not User.objects.exists() and not SignInBinding.objects.exists()
    assert SignInProvider.objects.get().fault == fault


@pytest.mark.parametrize("what", CLAIMS)
def test_a_token_is_refused(client: Client, campus: SignInProvider, server: Provider, what: str) -> None:
    server.changes, fault = CLAIMS[what]
    assert_out(client, come(client, server), fault)


@pytest.mark.parametrize(
    ("lie", "fault"), [("none", "bad_algorithm"), ("hs256", "bad_algorithm"), ("stranger", "bad_signature")]
)
def test_a_signature_is_refused(
    client: Client, campus: SignInProvider, server: Provider, lie: str, fault: str
) -> None:
    server.lie = lie
    assert_out(client, come(client, server), fault)


def test_a_changed_key_is_fetched_once_and_then_remembered(
    client: Client, campus: SignInProvider, server: Provider
) -> None:
    come(client, server)
    client.logout()
    server.key = KEYS[1]
    come(client, server)
    assert is_logged_in(client)
    client.logout()
    come(client, server)
    assert server.asked.count("/keys") == 2
    assert server.asked.count("/.well-known/openid-configuration") == 1


def test_a_shared_secret_among_the_keys_is_no_key(campus: SignInProvider, server: Provider) -> None:
    keys = discovery.keys_of(discovery.server_at(campus.issuer))
    assert [key.key_type for key in keys] == ["RSA"]
    assert not discovery._may_sign({"kty": "oct", "k": "AAAA"})


@pytest.mark.parametrize(
    ("lie", "fault"),
    [("huge", "too_large"), ("no_json", "no_json"), ("redirect", "redirect"), ("slow", "timeout")],
)
def test_a_description_is_refused(
    client: Client, campus: SignInProvider, server: Provider, monkeypatch: Any, lie: str, fault: str
) -> None:
    monkeypatch.setattr(discovery, "TIMEOUT", 0.3)
    server.lie = lie
    assert_out(client, client.post("/accounts/login/library/BANDUNG/"), fault)


@pytest.mark.parametrize(
    ("part", "fault"),
    [
        ({"issuer": "https://lain.example"}, "issuer_differs"),
        ({"token_endpoint": None}, "address_missing"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "address_insecure"),
        ({"jwks_uri": "file:///etc/passwd"}, "address_insecure"),
        ({"token_endpoint": "http://["}, "address_insecure"),
        ({"response_types_supported": ["id_token"]}, "no_code_flow"),
        ({"code_challenge_methods_supported": ["plain"]}, "no_pkce"),
        ({"token_endpoint_auth_methods_supported": ["private_key_jwt"]}, "client_auth"),
    ],
)
def test_a_description_that_does_not_suit_us_is_refused(
    client: Client, campus: SignInProvider, server: Provider, part: dict[str, Any], fault: str
) -> None:
    server.description = part
    assert_out(client, client.post("/accounts/login/library/BANDUNG/"), fault)


def test_a_server_that_hangs_is_left_alone_for_a_moment(
    client: Client, campus: SignInProvider, server: Provider, monkeypatch: Any
) -> None:
    monkeypatch.setattr(discovery, "TIMEOUT", 0.3)
    server.lie = "slow"
    for _reader in range(3):
        assert_out(client, client.post("/accounts/login/library/BANDUNG/"), "timeout")
    assert len(server.asked) == 1


def test_private_addresses_are_not_asked_in_production(
    client: Client, campus: SignInProvider, server: Provider, settings: Any
) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = False
    SignInProvider.objects.update(issuer=f"https://127.0.0.1:{server.port}/realm")
    assert_out(client, client.post("/accounts/login/library/BANDUNG/"), "private_address")
    assert server.asked == []


def test_keys_at_a_private_address_are_not_fetched(
    client: Client, campus: SignInProvider, server: Provider, settings: Any
) -> None:
    asked = begin(client)
    settings.ALLOW_PRIVATE_ADDRESSES = (
        False  # the description is remembered; its addresses are looked up anew
    )
    answer = back(client, server, asked)
    assert answer.status_code == 503 and "/token" not in server.asked and "/keys" not in server.asked


def test_the_code_is_not_sent_on_to_where_the_token_endpoint_points(
    client: Client, campus: SignInProvider, server: Provider
) -> None:
    server.lie = "token_redirect"
    assert_out(client, come(client, server), "redirect")


def test_a_state_answers_once(client: Client, campus: SignInProvider, server: Provider) -> None:
    asked = begin(client)
    server.changes = {"aud": "other"}  # so that nobody comes in, which would end the session
    assert back(client, server, asked).status_code == 503
    server.changes = {}
    assert back(client, server, asked).status_code == 400
    assert not is_logged_in(client)


def test_a_state_of_somebody_else_is_worth_nothing(
    client: Client, campus: SignInProvider, server: Provider
) -> None:
    asked = begin(client)
    victim = Client()
    assert back(victim, server, asked).status_code == 400
    assert not is_logged_in(victim) and not User.objects.exists()


def test_an_answer_to_one_library_is_none_to_another(
    client: Client, campus: SignInProvider, server: Provider, makassar: Library
) -> None:
    SignInProvider.objects.create(
        library=makassar, is_on=True, issuer=campus.issuer, client_id=campus.client_id,
        sealed_secret=campus.sealed_secret,
    )  # fmt: skip
    state = begin(client)["state"]
    answer = client.get("/accounts/login/library/MAKASSAR/back/", {"code": "code-0", "state": state})
    assert answer.status_code == 400 and "/token" not in server.asked


def test_a_question_grows_old(client: Client, campus: SignInProvider, server: Provider) -> None:
    asked = begin(client)
    session = client.session
    session["sign_in_questions"][asked["state"]]["at"] -= 3600
    session.save()
    assert back(client, server, asked).status_code == 400


def test_an_answer_in_the_name_of_another_server_is_not_taken_further(
    client: Client, campus: SignInProvider, server: Provider
) -> None:
    answer = back(client, server, begin(client), iss="https://lain.example")
    assert_out(client, answer, "wrong_issuer")
    assert "/token" not in server.asked


def test_a_code_of_another_question_is_refused_by_pkce(
    client: Client, campus: SignInProvider, server: Provider
) -> None:
    """An attacker's own code put into somebody's return: the server finds that the verifier does not fit."""
    stolen = begin(Client())
    server.authorize(stolen)
    asked = begin(client)
    answer = client.get("/accounts/login/library/BANDUNG/back/", {"code": "code-0", "state": asked["state"]})
    assert_out(client, answer, "grant_refused")


def test_who_thinks_better_of_it_comes_back_without_a_fault(
    client: Client, campus: SignInProvider, server: Provider
) -> None:
    asked = begin(client)
    path = "/accounts/login/library/BANDUNG/back/"
    answer = client.get(path, {"error": "access_denied", "state": asked["state"]})
    assert answer.status_code == 400
    assert SignInProvider.objects.get().fault == ""


def test_what_a_server_says_about_an_error_is_kept_only_if_it_is_a_plain_word(
    client: Client, campus: SignInProvider, server: Provider
) -> None:
    path = "/accounts/login/library/BANDUNG/back/"
    client.get(path, {"error": "server_error", "state": begin(client)["state"]})
    assert SignInProvider.objects.get().fault_detail == "server_error"
    client.get(path, {"error": "<b>ani@kampus.example</b>", "state": begin(client)["state"]})
    assert SignInProvider.objects.get().fault_detail == ""


def test_a_fault_is_over_when_somebody_came_in(
    client: Client, campus: SignInProvider, server: Provider
) -> None:
    SignInProvider.objects.update(fault="expired", fault_detail="x")
    come(client, server)
    campus.refresh_from_db()
    assert (campus.fault, campus.fault_detail, campus.fault_at) == ("", "", None)


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")  # of EdDSA: a name with two meanings
@pytest.mark.parametrize("kind", ["ES256", "PS256", "EdDSA"])
def test_other_good_signatures_are_taken(
    client: Client, campus: SignInProvider, server: Provider, kind: str
) -> None:
    made = {"ES256": ("EC", "P-256"), "PS256": ("RSA", 2048), "EdDSA": ("OKP", "Ed25519")}[kind]
    server.key = JWKRegistry.generate_key(*made, {"kid": "tiga", "use": "sig"})
    server.algorithm = kind
    come(client, server)
    assert is_logged_in(client)
