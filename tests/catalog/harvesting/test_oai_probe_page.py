"""Examining a server from its source's page and every week: the button, the waiting, the history, the letter."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from catalog import tasks
from catalog.harvesting.oai.probing import source_probe
from catalog.models import Source
from catalog.presenters.oai_profile import oai_profile
from catalog.services import job_sending, probes
from network_portal.core.choices import JobStatus
from network_portal.core.errors import Conflict, RuleViolation
from network_portal.core.models import AuditEntry, JobRun
from tests.catalog.building import SYSTEM, person, source
from tests.catalog.harvesting.oai_helpers import harvest_now, impatience, oai_source
from tests.catalog.harvesting.oai_server import Behaviour, OaiServer, records

pytestmark = pytest.mark.django_db
impatient = pytest.fixture(autouse=True)(impatience)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """What was handed to the workers."""
    found: list[tuple[int, int]] = []
    monkeypatch.setattr(job_sending, "task_send", lambda _name, *ids: found.append(ids))
    return found


def section(client: Client, own: Source) -> str:
    url = reverse("catalog:source_server", args=[own.pk])
    return client.get(url, HTTP_HX_REQUEST="true", HTTP_ACCEPT_LANGUAGE="en").content.decode()


def press(client: Client, own: Source) -> Any:
    return client.post(reverse("catalog:source_probe", args=[own.pk]), HTTP_ACCEPT_LANGUAGE="en")


def test_the_button_shows_that_it_waits_and_then_what_was_found_out(
    client: Client, sent: list[tuple[int, int]], django_capture_on_commit_callbacks: Any
) -> None:
    with OaiServer(records(25), Behaviour(local_hours=7)) as server:
        own = oai_source(server)
        client.force_login(person("manager", own.library))
        assert "Examine the server now" in section(client, own)
        with django_capture_on_commit_callbacks(execute=True):
            answer = press(client, own)
        assert answer.url == reverse("catalog:source", args=[own.pk]) + "#server"
        waiting = section(client, own)
        assert "The server is being examined." in waiting
        assert 'hx-trigger="every 3s"' in waiting
        assert "Examine the server now" not in waiting
        tasks.probe_source(*sent[0])
    done = section(client, own)
    assert "Grade B" in done
    assert "hx-trigger" not in done
    assert JobRun.objects.get(kind="catalog.probe").status == JobStatus.DONE
    assert AuditEntry.objects.filter(code="catalog.source.probe_asked").count() == 1


def test_a_second_press_waits_for_the_first(sent: list[tuple[int, int]]) -> None:
    own = source(kind="oai_pmh", url="http://127.0.0.1:1/oai")
    probes.probe_start(source=own, actor=SYSTEM)
    with pytest.raises(Conflict):
        probes.probe_start(source=own, actor=SYSTEM)
    JobRun.objects.update(created_at=timezone.now() - timedelta(hours=1))  # its worker was lost
    probes.probe_start(source=own, actor=SYSTEM)
    with pytest.raises(RuleViolation):
        probes.probe_start(source=source(kind="upload"), actor=SYSTEM)


def test_a_server_that_does_not_answer_is_told_in_a_sentence_and_the_old_grade_stays(
    client: Client, sent: list[tuple[int, int]]
) -> None:
    with OaiServer(records(25)) as server:
        own = oai_source(server)
        source_probe(own)
        job = probes.probe_start(source=own, actor=SYSTEM)
        server.behaviour.login_page = True
        tasks.probe_source(own.pk, job.pk)
    client.force_login(person("librarian", own.library))
    text = section(client, own)
    assert "Grade A" in text
    assert "The examination could not be carried out. The address answers with a web page" in text
    assert "Examine the server now" not in text, "who only looks has no button"
    JobRun.objects.update(created_at=timezone.now() - timedelta(days=2))
    assert "The latest examination failed, so an earlier one is shown." in section(client, own)


def test_the_same_delivery_twice_examines_once() -> None:
    with OaiServer(records(25)) as server:
        own = oai_source(server)
        job = probes.probe_start(source=own, actor=SYSTEM)
        tasks.probe_source(own.pk, job.pk)
        asked = len(server.requests)
        tasks.probe_source(own.pk, job.pk)
        assert len(server.requests) == asked


def test_without_htmx_the_section_leads_to_the_page(client: Client) -> None:
    own = source(kind="oai_pmh", url="http://127.0.0.1:1/oai")
    client.force_login(person("manager", own.library))
    answer = client.get(reverse("catalog:source_server", args=[own.pk]))
    assert answer.url.endswith("#server")
    page = client.get(reverse("catalog:source", args=[own.pk]), HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Nothing was found out about it yet." in page


def test_each_server_is_examined_once_a_week_at_its_own_hour() -> None:
    library = source().library
    active = [source(library, kind="oai_pmh", url=f"http://127.0.0.1:1/{n}") for n in range(20)]
    source(library, kind="oai_pmh", enabled=False)
    source(library, kind="oai_pmh", paused_at=timezone.now())
    source(library, kind="url", url="http://127.0.0.1:1/x")
    now = timezone.now()
    hours = [probes.probe_due(now=now + timedelta(hours=hour)) for hour in range(7 * 24)]
    found = [pk for hour in hours for pk in hour]
    assert sorted(found) == [one.pk for one in active]
    assert max(len(hour) for hour in hours) == 1
    Source.objects.update(oai_probed_at=now)
    assert not any(probes.probe_due(now=now + timedelta(hours=hour)) for hour in range(5 * 24))


def test_the_clock_sends_who_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = django_settings.CELERY_BEAT_SCHEDULE["dispatch-probes"]
    assert entry["task"] in current_app.tasks
    with OaiServer(records(25), Behaviour(deleted_record="no")) as server:
        own = oai_source(server)
        monkeypatch.setattr(probes, "probe_due", lambda: [own.pk])
        monkeypatch.setattr(tasks.probe_weekly, "delay", tasks.probe_weekly.run)
        tasks.dispatch_probes()
    own.refresh_from_db()
    assert own.oai_profile["grade"] == "B"
    assert own.told_count == 25


def test_a_size_that_counts_deleted_records_is_not_held_against_ours() -> None:
    items = records(25)
    items[3].deleted = True
    with OaiServer(items) as server:
        own = oai_source(server)
        source_probe(own)
        assert own.told_count is None
        harvest_now(own)
        assert (own.told_count, own.record_count) == (24, 24)
        Source.objects.filter(pk=own.pk).update(told_at=timezone.now() - timedelta(days=31))
        own.refresh_from_db()
        source_probe(own)
    assert own.told_count is None


def test_earlier_grades_are_told_with_their_last_day(client: Client) -> None:
    with OaiServer(records(25)) as server:
        own = oai_source(server)
        source_probe(own)
        source_probe(own)
        server.behaviour.no_dates = True
        source_probe(own)
        server.behaviour = Behaviour(ignore_dates=True)
        source_probe(own)
        server.behaviour = Behaviour(login_page=False, deleted_record="no")
        source_probe(own)
    view = oai_profile(own)
    assert view is not None
    assert [one.grade for one in view.history] == ["C", "A"], "the same grade again is no news"
    assert all(one.until is not None for one in view.history)
    client.force_login(person("manager", own.library))
    assert "Grade C until" in section(client, own)


def test_changes_alone_against_the_probes_advice_are_warned_of() -> None:
    with OaiServer(records(25), Behaviour(ignore_dates=True)) as server:
        own = oai_source(server, options={"mode": "windows", "window": "day"})
        source_probe(own)
    with translation.override("en"):
        view = oai_profile(own)
    assert view is not None
    assert view.warning.startswith("Only changes are fetched")
    assert view.mode.endswith("by the day")
    own.options = {}
    assert oai_profile(own).warning == ""  # type: ignore[union-attr]


def test_the_letter_to_the_vendor_is_in_indonesian_and_can_be_copied_and_mailed(client: Client) -> None:
    with OaiServer(records(25), Behaviour(local_hours=7)) as server:
        own = oai_source(server)
        source_probe(own)
    view = oai_profile(own)
    assert view is not None
    assert view.letter is not None
    assert server.url in view.letter.body
    assert own.library.name in view.letter.body
    assert "1. " in view.letter.body
    assert "Write datestamps in UTC." not in view.letter.body
    assert "Dengan hormat" in view.letter.body
    assert "\n" not in view.letter.mailto
    client.force_login(person("manager", own.library))
    page = section(client, own)
    assert "readonly" in page
    assert "Dengan hormat" in page


def test_a_server_without_faults_gets_no_letter() -> None:
    with OaiServer(records(45)) as server:
        own = oai_source(server)
        source_probe(own)
    assert oai_profile(own).letter is None  # type: ignore[union-attr]
