"""The own data saved as a file, a wish to be erased, taken back, refused, and done after the days of grace."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone, translation

from loans.models import Request
from members.choices import MembershipStatus, Role
from members.models import ErasureRequest, Library, Membership, User
from members.services.privacy import erasure_ask, erasures_due
from network_portal.core.errors import RuleViolation
from network_portal.core.models import AuditEntry, OutgoingMail
from tests.members.world import actor_of, client_of, last_mail, make_member

pytestmark = pytest.mark.django_db

CLOSED = {"status": "completed", "outcome": "filled"}


@pytest.fixture
def reader(bandung: Library) -> User:
    return make_member("budi@example.org", bandung, name="Budi Santoso")


def borrowed(reader: User, library: Library, **fields: Any) -> Request:
    values = {"status": "submitted", **fields}
    return Request.objects.create(
        number="BANDUNG-2026-000001", title="Bumi Manusia", patron=reader, requesting_library=library, **values
    )  # fmt: skip


def unpacked(answer: Any) -> tuple[dict[str, Any], str]:
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        return json.loads(file.read("jejaring.json")), file.read("jejaring.html").decode()


def test_the_file_holds_account_memberships_requests_and_no_secret(reader: User, bandung: Library) -> None:
    borrowed(reader, bandung)
    with translation.override("en"):
        data, page = unpacked(
            client_of(reader).get("/account/privacy/data.zip", headers={"accept-language": "en"})
        )
    titles = {section["title"]: section["rows"] for section in data["sections"]}
    told = json.dumps(data)
    assert "Bumi Manusia" in told and "Perpustakaan Kota Bandung" in told and len(titles) >= 4
    assert "password" not in told and reader.password not in told
    assert "<script" not in page and "Bumi Manusia" in page


def test_nobody_elses_data_is_in_the_file(reader: User, bandung: Library) -> None:
    other = make_member("ani@example.org", bandung, name="Ani")
    borrowed(other, bandung)
    data, _page = unpacked(client_of(reader).get("/account/privacy/data.zip"))
    assert "Bumi Manusia" not in json.dumps(data) and "ani@" not in json.dumps(data)


def test_erasing_is_refused_with_a_sentence_while_a_loan_is_open(reader: User, bandung: Library) -> None:
    borrowed(reader, bandung)
    with pytest.raises(RuleViolation) as refused:
        erasure_ask(user=reader, actor=actor_of(reader))
    assert refused.value.code == "not_now"
    client_of(reader).post("/account/privacy/erase/")
    assert not ErasureRequest.objects.exists()


def test_the_last_manager_is_not_erased(manager: User) -> None:
    with pytest.raises(RuleViolation):
        erasure_ask(user=manager, actor=actor_of(manager))


def test_a_wish_can_be_taken_back(reader: User) -> None:
    client = client_of(reader)
    client.post("/account/privacy/erase/")
    assert ErasureRequest.objects.get().state == "waiting" and last_mail("members_erasure_asked").sensitive
    assert erasures_due() == 0, "the days of grace are not over"
    assert client.get("/account/privacy/erase/").status_code == 200
    client.post("/account/privacy/erase/", {"cancel": "1"})
    ErasureRequest.objects.update(due_at=timezone.now())
    assert erasures_due() == 0 and User.objects.filter(pk=reader.pk).exists()


def test_after_the_days_of_grace_the_account_is_gone_and_a_proof_without_name_stays(
    reader: User, bandung: Library
) -> None:
    number, key = reader.pk, borrowed(reader, bandung, **CLOSED, closed_at=timezone.now()).pk
    client = client_of(reader)
    client.post("/account/privacy/erase/")
    ErasureRequest.objects.update(due_at=timezone.now())
    assert erasures_due() == 1
    assert not User.objects.filter(pk=number).exists()
    assert (
        Request.objects.get(pk=key).patron is None
        and Request.objects.get(pk=key).requesting_library == bandung
    )
    assert client.get("/account/").status_code == 302, "the session is over"
    assert not OutgoingMail.objects.filter(to_email="budi@example.org").exists()
    proof = AuditEntry.objects.get(code="members.privacy.erased")
    assert proof.target_name == str(number) and "Santoso" not in json.dumps(proof.data)


def test_who_borrowed_in_the_meantime_waits(reader: User, bandung: Library) -> None:
    erasure_ask(user=reader, actor=actor_of(reader))
    ErasureRequest.objects.update(due_at=timezone.now())
    borrowed(reader, bandung)
    assert erasures_due() == 0 and ErasureRequest.objects.get().state == "waiting"


def test_staff_act_for_their_own_reader_and_for_nobody_whom_others_know(
    reader: User, librarian: User, makassar: Library, stranger: User
) -> None:
    url = f"/people/{reader.memberships.get().pk}/data/"
    assert client_of(stranger).post(url).status_code == 404
    client = client_of(librarian)
    assert client.post(url, {"export": "1"})["Content-Type"] == "application/zip"
    client.post(url)
    assert ErasureRequest.objects.get().asked_by == librarian.pk
    ErasureRequest.objects.all().delete()
    Membership.objects.create(
        user=reader, library=makassar, role=Role.PATRON, status=MembershipStatus.CONFIRMED
    )
    assert (
        client.post(url).status_code == 200
        and client.post(url, {"export": "1"})["Content-Type"] != "application/zip"
    )
    assert not ErasureRequest.objects.exists()


def test_a_single_name_is_not_taken_from_namesakes(bandung: Library) -> None:
    namesake = make_member("budi2@example.org", bandung, name="Budi")
    person = make_member("budi@example.org", bandung, name="Budi")
    erasure_ask(user=person, actor=actor_of(person))
    ErasureRequest.objects.update(due_at=timezone.now())
    erasures_due()
    namesake.refresh_from_db()
    assert namesake.name == "Budi" and namesake.email == "budi2@example.org"


def test_the_audit_trail_refuses_every_other_change(reader: User, bandung: Library) -> None:
    erasure_ask(user=reader, actor=actor_of(reader))
    for change in ("code = 'x'", "actor_id = 1", "channel = 'x'"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL jejaring.erasing = 'on'")
            cursor.execute(f"UPDATE core_auditentry SET {change}")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE core_auditentry SET actor_name = 'x'")
