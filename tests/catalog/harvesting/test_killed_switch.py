"""A worker gets SIGKILL while it switches to another full file or changes numbers over: the next one ends right."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from catalog.choices import RunStatus
from catalog.models import Edition, Holding, Run, Source, SourceRecord
from catalog.selectors.streams import streams_previous
from catalog.services import rekey, streams
from catalog.services.runs import run_execute
from tests.catalog.building import SYSTEM, library, load, marc, source, write
from tests.catalog.harvesting.workers import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
COUNT = 3000
WORKER = """
import django, sys
django.setup()
from catalog.services.runs import run_execute
from network_portal.core.actor import Actor
run_execute(run_id=int(sys.argv[1]), actor=Actor.system())
"""


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("streams", "rekey"):
        monkeypatch.setattr(f"catalog.services.{name}.run_send", lambda number: None)


def word(number: int) -> str:
    """A word of its own for each number: titles that are all alike would be compared each with each."""
    syllables = [
        "ba",
        "cu",
        "di",
        "fo",
        "ge",
        "ha",
        "ki",
        "lu",
        "mo",
        "ne",
        "pa",
        "ru",
        "si",
        "to",
        "wa",
        "yu",
    ]
    return "".join(syllables[number >> shift & 15] for shift in (0, 4, 8))


def books(prefix: str, year: int = 1990) -> list[bytes]:
    return [
        marc(f"{prefix}{n}", f"{word(n)} {word(n * 7 + 5)} kota", author=f"Penulis {word(n % 90)}", year=year)
        for n in range(COUNT)
    ]


@pytest.fixture
def own(tmp_path: Path) -> Source:
    made = source(library("UJI"), name="uji", is_snapshot=True)
    load(made, write(tmp_path, *books("a")))
    made.refresh_from_db()
    return made


def worker(run: Run) -> subprocess.Popen[bytes]:
    """Another process that carries the run out, as a Celery worker would."""
    database = connection.settings_dict
    password = f":{database['PASSWORD']}" if database.get("PASSWORD") else ""
    address = f"{database['USER']}{password}@{database['HOST'] or '127.0.0.1'}:{database['PORT'] or 5432}"
    environment = {
        **os.environ, "DATABASE_URL": f"postgres://{address}/{database['NAME']}", "DEBUG": "1",
        "DJANGO_SETTINGS_MODULE": "network_portal.settings", "SECRET_KEY": django_settings.SECRET_KEY,
        "REDIS_URL": django_settings.REDIS_URL, "MEDIA_DIR": str(django_settings.MEDIA_ROOT),
    }  # fmt: skip
    command = [sys.executable, "-c", WORKER, str(run.pk)]
    return subprocess.Popen(command, cwd=django_settings.BASE_DIR, env=environment, stdout=subprocess.DEVNULL)


def kill_in_the_midst(run: Run) -> Run:
    process = worker(run)
    wait_until(lambda: Run.objects.filter(pk=run.pk, read__gt=0).exists())
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    run.refresh_from_db()
    assert run.status == RunStatus.RUNNING, "the worker was killed too late to prove anything"
    done: list[Run] = []
    # None while the dead worker's database session still holds the run.
    wait_until(lambda: (it := run_execute(run_id=run.pk, actor=SYSTEM)) and done.append(it) is None)
    assert done[0].status == RunStatus.DONE
    assert done[0].resumed == 1
    return done[0]


def picture() -> dict[str, Any]:
    live = SourceRecord.objects.filter(deleted_at=None)
    return {
        "records": sorted(live.values_list("id", "identifier", "edition_id", "draft__year")),
        "editions": sorted(
            Edition.objects.filter(record_count__gt=0).values_list("id", "title", "record_count")
        ),
        "holdings": sorted(Holding.objects.values_list("record_id", "edition_id")),
    }


def test_a_switch_survives_sigkill_and_its_way_back_is_whole(own: Source) -> None:
    before = picture()
    content = b"".join(books("a", year=1991)[: COUNT - 100])
    stream = streams.stream_upload(source=own, upload=SimpleUploadedFile("a.mrc", content), actor=SYSTEM)
    assert stream.run is not None
    run_execute(run_id=stream.run.pk, actor=SYSTEM)
    done = kill_in_the_midst(streams.stream_switch(stream=stream, actor=SYSTEM))
    assert (done.updated, done.deleted) == (COUNT - 100, 100)
    assert SourceRecord.objects.filter(deleted_at=None, draft__year=1990).count() == 0
    [back] = streams_previous(own)
    assert (back.added, back.changed) == (100, COUNT - 100)
    run_execute(run_id=streams.stream_switch(stream=back, actor=SYSTEM).pk, actor=SYSTEM)
    assert picture() == before


def test_changing_numbers_over_survives_sigkill(own: Source, tmp_path: Path) -> None:
    before = {row[0]: row[2] for row in picture()["records"]}
    load(own, write(tmp_path, *books("b")))
    done = kill_in_the_midst(rekey.rekey_start(source=own, actor=SYSTEM))
    assert done.updated == COUNT
    assert {row[0]: row[2] for row in picture()["records"]} == before
    assert SourceRecord.objects.filter(identifier__startswith="b").count() == COUNT
    assert Holding.objects.count() == COUNT
