"""The buttons for time and turns, and what the pages say about them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.choices import RunStatus, SourceKind
from catalog.models import Run, Source
from network_portal.core.models import AuditEntry
from tests.catalog.building import library, person, source
from tests.catalog.schedule.world import jakarta

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> tuple[Client, Source]:
    home = library("UNHAS", time_zone="Asia/Makassar")
    client = Client(headers={"accept-language": "en"})
    client.force_login(person("manager", home), backend="django.contrib.auth.backends.ModelBackend")
    own = source(home, kind=SourceKind.URL, url="https://example.org/a.mrc", interval_hours=24,
                 next_due_at=timezone.now() - timedelta(minutes=1))  # fmt: skip
    return client, own


def test_the_page_says_until_when_a_source_waits_in_the_librarys_time(
    manager: tuple[Client, Source], clock: Any
) -> None:
    client, own = manager
    response = client.post(
        reverse("catalog:source_hours", args=[own.pk]), {"opens": "22:00", "closes": "04:00"}
    )
    assert response.status_code == 302
    Source.objects.update(next_due_at=jakarta(12))
    clock(jakarta(14))
    text = client.get(reverse("catalog:source", args=[own.pk])).content.decode()
    assert "only from 22:00 to 04:00 WITA" in text
    assert "its time has come; it waits until 22:00 WITA" in text


def test_half_a_window_is_no_window(manager: tuple[Client, Source]) -> None:
    client, own = manager
    response = client.post(reverse("catalog:source_hours", args=[own.pk]), {"opens": "22:00", "closes": ""})
    assert "Give both hours, or none." in response.content.decode()


def test_the_buttons_follow_the_state_and_bear_being_pressed_twice(manager: tuple[Client, Source]) -> None:
    client, own = manager
    run = Run.objects.create(source=own, status=RunStatus.RUNNING)

    def press(name: str, number: int) -> None:
        for _ in range(2):
            assert client.post(reverse(f"catalog:{name}", args=[number])).status_code == 302

    def page() -> str:
        return client.get(reverse("catalog:run", args=[run.pk])).content.decode()

    assert "run-pause" in page()
    press("run_pause", run.pk)
    assert "Pausing after the page at hand." in page()
    assert "run-unpause" in page()
    Run.objects.update(status=RunStatus.PAUSED, pause_asked=False)
    assert "run-resume" in page()
    assert "run-pause" not in page()
    press("run_resume", run.pk)
    press("source_pause", own.pk)
    run.refresh_from_db()
    assert run.status == RunStatus.PAUSED
    assert "run-resume" not in page(), "it is the source that has to be resumed"
    assert "nothing is fetched" in client.get(reverse("catalog:source", args=[own.pk])).content.decode()
    press("source_resume", own.pk)
    run.refresh_from_db()
    assert run.status == RunStatus.QUEUED
    client.post(reverse("catalog:run_stop", args=[run.pk]))
    run.refresh_from_db()
    assert run.status == RunStatus.STOPPED
    codes = set(AuditEntry.objects.values_list("code", flat=True))
    assert {
        "catalog.run.paused",
        "catalog.run.resumed",
        "catalog.source.paused",
        "catalog.source.resumed",
    } <= codes


def test_load_now_pressed_twice_leads_to_one_run(manager: tuple[Client, Source]) -> None:
    client, own = manager
    where = reverse("catalog:source_run", args=[own.pk])
    assert client.post(where).headers["Location"] == client.post(where).headers["Location"]
    assert Run.objects.count() == 1


def test_the_page_tells_of_failures_and_the_next_try(manager: tuple[Client, Source]) -> None:
    client, own = manager
    Source.objects.update(next_due_at=timezone.now() + timedelta(hours=1))
    Run.objects.create(source=own, status=RunStatus.FAILED)
    text = client.get(reverse("catalog:source", args=[own.pk])).content.decode()
    assert "the last fetch failed; it is tried again by itself" in text
