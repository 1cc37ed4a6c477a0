"""Keys: which open what, and what a wrong one gets."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from catalog.models import Source, SourceKey
from catalog.services.keys import key_find, key_make, key_revoke
from members.choices import LibraryStatus
from network_portal.core.errors import RuleViolation
from network_portal.core.models import AuditEntry
from tests.catalog.api.conftest import Agent, book
from tests.catalog.building import SYSTEM, person, source


def state(secret: str, pk: int, **headers: str) -> Any:
    return Client().get(f"/api/v1/sources/{pk}/", headers={"Authorization": f"Bearer {secret}", **headers})


@pytest.mark.django_db
def test_only_the_hash_of_a_key_is_kept_and_its_making_is_audited() -> None:
    of = source()
    key, secret = key_make(source=of, name="PC", actor=SYSTEM)
    stored = " ".join(str(value) for value in SourceKey.objects.filter(pk=key.pk).values_list().get())
    assert secret not in stored and secret.startswith(key.prefix) and len(secret) > 40
    assert AuditEntry.objects.get(code="catalog.key.made").data == {"key": key.prefix, "name": "PC"}
    assert key_find(secret) == key


@pytest.mark.django_db
def test_a_key_says_how_its_source_stands_and_that_it_was_used() -> None:
    of = source(kind="push")
    key, secret = key_make(source=of, name="PC", actor=SYSTEM)
    answer = state(secret, of.pk)
    assert answer.status_code == 200 and answer.json()["takes"] == ["records", "items"]
    assert answer.json()["limits"]["records"] == 1000
    key.refresh_from_db()
    assert key.last_used_at is not None


@pytest.mark.django_db
def test_a_key_opens_no_other_source_not_even_of_the_same_library() -> None:
    of = source()
    _key, secret = key_make(source=of, name="PC", actor=SYSTEM)
    other = source(of.library)
    answer = state(secret, other.pk)
    assert answer.status_code == 404 and answer.json()["code"] == "not_found"
    assert state(secret, 999_999).json() == answer.json()


@pytest.mark.django_db
def test_a_revoked_key_opens_nothing_from_then_on() -> None:
    of = source()
    key, secret = key_make(source=of, name="PC", actor=SYSTEM)
    key_revoke(key=key, actor=SYSTEM)
    key_revoke(key=key, actor=SYSTEM)
    assert state(secret, of.pk).status_code == 401
    assert AuditEntry.objects.filter(code="catalog.key.revoked").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "header", ["", "Bearer ", "Bearer jjr_wrong", "Basic dTpw", "Bearer \u00e9", "Bearer a b c"]
)
def test_a_wrong_key_is_answered_with_a_clear_error_in_json(header: str) -> None:
    of = source()
    answer = Client().get(f"/api/v1/sources/{of.pk}/", headers={"Authorization": header} if header else {})
    assert answer.status_code == 401 and answer["WWW-Authenticate"].startswith("Bearer")
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "key_wrong" and answer.json()["detail"]


@pytest.mark.django_db
def test_a_logged_in_manager_without_a_key_gets_nothing() -> None:
    of = source()
    client = Client(enforce_csrf_checks=True)
    client.force_login(person("manager", of.library))
    assert client.get(f"/api/v1/sources/{of.pk}/").status_code == 401
    assert client.post(f"/api/v1/sources/{of.pk}/records", b"{}", "application/json").status_code == 401


@pytest.mark.django_db
def test_no_page_elsewhere_may_read_the_answers() -> None:
    of = source()
    _key, secret = key_make(source=of, name="PC", actor=SYSTEM)
    answer = state(secret, of.pk, Origin="https://example.org")
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]
    assert "Set-Cookie" not in answer.headers


@pytest.mark.django_db
def test_who_tries_many_wrong_keys_has_to_wait(settings: Any) -> None:
    settings.RATE_LIMITS = True
    of = source()
    answers = [state(f"jjr_{n}", of.pk) for n in range(25)]
    assert answers[0].status_code == 401 and answers[-1].status_code == 429
    assert int(answers[-1]["Retry-After"]) >= 1


@pytest.mark.django_db
def test_a_source_has_a_bounded_number_of_keys() -> None:
    of = source()
    for n in range(20):
        key_make(source=of, name=f"PC {n}", actor=SYSTEM)
    with pytest.raises(RuleViolation) as refusal:
        key_make(source=of, name="one more", actor=SYSTEM)
    assert refusal.value.code == "too_many_keys"


def test_a_library_that_is_not_active_sends_nothing(agent: Agent) -> None:
    library = agent.source.library
    library.status = LibraryStatus.SUSPENDED
    library.save()
    answer = agent.records({"records": [book("1", "Bumi Manusia")]})
    assert (answer.status, answer.body["code"]) == (403, "library_off")
    assert agent.call(f"{agent.source.pk}/").body["open"] is False


def test_a_source_that_is_switched_off_takes_nothing(agent: Agent) -> None:
    Source.objects.filter(pk=agent.source.pk).update(enabled=False)
    assert agent.items({"items": []}).body["code"] == "source_off"
