"""/healthz says that the process lives, /readyz that everything it needs does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client

from network_portal.core import readiness


@pytest.fixture
def without_index() -> Iterator[None]:
    """The index is another room's business here; its own probe is put back afterwards."""
    kept = readiness._probes.pop("index")
    yield
    readiness.register("index", kept)


def test_healthz_answers_without_a_database(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_readyz_names_each_part(client: Client, without_index: None) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "parts": {"database": "ok", "redis": "ok", "migrations": "ok"}}


@pytest.mark.django_db
def test_readyz_says_503_while_the_index_is_missing(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"]["index"] == "SearchUnavailable"


@pytest.mark.django_db
def test_readyz_says_503_while_a_migration_is_not_applied(client: Client, without_index: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'loans'")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"]["migrations"] == "unapplied"


def test_a_part_that_fails_shows_no_details_to_strangers(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise ConnectionError("password of the database: secret")

    monkeypatch.setattr(readiness, "_probes", {"database": broken})
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "parts": {"database": "ConnectionError"}}
