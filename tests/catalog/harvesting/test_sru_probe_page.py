"""Asking an SRU server what it can do, from its source's page: the button, the waiting, what a failure looks like."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog import tasks
from catalog.choices import SourceKind
from catalog.models import Source
from catalog.services import job_sending, sru_probe
from network_portal.core.choices import JobStatus
from network_portal.core.errors import Conflict, RuleViolation
from network_portal.core.models import AuditEntry, JobRun
from tests.catalog.building import SYSTEM, person, source
from tests.catalog.harvesting.oai_helpers import impatience
from tests.catalog.harvesting.sru_server import LOGIN, Behaviour, SruServer, books

pytestmark = pytest.mark.django_db
impatient = pytest.fixture(autouse=True)(impatience)


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch, settings: Any) -> list[tuple[int, int]]:
    """What was handed to the workers; the tests play the worker themselves."""
    settings.ALLOW_PRIVATE_ADDRESSES = True
    found: list[tuple[int, int]] = []
    monkeypatch.setattr(job_sending, "task_send", lambda _name, *ids: found.append(ids))
    return found


class LoginPage(SruServer):
    """Somebody put a login before the server."""

    def _answer(self, _asked: dict[str, str]) -> str:
        return LOGIN.decode()


def target(server: SruServer, **values: Any) -> Source:
    return source(kind=SourceKind.SRU, url=server.url, **values)


def section(client: Client, own: Source) -> str:
    url = reverse("catalog:source_server", args=[own.pk])
    return client.get(url, HTTP_HX_REQUEST="true", HTTP_ACCEPT_LANGUAGE="en").content.decode()


def test_the_button_shows_that_it_waits_and_then_what_the_server_said(
    client: Client, sent: list[tuple[int, int]], django_capture_on_commit_callbacks: Any
) -> None:
    with SruServer(books(3), Behaviour(explain_maximum=40)) as server:
        own = target(server)
        client.force_login(person("manager", own.library))
        assert "Ask the server now" in section(client, own)
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(reverse("catalog:source_explain", args=[own.pk]))
        assert answer.url == reverse("catalog:source", args=[own.pk]) + "#server"
        waiting = section(client, own)
        assert "The server is being asked." in waiting
        assert 'hx-trigger="every 3s"' in waiting
        assert "Ask the server now" not in waiting
        tasks.explain_source(*sent[0])
        asked = len(server.requests)
        tasks.explain_source(*sent[0])
        assert len(server.requests) == asked, "the same delivery twice asks once"
    done = section(client, own)
    assert "Records in one answer, at most</dt><dd>40" in done
    assert "hx-trigger" not in done
    assert JobRun.objects.get(kind="catalog.explain").status == JobStatus.DONE
    assert AuditEntry.objects.filter(code="catalog.source.explain_asked").count() == 1


def test_a_second_press_waits_for_the_first() -> None:
    own = source(kind=SourceKind.SRU, url="http://127.0.0.1:1/sru")
    sru_probe.explain_start(source=own, actor=SYSTEM)
    with pytest.raises(Conflict):
        sru_probe.explain_start(source=own, actor=SYSTEM)
    JobRun.objects.update(created_at=timezone.now() - timedelta(hours=1))  # its worker was lost
    sru_probe.explain_start(source=own, actor=SYSTEM)
    with pytest.raises(RuleViolation) as refusal:
        sru_probe.explain_start(source=source(kind=SourceKind.OAI_PMH), actor=SYSTEM)
    assert refusal.value.code == "not_sru"


def test_what_was_known_stays_when_the_server_can_not_be_asked(client: Client) -> None:
    with SruServer(books(3), Behaviour(explain_maximum=40)) as server:
        own = target(server)
        tasks.explain_source(own.pk, sru_probe.explain_start(source=own, actor=SYSTEM).pk)
    JobRun.objects.update(created_at=timezone.now() - timedelta(hours=1))
    job = sru_probe.explain_start(source=own, actor=SYSTEM)
    tasks.explain_source(own.pk, job.pk)  # it is not there any more
    client.force_login(person("librarian", own.library))
    text = section(client, own)
    assert "The server could not be asked." in text
    assert "40</dd>" in text
    assert "Ask the server now" not in text, "who only looks has no button"


def test_an_address_that_answers_with_a_web_page_is_told_in_a_sentence(client: Client) -> None:
    with LoginPage([]) as server:
        own = target(server)
        tasks.explain_source(own.pk, sru_probe.explain_start(source=own, actor=SYSTEM).pk)
    client.force_login(person("manager", own.library))
    text = section(client, own)
    assert "The server could not be asked. The address answers with a web page" in text
    assert "Ask the server now" in text
