"""Long work that can be watched and stopped, and news that goes out only after the commit."""

from __future__ import annotations

import pytest
from django.db import transaction

from network_portal.core import events
from network_portal.core.actor import Actor
from network_portal.core.jobs import JobTracker, job_create
from network_portal.core.models import JobRun

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> JobRun:
    return job_create(kind="probe", label="Memuat katalog", actor=Actor.system(), total=10)


def test_a_finished_job_keeps_its_counts_and_log(run: JobRun) -> None:
    with JobTracker(run) as job:
        job.advance(7, created=5, updated=2)
        job.advance(3, created=1)
        job.log("selesai")
    run.refresh_from_db()
    assert (run.status, run.done, run.counts) == ("done", 10, {"created": 6, "updated": 2})
    assert run.log.endswith("selesai\n")


def test_a_failed_job_says_why(run: JobRun) -> None:
    with pytest.raises(ValueError, match="rusak"), JobTracker(run):
        raise ValueError("berkas rusak")
    run.refresh_from_db()
    assert (run.status, run.error) == ("failed", "berkas rusak")


def test_a_stopped_job_ends_at_its_next_step(run: JobRun) -> None:
    steps = 0
    with JobTracker(run) as job:
        for _step in range(100):
            steps += 1
            JobRun.objects.filter(pk=run.pk).update(status="stopped")
            job.log("langkah")
    run.refresh_from_db()
    assert (run.status, steps) == ("stopped", 1)


@pytest.mark.django_db(transaction=True)
def test_news_goes_out_after_the_commit_and_never_without_one() -> None:
    heard: list[int] = []
    events.subscribe("probe.happened", lambda number: heard.append(number))
    with transaction.atomic():
        events.publish("probe.happened", number=1)
        assert heard == []
    assert heard == [1]
    with pytest.raises(RuntimeError), transaction.atomic():
        events.publish("probe.happened", number=2)
        raise RuntimeError
    assert heard == [1]


@pytest.mark.django_db(transaction=True)
def test_a_receiver_that_fails_does_not_stop_the_others() -> None:
    heard: list[str] = []

    def fail(word: str) -> None:
        raise RuntimeError(word)

    events.subscribe("probe.robust", fail)
    events.subscribe("probe.robust", lambda word: heard.append(word))
    with transaction.atomic():
        events.publish("probe.robust", word="kabar")
    assert heard == ["kabar"]
