"""Knowledge, questions and experts as files: what the list shows, ordered alike, and for whom it shows it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from members.choices import Role
from members.models import Answer, Expert, KnowledgeItem, KnowledgeVersion, Library, Question, User
from tests.members.world import client_of, make_library, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def library() -> Library:
    return make_library("BDG")


@pytest.fixture
def librarian(library: Library) -> User:
    return make_member("dewi@example.org", library, Role.LIBRARIAN, name="Dewi")


def lines(client: Client, url: str, **query: str) -> list[str]:
    answer: Any = client.get(url, {**query, "format": "csv"})
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/csv")
    return b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()[1:]


def test_questions_are_ordered_and_guests_get_the_public_ones(library: Library, librarian: User) -> None:
    for number, public in enumerate((True, False, True)):
        row = Question.objects.create(
            title=f"=Tanya {number}", body="…", topics=[], by=librarian, library=library, is_public=public
        )
        Question.objects.filter(pk=row.pk).update(
            created_at=timezone.make_aware(datetime(2026, 1, 9 - number))
        )
    Answer.objects.create(
        question=Question.objects.get(title="=Tanya 1"), body="Ya", by=librarian, library=library
    )
    staff = client_of(librarian)
    assert [line[:10] for line in lines(staff, "/questions/", sort="old")] == [
        "'=Tanya 2,",
        "'=Tanya 1,",
        "'=Tanya 0,",
    ]
    assert lines(staff, "/questions/", sort="answers")[0].startswith("'=Tanya 1,")
    assert len(lines(staff, "/questions/", state="answered")) == 1
    assert len(lines(Client(), "/questions/")) == 2


def test_experts_are_a_file_for_staff_alone(library: Library, librarian: User) -> None:
    Expert.objects.create(user=librarian, library=library, topics=[], languages=["id"], offers=[])
    assert lines(client_of(librarian), "/experts/")[0].startswith("Dewi,")
    reader = client_of(make_member("pembaca@example.org", library))
    assert reader.get("/experts/", {"format": "csv"}).status_code == 403


def test_hidden_knowledge_is_in_no_guests_file(library: Library, librarian: User) -> None:
    for title, hidden in (("Panduan", None), ("Ditarik", timezone.now())):
        item = KnowledgeItem.objects.create(
            title=title, kind="guide", language="id", library=library, by=librarian, topics=[], audience="public",
            licence="cc-by-4.0", hidden_at=hidden, hidden_reason="Salah" if hidden else "",
        )  # fmt: skip
        KnowledgeVersion.objects.create(item=item, number=1, link="https://example.org/", by=librarian)
    assert [line.split(",")[0] for line in lines(Client(), "/knowledge/")] == ["Panduan"]
