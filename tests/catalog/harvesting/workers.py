"""Workers as real processes, to be killed, and waiting for what they do. Used by tests of faults."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings as django_settings
from django.db import connection

from catalog.models import Run

CODE = """
import django; django.setup()
from catalog.services.runs import run_execute
from network_portal.core.actor import Actor
run_execute(run_id={run_id}, actor=Actor.system(), trusted=True)
"""


def database_url() -> str:
    config = connection.settings_dict
    password = f":{config['PASSWORD']}" if config.get("PASSWORD") else ""
    host = f"{config['HOST'] or '127.0.0.1'}:{config['PORT'] or 5432}"
    return f"postgres://{config['USER']}{password}@{host}/{config['NAME']}"


def environment(**values: str) -> dict[str, str]:
    return {
        **os.environ, "DJANGO_SETTINGS_MODULE": "network_portal.settings", "ALLOW_PRIVATE_ADDRESSES": "1", "DEBUG": "1",
        "SECRET_KEY": django_settings.SECRET_KEY, "DATABASE_URL": database_url(),
        "REDIS_URL": django_settings.REDIS_URL, "VAR_DIR": str(django_settings.VAR_DIR),
        "MEDIA_DIR": str(django_settings.MEDIA_ROOT), **values,
    }  # fmt: skip


def worker(run_id: int) -> subprocess.Popen[bytes]:
    """A process that carries the run out, and nothing else."""
    command = [sys.executable, "-c", CODE.format(run_id=run_id)]
    return subprocess.Popen(command, env=environment(), cwd=django_settings.BASE_DIR)


def wait_until(condition: Callable[[], Any], seconds: float = 180) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.005)


def carry_out_killing(run: Run, records: int, kills: int, rng: random.Random) -> int:
    """The run to its end, by workers of which so many are killed with SIGKILL, each at a random moment.

    Returns how many were killed while they worked.
    """
    killed = 0
    for reached in sorted(rng.randrange(records) for _ in range(kills)):
        before = _heard(run)
        process = worker(run.pk)
        # It has begun once it says so: to kill one that is still starting proves nothing.
        wait_until(lambda p=process, b=before: p.poll() is not None or _heard(run) != b, 600)
        wait_until(lambda p=process, at=reached: p.poll() is not None or _read(run) >= at, 600)
        time.sleep(rng.uniform(0, 0.1))  # the middle of a page as well as its end
        if process.poll() is None:
            process.kill()
            killed += 1
        process.wait()
    # The dead worker's database session may hold the run for a moment; then the next one leaves at once.
    wait_until(lambda: worker(run.pk).wait() == 0 and not Run.objects.get(pk=run.pk).is_live, 600)
    return killed


def _heard(run: Run) -> object:
    return Run.objects.values_list("heartbeat_at", flat=True).get(pk=run.pk)


def _read(run: Run) -> int:
    return Run.objects.values_list("read", flat=True).get(pk=run.pk)
