"""Jobs whose queue is away when somebody presses the button: nothing is lost, and nobody sees an error page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from kombu import Connection

from catalog import tasks, tasks_reports
from catalog.choices import SourceKind
from catalog.services import job_sending, overlap, probes, quality, sru_probe
from network_portal.core.choices import JobStatus
from network_portal.core.models import JobRun
from network_portal.core.sending import task_send
from tests.catalog.building import SYSTEM, library, person, source

pytestmark = pytest.mark.django_db
NOBODY = "redis://127.0.0.1:9/0"
JOBS = {
    "catalog.probe": (tasks.probe_source, lambda: probes.probe_start(source=_server("oai_pmh"), actor=SYSTEM)),
    "catalog.explain": (
        tasks.explain_source,
        lambda: sru_probe.explain_start(source=_server("sru"), actor=SYSTEM),
    ),
    "catalog.quality": (tasks_reports.quality_job, lambda: quality.quality_ask(library=library(), actor=SYSTEM)),
    "catalog.overlap": (tasks_reports.overlap_count, lambda: overlap.overlap_ask(actor=SYSTEM)),
}  # fmt: skip


def _server(kind: str) -> Any:
    return source(kind=kind, url="http://127.0.0.1:1/")


@pytest.fixture
def no_queue(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A broker where nobody listens, asked once."""

    def nobody(name: str, *values: Any) -> None:
        task_send(name, *values, connection=Connection(NOBODY, connect_timeout=1))

    monkeypatch.setattr(job_sending, "task_send", nobody)
    with translation.override("en"):
        yield


@pytest.mark.parametrize("kind", JOBS)
def test_a_job_that_can_not_be_sent_waits_and_goes_once_the_queue_is_back(
    kind: str, no_queue: None, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    task, ask = JOBS[kind]
    with django_capture_on_commit_callbacks(execute=True):
        job = ask()
    job.refresh_from_db()
    assert job.status == JobStatus.QUEUED
    assert "The job waits" in job.log
    assert job_sending.jobs_send_again() == 1
    job.refresh_from_db()
    assert "The job waits" in job.log, "the queue is still away"
    sent: list[tuple[Any, ...]] = []
    monkeypatch.setattr(job_sending, "task_send", lambda *values: sent.append(values))
    assert job_sending.jobs_send_again() == 1
    assert [(values[0], values[-1]) for values in sent] == [(task.name, job.pk)]
    assert job_sending.jobs_send_again() == 0, "it is in the queue now"


def test_the_dispatcher_sends_what_waits_for_the_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[int] = []
    monkeypatch.setattr(job_sending, "task_send", lambda _name, pk: sent.append(pk))
    lost = JobRun.objects.create(kind="catalog.overlap", label="l", log="12:00:00 waits")
    JobRun.objects.create(kind="catalog.overlap", label="sent long ago")
    JobRun.objects.create(kind="catalog.overlap", label="at work", log="12:00:00 x", status=JobStatus.RUNNING)
    tasks.dispatch_sources()
    assert sent == [lost.pk]


def test_the_button_answers_while_the_queue_is_away(
    client: Client, no_queue: None, django_capture_on_commit_callbacks: Any
) -> None:
    own = source(kind=SourceKind.OAI_PMH, url="http://127.0.0.1:1/oai")
    client.force_login(person("manager", own.library))
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("catalog:source_probe", args=[own.pk]))
    assert answer.status_code == 302
    waiting = JobRun.objects.get(kind="catalog.probe")
    assert waiting.status == JobStatus.QUEUED
    assert waiting.log, "it says that it waits"
