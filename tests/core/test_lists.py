"""Mail, background work and the audit trail: narrowed, ordered, and taken along as a file of exactly what is shown."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.choices import Role
from network_portal.core import audit
from network_portal.core.models import JobRun, OutgoingMail
from tests.members.world import actor_of, client_of, make_library, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator() -> Client:
    person = make_member("koordinator@example.org", make_library("JKT"), Role.COORDINATOR)
    for number, status in enumerate(("queued", "sent", "sent")):
        OutgoingMail.objects.create(
            to_email=f"{'cab'[number]}@example.org", subject=f"=Surat {number}", status=status, language="id",
            attempts=number, body_text="rahasia",
        )  # fmt: skip
        JobRun.objects.create(kind="k", label=f"Pekerjaan {'cab'[number]}", status="done", actor_name="Dewi")
        audit.record(
            "members.join.opened" if number else "core.mail.resent", actor=actor_of(person), target=person
        )
    OutgoingMail.objects.filter(attempts=0).update(created_at=timezone.make_aware(datetime(2026, 3, 5, 1)))
    client = client_of(person)
    client.cookies["django_language"] = "en"
    return client


def file_of(client: Client, url: str, query: dict[str, str]) -> list[str]:
    answer: Any = client.get(url, {**query, "format": "csv"})
    assert answer.status_code == 200 and answer["Content-Type"] == "text/csv; charset=utf-8"
    return b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()[1:]


@pytest.mark.parametrize(
    ("name", "query", "rows"),
    [
        ("core:mail", {}, 3), ("core:mail", {"status": "sent"}, 2), ("core:mail", {"q": "Surat 1"}, 1),
        ("core:mail", {"last": "2026-03-05"}, 1), ("core:mail", {"first": "2026-03-06"}, 2),
        ("core:mail", {"status": "nonsense"}, 3), ("core:jobs", {"q": "kerjaan a"}, 1),
        ("core:jobs", {"status": "done"}, 3), ("core:jobs", {"status": "failed"}, 0),
        ("core:audit", {"area": "core."}, 1), ("core:audit", {"code": "members."}, 2),
        ("core:audit", {"q": "nobody"}, 0),
    ],
)  # fmt: skip
def test_the_file_holds_what_the_filters_show(
    coordinator: Client, name: str, query: dict[str, str], rows: int
) -> None:
    url = reverse(name)
    page = coordinator.get(url, query)
    assert page.context["page"].paginator.count == rows
    assert len(file_of(coordinator, url, query)) == rows
    assert ("Show all" in page.content.decode()) is bool(query)


@pytest.mark.parametrize(
    ("name", "sort", "first"),
    [
        ("core:mail", "to", "a@example.org"), ("core:mail", "tries", "b@example.org"),
        ("core:mail", "old", "c@example.org"), ("core:mail", "", "b@example.org"),
        ("core:mail", "password", "b@example.org"),
        ("core:jobs", "what", "Pekerjaan a"), ("core:jobs", "old", "Pekerjaan c"), ("core:jobs", "", "Pekerjaan b"),
    ],
)  # fmt: skip
def test_an_order_is_chosen_by_name(coordinator: Client, name: str, sort: str, first: str) -> None:
    assert first in file_of(coordinator, reverse(name), {"sort": sort})[0]


def test_a_file_holds_no_formula_and_no_words_of_a_mail(coordinator: Client) -> None:
    lines = file_of(coordinator, reverse("core:mail"), {})
    assert all("'=Surat" in line and "rahasia" not in line for line in lines)


def test_a_file_is_of_the_own_library(coordinator: Client) -> None:
    manager = client_of(make_member("kepala@example.org", make_library("SBY"), Role.MANAGER))
    assert all(file_of(manager, reverse(name), {}) == [] for name in ("core:mail", "core:jobs", "core:audit"))


def test_libraries_are_ordered_narrowed_and_taken_along_by_anybody(coordinator: Client) -> None:
    for code, city in (("BKT", "Bukittinggi"), ("AMB", "Ambon")):
        make_library(code, city=city)
    guest, url = Client(), reverse("members:libraries")
    lines = file_of(guest, url, {"sort": "city"})
    cities = [line.split(",")[2] for line in lines]
    assert cities == sorted(cities) and {"Ambon", "Bukittinggi"} <= set(cities)
    assert len(file_of(guest, url, {"city": "Ambon"})) == 1
    assert len(file_of(guest, url, {"city": "Nowhere"})) == len(lines), "what is not known is not applied"
    assert guest.get(url, {"sort": "new"}).context["page"].object_list[0].short_code == "AMB"
