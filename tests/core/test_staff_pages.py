"""Staff pages about mail, jobs and history: each library sees its own, coordinators see all."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.choices import Role
from members.models import Library
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.models import JobRun, OutgoingMail
from tests.members.world import make_library, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def library() -> Library:
    return make_library("RUMAH", name="Perpustakaan Rumah")


def mail(library: Library | None, **values: Any) -> OutgoingMail:
    return OutgoingMail.objects.create(
        template="t", to_email="siti@example.org", language="id", body_text="Isi surat", status="failed",
        library_id=library.pk if library else None, next_attempt_at=timezone.now(),
        **{"subject": "Buku tiba", **values},
    )  # fmt: skip


def enter(client: Client, library: Library, role: str = Role.MANAGER) -> Client:
    client.force_login(make_member(f"{role}@{library.short_code.lower()}.example", library, role))
    return client


def test_a_library_sees_its_own_mails_only(client: Client, library: Library) -> None:
    mine, other = mail(library), mail(make_library("LAIN", name="Lain"), subject="Milik lain")
    enter(client, library)
    text = client.get(reverse("core:mail")).content.decode()
    assert "Buku tiba" in text
    assert "Milik lain" not in text
    assert client.get(reverse("core:mail_detail", args=[mine.pk])).status_code == 200
    assert client.get(reverse("core:mail_detail", args=[other.pk])).status_code == 404
    assert client.post(reverse("core:mail_resend", args=[other.pk])).status_code == 404


def test_a_coordinator_sees_every_mail(client: Client, library: Library) -> None:
    mail(library)
    mail(None, subject="Milik portal")
    enter(client, make_library("PUSAT", name="Pusat"), Role.COORDINATOR)
    text = client.get(reverse("core:mail")).content.decode()
    assert "Buku tiba" in text
    assert "Milik portal" in text


def test_a_failed_mail_is_sent_again_with_one_press(client: Client, library: Library) -> None:
    row = mail(library)
    enter(client, library)
    page = client.post(reverse("core:mail_resend", args=[row.pk]), follow=True)
    row.refresh_from_db()
    assert row.status == "queued"
    assert page.status_code == 200


def test_a_second_press_is_told_that_it_waits_already(client: Client, library: Library) -> None:
    row = mail(library)
    enter(client, library)
    url = reverse("core:mail_resend", args=[row.pk])
    client.post(url)
    assert client.post(url).status_code == 400


def test_a_private_mail_never_shows_its_text(client: Client, library: Library) -> None:
    row = mail(library, sensitive=True)
    enter(client, library)
    assert "Isi surat" not in client.get(reverse("core:mail_detail", args=[row.pk])).content.decode()


def test_mails_can_be_found_by_address_and_state(client: Client, library: Library) -> None:
    mail(library)
    enter(client, library)
    assert "Buku tiba" in client.get(reverse("core:mail"), {"q": "SITI@"}).content.decode()
    assert "Buku tiba" not in client.get(reverse("core:mail"), {"status": "sent"}).content.decode()


def test_a_job_shows_how_far_it_is(client: Client, library: Library) -> None:
    run = JobRun.objects.create(
        kind="load", label="Memuat katalog", status="running", library_id=library.pk, total=200, done=50,
        counts={"created": 50}, log="12:00:00 mulai\n",
    )  # fmt: skip
    enter(client, library)
    assert "Memuat katalog" in client.get(reverse("core:jobs")).content.decode()
    page = client.get(reverse("core:job", args=[run.pk])).content.decode()
    assert 'max="200" value="50"' in page
    assert "mulai" in page


def test_history_is_told_in_sentences_of_the_own_library(client: Client, library: Library) -> None:
    actor = Actor(user_id=1, user_name="Dewi", library_id=library.pk, library_name=str(library))
    audit.record("core.index.rebuilt", actor=actor, data={"documents": 77})
    audit.record("core.index.rebuilt", actor=Actor.system(), data={"documents": 88})
    enter(client, library)
    text = client.get(reverse("core:audit")).content.decode()
    assert "77" in text
    assert "88" not in text


@pytest.mark.parametrize("name", ["core:mail", "core:jobs", "core:audit"])
def test_empty_lists_say_what_will_stand_there(client: Client, library: Library, name: str) -> None:
    enter(client, library)
    assert 'class="empty"' in client.get(reverse(name)).content.decode()


@pytest.mark.parametrize("name", ["core:mail", "core:jobs", "core:audit"])
def test_lists_ask_the_same_number_of_questions_for_one_row_and_for_many(
    client: Client, library: Library, name: str, django_assert_max_num_queries: Any
) -> None:
    actor = Actor(user_id=1, user_name="Dewi", library_id=library.pk, library_name=str(library))
    for number in range(20):
        mail(library)
        JobRun.objects.create(kind="load", label=f"{number}", library_id=library.pk)
        audit.record("core.index.rebuilt", actor=actor, data={})
    enter(client, library)
    client.get(reverse(name))  # the menu's count of sources that need care is made every few minutes
    with django_assert_max_num_queries(8):
        client.get(reverse(name))


def test_a_nul_byte_in_an_address_is_answered_and_not_a_server_error(
    client: Client, library: Library
) -> None:
    mail(library)
    enter(client, library)
    assert "Buku tiba" in client.get(reverse("core:mail"), {"q": "Buku\x00"}).content.decode()
    assert client.get(reverse("core:audit"), {"q": "\x00", "code": "\x00"}).status_code == 200
    assert client.get("/members/%00/").status_code == 400


def test_a_login_in_between_leads_back_to_the_mail_and_sends_nothing(
    client: Client, library: Library
) -> None:
    row = mail(library)
    enter(client, library)
    assert client.get(reverse("core:mail_resend", args=[row.pk]))["Location"].endswith(f"/{row.pk}/")
    row.refresh_from_db()
    assert row.status == "failed"
