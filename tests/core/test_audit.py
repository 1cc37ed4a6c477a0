"""The audit trail: registered codes only, and nothing ever changes or disappears."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils.translation import override

from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry() -> AuditEntry:
    return audit.record("core.index.rebuilt", actor=Actor.system(), data={"documents": 12})


def test_an_entry_tells_who_did_what_in_a_sentence(entry: AuditEntry) -> None:
    assert entry.actor_name == "Jejaring"
    assert "12" in audit.sentence(entry)


def test_an_unregistered_code_is_refused() -> None:
    with pytest.raises(KeyError):
        audit.record("core.nobody.registered", actor=Actor.system())


def test_a_sentence_survives_missing_data(entry: AuditEntry) -> None:
    entry.data = {}
    assert "–" in audit.sentence(entry)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core_auditentry SET code = 'x'",
        "DELETE FROM core_auditentry",
        "DELETE FROM core_auditentry WHERE id > 0",
    ],
)
def test_the_database_refuses_to_change_or_remove_an_entry(entry: AuditEntry, statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert AuditEntry.objects.filter(pk=entry.pk, code="core.index.rebuilt").exists()


def test_the_database_refuses_to_empty_the_trail(entry: AuditEntry) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET LOCAL jejaring.allow_truncate = 'off'")
        cursor.execute("TRUNCATE core_auditentry")
    assert AuditEntry.objects.filter(pk=entry.pk).exists()


def test_every_registered_sentence_can_be_told_without_its_data() -> None:
    for code, sentence in audit.registered_codes().items():
        assert audit.sentence(AuditEntry(code=code)), sentence


def test_a_reader_stands_there_by_number_in_the_language_in_use() -> None:
    reader = Actor(user_id=12, user_name="Siti Rahma", role="patron")
    entry = audit.record(next(iter(audit.registered_codes())), actor=reader)
    assert entry.actor_name == "reader 12" and "Siti" not in str(vars(entry))
    with override("id"):
        assert entry.who == "pemustaka 12"
