"""The database, or Redis, is restarted in the midst of a harvest: the run goes on and ends as if nothing had been.

With servers of their own and a real Celery worker; what the timers would do after minutes is done at once.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.conf import settings as django_settings

from network_portal.embedded import account
from network_portal.embedded.postgres import Postgres
from network_portal.embedded.redis import Redis
from network_portal.embedded.state import State
from tests.catalog.harvesting.oai_server import Behaviour, OaiServer, records

COUNT = 600
ROOT = Path(django_settings.BASE_DIR)
SET_UP = """
import django; django.setup()
from catalog.models import Source
from catalog.services.sources import source_start
from members.models import Library
from network_portal.core.actor import Actor
named = dict(name="Uji", library_type="academic", city="Bandung")
library, _ = Library.objects.get_or_create(short_code="UJI", defaults=named)
source = Source.objects.create(library=library, name="{url}", kind="oai_pmh", url="{url}")
print(source_start(source=source, actor=Actor.system()).pk)
"""
DISPATCH = """
import django; django.setup()
from catalog.tasks import dispatch_sources
dispatch_sources.delay()
"""


@dataclass
class Portal:
    """A database, a Redis and a worker, each a process."""

    postgres: Postgres
    redis: Redis
    environment: dict[str, str]
    log: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def python(self, code: str) -> str:
        command = [sys.executable, "-c", code]
        done = subprocess.run(
            command, env=self.environment, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
        )
        return done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""

    def rows(self, statement: str) -> list[Any]:
        """None while the database is away."""
        try:
            connection = psycopg2.connect(self.postgres.url, connect_timeout=2)
        except psycopg2.OperationalError:
            return []
        with contextlib.closing(connection), connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def run(self, number: str) -> tuple[str, int, int]:
        """Status, records read, times resumed."""
        found = self.rows(f"SELECT status, read, resumed FROM catalog_run WHERE id = {int(number)}")
        return found[0] if found else ("", 0, 0)

    def wait(self, condition: Callable[[], bool], seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, self.log.read_text()[-3000:]
            time.sleep(0.02)


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    folder = tmp_path_factory.mktemp("portal")
    var = folder / "var"
    var.mkdir()
    state = State(var)
    postgres, redis = state.postgres(), state.redis()
    environment = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "network_portal.settings", "ALLOW_PRIVATE_ADDRESSES": "1", "DEBUG": "1",
        "SECRET_KEY": django_settings.SECRET_KEY, "VAR_DIR": str(folder / "files"),
        "MEDIA_DIR": str(folder / "media"), "DATABASE_URL": postgres.url, "REDIS_URL": redis.url,
    }  # fmt: skip
    found = Portal(postgres, redis, environment, folder / "worker.log")
    try:
        postgres.start()
        redis.start()
        state.remember(DATABASE_URL=postgres.url, REDIS_URL=redis.url)
        manage = [sys.executable, "manage.py", "migrate", "-v0", "--skip-checks"]
        subprocess.run(manage, env=environment, cwd=ROOT, check=True, capture_output=True)
        celery = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "network_portal",
            "worker",
            "-Q",
            "default,harvest",
            "-c1",
        ]
        with found.log.open("wb") as log:
            worker = subprocess.Popen(celery, env=environment, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
        found.processes.append(worker)
        yield found
    finally:
        for process in found.processes:
            process.terminate()
            process.wait(30)
        redis.stop()
        postgres.stop()
        for name in ("postgres", "redis"):
            account.remove_folder(var / name)


@pytest.fixture
def server() -> Iterator[OaiServer]:
    with OaiServer(records(COUNT), Behaviour(page=10, pause=0.03)) as found:
        yield found


def ends_right(portal: Portal, server: OaiServer, number: str) -> None:
    """All records, each once, with the counters of an undisturbed run."""
    status, read, _ = portal.run(number)
    assert (status, read) == ("done", COUNT)
    rows = portal.rows(
        "SELECT r.identifier, r.draft->>'title', e.title, h.n FROM catalog_sourcerecord r "
        "JOIN catalog_source s ON s.id = r.source_id JOIN catalog_edition e ON e.id = r.edition_id "
        "CROSS JOIN LATERAL (SELECT count(*) n FROM catalog_holding h WHERE h.record_id = r.id) h "
        f"WHERE s.url = '{server.url}' AND r.deleted_at IS NULL"
    )
    assert {row[0] for row in rows} == {item.identifier for item in server.items}
    assert len(rows) == COUNT
    assert all(title == edition and holdings == 1 for _, title, edition, holdings in rows)
    created = portal.rows(f"SELECT created, updated, rejected FROM catalog_run WHERE id = {int(number)}")
    assert created == [(COUNT, 0, 0)]


def test_a_database_that_is_restarted_in_the_midst_of_a_harvest_loses_nothing(
    portal: Portal, server: OaiServer
) -> None:
    number = portal.python(SET_UP.format(url=server.url))
    portal.wait(lambda: portal.run(number)[1] >= 100)
    portal.postgres.stop()
    portal.postgres.start()
    status, read, _ = portal.run(number)
    assert (status, read < COUNT) == ("running", True), "the run stays alive at its checkpoint"
    # Five minutes later the dispatcher takes it for lost.
    portal.wait(lambda: portal.log.read_bytes().count(b"run_interrupted") > 0)
    portal.rows("UPDATE catalog_run SET heartbeat_at = now() - interval '1 hour'")
    portal.python(DISPATCH)
    portal.wait(lambda: portal.run(number)[0] not in ("running", ""))
    assert portal.run(number)[2] >= 1
    ends_right(portal, server, number)


def test_a_redis_that_is_restarted_in_the_midst_of_a_harvest_disturbs_nothing(
    portal: Portal, server: OaiServer
) -> None:
    number = portal.python(SET_UP.format(url=server.url))
    portal.wait(lambda: portal.run(number)[1] >= 100)
    portal.redis.stop()
    portal.redis.start()
    portal.wait(lambda: portal.run(number)[0] not in ("running", ""))
    ends_right(portal, server, number)
    # And the worker takes orders again.
    second = portal.python(SET_UP.format(url=f"{server.url}?lagi=1"))
    portal.wait(lambda: portal.run(second)[0] == "done")
