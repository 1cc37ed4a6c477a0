"""What a library's manager does with the sign-in: setting up, testing, on, off; and what nobody sees again."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from members.models import Library, PatronCategory, SignInProvider, User
from members.privacy.erase import erase
from members.privacy.export import collect
from members.signin.faults import FAULTS, OK, SignInFault
from members.signin.sealing import seal, unseal
from network_portal.core.models import AuditEntry
from tests.members.signin.server import CLIENT, SECRET, Provider
from tests.members.signin.walk import back, begin, come
from tests.members.world import client_of, make_library

pytestmark = pytest.mark.django_db
PAGE = "/members/BANDUNG/sign-in/"


@pytest.fixture
def desk(manager: User, settings: Any) -> Client:
    settings.STAFF_MFA_REQUIRED = False
    return client_of(manager)


def filled(server: Provider, **more: str) -> dict[str, str]:
    return {
        "issuer": server.issuer, "client_id": CLIENT, "secret": SECRET, "scopes": "email profile",
        "claim_email": "email", "claim_name": "name", **more,
    }  # fmt: skip


def words(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_set_up_tested_turned_on_and_off(desk: Client, bandung: Library, server: Provider) -> None:
    assert desk.get(PAGE).status_code == 200
    answer = desk.post(PAGE, filled(server, test="1"), follow=True)
    row = SignInProvider.objects.get(library=bandung)
    assert (row.test_outcome, row.is_on, row.scopes) == (OK, False, "openid email profile")
    assert "http://localhost:8000/accounts/login/library/BANDUNG/back/" in words(answer)
    desk.post(f"{PAGE}switch/", {"to": "on"})
    row.refresh_from_db()
    assert row.is_on
    assert "BANDUNG" in words(Client().get("/accounts/login/"))
    desk.post(f"{PAGE}switch/", {"to": "off"})
    row.refresh_from_db()
    assert not row.is_on
    assert "login/library" not in words(Client().get("/accounts/login/"))
    assert Client().get("/accounts/login/library/BANDUNG/").status_code == 404
    codes = set(AuditEntry.objects.filter(code__startswith="members.sign_in").values_list("code", flat=True))
    assert codes == {f"members.sign_in.{word}" for word in ("saved", "tested", "on", "off")}


def test_the_secret_is_encrypted_and_shown_nowhere(desk: Client, server: Provider) -> None:
    answer = desk.post(PAGE, filled(server), follow=True)
    row = SignInProvider.objects.get()
    assert SECRET not in row.sealed_secret and unseal(row.sealed_secret) == SECRET
    assert SECRET not in answer.content.decode() and row.sealed_secret not in answer.content.decode()
    wrong = desk.post(PAGE, filled(server, issuer="x"))
    assert SECRET not in wrong.content.decode()
    assert not AuditEntry.objects.filter(data__icontains="rahasia").exists()


def test_an_empty_secret_leaves_the_stored_one(desk: Client, server: Provider) -> None:
    desk.post(PAGE, filled(server))
    desk.post(PAGE, filled(server, secret="", claim_card="nim"))
    row = SignInProvider.objects.get()
    assert unseal(row.sealed_secret) == SECRET and row.claim_card == "nim"
    assert AuditEntry.objects.latest("pk").data["fields"] == ["claim_card"]


def test_the_first_time_a_secret_is_needed(desk: Client, server: Provider) -> None:
    assert desk.post(PAGE, filled(server, secret="")).status_code == 200
    assert not SignInProvider.objects.exists()


def test_another_portal_key_makes_the_secret_unreadable_and_says_so(settings: Any) -> None:
    sealed = seal(SECRET)
    old = settings.SECRET_KEY
    settings.SECRET_KEY = "another-key-of-the-portal-which-is-long-enough-0123456789"
    with pytest.raises(SignInFault, match="tidak dapat dibaca"):
        unseal(sealed)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert unseal(sealed) == SECRET


def test_the_same_secret_is_never_sealed_alike() -> None:
    assert seal(SECRET) != seal(SECRET)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"client_id": "nobody"}, "client_refused"), ({"secret": "wrong"}, "client_refused"),
        ({"issuer": "{issuer}/"}, "issuer_differs"), ({"issuer": "{issuer}/elsewhere"}, "no_discovery"),
    ],
)  # fmt: skip
def test_the_test_says_in_plain_words_what_is_wrong(
    desk: Client, server: Provider, change: dict[str, str], fault: str
) -> None:
    values = {name: value.format(issuer=server.issuer) for name, value in change.items()}
    answer = desk.post(PAGE, filled(server, test="1", **values), follow=True)
    assert SignInProvider.objects.get().test_outcome == fault
    assert str(FAULTS[fault]).replace("'", "&#x27;") in words(answer)
    refused = desk.post(f"{PAGE}switch/", {"to": "on"}, HTTP_REFERER=PAGE)
    assert refused.status_code in (302, 303, 409) and not SignInProvider.objects.get().is_on


def test_where_nothing_answers_the_test_says_so(desk: Client, server: Provider) -> None:
    desk.post(PAGE, filled(server, issuer="http://127.0.0.1:9/realm", test="1"))
    assert SignInProvider.objects.get().test_outcome == "unreachable"


def test_the_test_asks_anew_and_does_not_trust_its_memory(desk: Client, server: Provider) -> None:
    desk.post(PAGE, filled(server, test="1"))
    server.description = {"issuer": "https://lain.example"}
    desk.post(f"{PAGE}test/")
    row = SignInProvider.objects.get()
    assert (row.test_outcome, row.test_detail) == ("issuer_differs", "https://lain.example")


def test_another_server_is_turned_off_until_it_was_tested(
    desk: Client, campus: SignInProvider, server: Provider
) -> None:
    desk.post(PAGE, filled(server, client_id="another"))
    campus.refresh_from_db()
    assert not campus.is_on and campus.test_outcome == ""


def test_another_claim_leaves_it_on(desk: Client, campus: SignInProvider, server: Provider) -> None:
    desk.post(PAGE, filled(server, claim_card="kartu"))
    campus.refresh_from_db()
    assert campus.is_on and campus.claim_card == "kartu"


@pytest.mark.parametrize(
    "issuer",
    ["http://kampus.example", "ftp://kampus.example", "kampus.example", "https://a:b@kampus.example", "https://",
     "https://kampus.example/?x=1", "https://kampus.example/#x", "http://[", "javascript:alert(1)"],
)  # fmt: skip
def test_an_address_that_is_not_safe_is_refused_in_the_form(
    desk: Client, server: Provider, settings: Any, issuer: str
) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = False
    assert desk.post(PAGE, filled(server, issuer=issuer)).status_code == 200
    assert not SignInProvider.objects.exists()


def test_the_whole_address_of_the_description_will_do(desk: Client, server: Provider) -> None:
    desk.post(PAGE, filled(server, issuer=f"{server.issuer}/.well-known/openid-configuration"))
    assert SignInProvider.objects.get().issuer == server.issuer


def test_values_of_kinds_are_kept_and_none_means_two(
    desk: Client, bandung: Library, server: Provider
) -> None:
    one, two = (PatronCategory.objects.create(library=bandung, code=code, name=code) for code in "AB")
    desk.post(PAGE, filled(server, **{f"kind_{one.pk}": "x, y", f"kind_{two.pk}": "z"}))
    row = SignInProvider.objects.get()
    assert list(row.categories.values_list("value", "category_id")) == [
        ("x", one.pk),
        ("y", one.pk),
        ("z", two.pk),
    ]
    answer = desk.post(PAGE, filled(server, **{f"kind_{one.pk}": "x", f"kind_{two.pk}": "X"}))
    assert answer.status_code == 200 and row.categories.count() == 3


def test_a_manager_of_another_library_sees_nothing(
    stranger: User, campus: SignInProvider, settings: Any
) -> None:
    settings.STAFF_MFA_REQUIRED = False
    other = client_of(stranger)
    assert other.get(PAGE).status_code == 404
    assert other.post(f"{PAGE}switch/", {"to": "off"}).status_code == 404
    campus.refresh_from_db()
    assert campus.is_on


def test_a_manager_without_second_factor_is_led_to_its_set_up(manager: User, settings: Any) -> None:
    settings.STAFF_MFA_REQUIRED = True
    assert client_of(manager).get(PAGE).url == "/accounts/2fa/totp/activate/"


def test_a_fault_that_a_reader_met_stands_on_the_page(
    desk: Client, campus: SignInProvider, server: Provider
) -> None:
    server.changes = {"aud": "other"}
    come(Client(), server)
    assert str(FAULTS["wrong_audience"]) in words(desk.get(PAGE))
    notice = "Pemustaka tidak dapat masuk lewat server masuk perpustakaan"
    assert notice in words(desk.get("/members/BANDUNG/"))
    assert notice not in words(Client().get("/members/BANDUNG/"))
    server.changes = {}
    come(Client(), server)
    assert notice not in words(desk.get("/members/BANDUNG/"))


def many(count: int) -> None:
    for n in range(count):
        SignInProvider.objects.create(
            library=make_library(f"L{n:02}", name=f"Perpustakaan {n:02}"), issuer="https://a.example", client_id="c",
            sealed_secret="x", is_on=True,
        )  # fmt: skip


def test_many_libraries_are_searched_and_cost_no_more_queries(client: Client) -> None:
    many(1)
    client.get("/accounts/login/library/")
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get("/accounts/login/library/")
    SignInProvider.objects.all().delete()
    Library.objects.all().delete()
    many(20)
    with CaptureQueriesContext(connection) as twenty:
        answer = client.get("/accounts/login/library/")
    assert len(twenty) == len(one)
    assert words(answer).count("/accounts/login/library/L") == 20
    found = client.get("/accounts/login/library/", {"q": "perpustakaan 07"})
    assert words(found).count("/accounts/login/library/L") == 1
    assert "Perpustakaan 07" in words(found)


def test_many_kinds_of_readers_cost_no_more_queries(desk: Client, bandung: Library) -> None:
    counts = []
    for number in (1, 12):
        for place in range(number):
            PatronCategory.objects.get_or_create(
                library=bandung, code=f"K{place}", defaults={"name": f"Jenis {place}"}
            )
        desk.get(PAGE)
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(PAGE).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_login_page_asks_once_however_many_there_are(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    many(7)
    client.get("/accounts/login/")
    with django_assert_max_num_queries(2):
        answer = client.get("/accounts/login/?next=/my/requests/")
    assert 'action="/accounts/login/library/"' in words(answer)
    assert "/accounts/login/library/L0" not in words(answer)


def test_coming_in_costs_a_fixed_number_of_queries(
    client: Client, campus: SignInProvider, server: Provider, django_assert_max_num_queries: Any
) -> None:
    come(client, server)
    client.logout()
    asked = begin(client)
    with django_assert_max_num_queries(30):
        assert back(client, server, asked).status_code == 302


def test_the_export_of_a_persons_data_names_the_binding(
    client: Client, campus: SignInProvider, server: Provider
) -> None:
    come(client, server)
    user = User.objects.get()
    rows = [row for section in collect(user) for row in section["rows"] if row.get("subject")]
    assert rows[0]["subject"] == "s-1" and rows[0]["issuer"] == server.issuer
    erase(user)
    assert SignInProvider.objects.get().issuer == server.issuer
    come(Client(), server)
    assert User.objects.get().pk != user.pk
