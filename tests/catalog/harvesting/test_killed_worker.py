"""A worker that is killed in the midst of a run: the next one ends where an undisturbed run would have."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection

from catalog.choices import RunStatus
from catalog.corpus.generate import editions, record
from catalog.harvesting.schedule import runs_lost
from catalog.models import DirtyEdition, Edition, GoneRecord, MatchKey, Run, SourceRecord
from tests.catalog.building import last_run, library, load, marc, source, state
from tests.catalog.harvesting.workers import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    """3,000 records, a few of them broken, many of them of the same editions, some announced as deleted later."""
    import random

    rng, known = random.Random(5), list(editions(2200, 5))
    records = [record(known[n % 2200], 1 + n // 2200, f"{n:06d}", rng) for n in range(3000)]
    for n in range(100, 3000, 700):
        records[n] = marc(f"leer{n}", "")
    for n in range(2000, 3000, 50):
        records[n] = marc(f"{n - 1990:06d}", "Dihapus", status="d")
    path = tmp_path / "catalogue.mrc"
    path.write_bytes(b"".join(records))
    return path


def command(path: Path, tmp_path: Path) -> subprocess.Popen[bytes]:
    database = connection.settings_dict
    host = f"{database['USER']}@{database['HOST'] or '127.0.0.1'}:{database['PORT'] or 5432}"
    if database.get("PASSWORD"):
        host = host.replace("@", f":{database['PASSWORD']}@", 1)
    environment = {
        **os.environ, "DATABASE_URL": f"postgres://{host}/{database['NAME']}", "MEDIA_DIR": str(tmp_path / "media"),
        "SECRET_KEY": django_settings.SECRET_KEY, "REDIS_URL": django_settings.REDIS_URL, "DEBUG": "1",
    }  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "manage.py", "load_file", "--skip-checks", "--library", "UJI", "--source", "uji", str(path)],
        cwd=django_settings.BASE_DIR, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip


def test_a_run_whose_worker_is_killed_ends_like_an_undisturbed_one(catalogue: Path, tmp_path: Path) -> None:
    own = source(library("UJI"), name="uji")
    load(own, catalogue)
    undisturbed, counted = state(), last_run(own)
    assert counted.deleted == 20
    Edition.objects.update(merged_into=None)
    for model in (MatchKey, SourceRecord, Run, Edition, DirtyEdition):
        model.objects.all().delete()

    for pages in (1, 2):
        worker = command(catalogue, tmp_path)
        wait_until(lambda at=pages * 1000: Run.objects.filter(read__gte=at).exists())
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    run = last_run(own)
    assert run.status == RunStatus.RUNNING, "the worker was killed too late to prove anything"
    wait_until(lambda: _finish(catalogue, tmp_path))

    run = last_run(own)
    names = ("read", "created", "updated", "unchanged", "deleted", "rejected")
    assert Run.objects.count() == 1
    assert run.resumed >= 2
    assert {n: getattr(run, n) for n in names} == {n: getattr(counted, n) for n in names}
    assert run.rejects.count() == run.rejected
    assert not GoneRecord.objects.exists()
    assert state() == undisturbed


def _finish(path: Path, tmp_path: Path) -> bool:
    """False while the dead worker's database session still holds the run."""
    return command(path, tmp_path).wait() == 0


def test_a_silent_run_is_found_by_the_dispatcher() -> None:
    own = source()
    run = Run.objects.create(source=own, status=RunStatus.RUNNING)
    assert runs_lost() == []
    Run.objects.filter(pk=run.pk).update(
        queued_at="2020-01-01T00:00:00Z", heartbeat_at="2020-01-01T00:00:00Z"
    )
    assert runs_lost() == [run]
