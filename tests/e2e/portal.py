"""A whole portal for browser tests: its own database, real web, worker, index worker and beat processes."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from redis import Redis

ROOT = Path(__file__).resolve().parents[2]
KEY = "b7Qm2-xT9vLr4WzK8pNd6HsYcJ3gFa1eUo5iRlMtGqVwZb"
CELERY = [sys.executable, "-m", "celery", "-A", "network_portal"]
PROCESSES = {
    "web": [sys.executable, "-m", "gunicorn", "-c", "network_portal/gunicorn_conf.py", "network_portal.wsgi"],
    "worker": [*CELERY, "worker", "-Q", "default,harvest", "-c", "1"],
    "indexer": [*CELERY, "worker", "-Q", "index", "-c", "1", "-n", "index@%h"],
    "beat": [*CELERY, "beat"],
}  # fmt: skip


class Portal:
    """`with Portal(folder) as portal:` – migrated, running, reachable at `portal.url`; gone afterwards."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.name = f"e2e_{os.getpid()}_{int(time.time())}"
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.password = ""
        self.server_url = os.environ["DATABASE_URL"]
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        redis = urlsplit(os.environ["REDIS_URL"])
        self.env = {
            **os.environ, "DEBUG": "0", "DEMO": "1", "SECRET_KEY": KEY * 2, "VAR_DIR": str(folder),
            "DATABASE_URL": urlunsplit(urlsplit(self.server_url)._replace(path=f"/{self.name}")),
            "REDIS_URL": urlunsplit(redis._replace(path=f"/{_redis_number()}")), "WEB_BIND": f"127.0.0.1:{self.port}",
            "PORTAL_URL": self.url, "DJANGO_SETTINGS_MODULE": "network_portal.settings", "LOG_JSON": "1",
        }  # fmt: skip

    def __enter__(self) -> Portal:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._sql(f"CREATE DATABASE {self.name}")
        Redis.from_url(
            self.env["REDIS_URL"]
        ).flushdb()  # what an earlier run left in the queues is nobody's work
        try:
            self.manage("migrate", "--verbosity", "0")
            self.manage("messages", "--compile")
            self.manage("collectstatic", "--noinput", "--verbosity", "0")
            for name, command in PROCESSES.items():
                self.start(name, command)
            self._wait_until_ready()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_args: object) -> None:
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._sql(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")

    def manage(self, *arguments: str, module: str = "manage.py") -> str:
        """Run a management command in the portal's environment; its output, or a failure that shows it."""
        done = subprocess.run(
            [sys.executable, module, *arguments],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            timeout=300,
        )
        if done.returncode:
            raise AssertionError(
                f"{' '.join(arguments)} failed:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
            )
        return done.stdout

    def seed(self, module: str) -> dict[str, str]:
        """Run a Python module that prints one JSON object as its last line."""
        output = self.manage(module, module="-m")
        return dict(json.loads(output.strip().splitlines()[-1]))

    def start(self, name: str, command: list[str]) -> None:
        log = (self.folder / f"{name}.log").open("ab")
        self.processes[name] = subprocess.Popen(
            command, cwd=ROOT, env=self.env, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
        )

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")[-3000:]

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            for name, process in self.processes.items():
                if process.poll() is not None:
                    raise AssertionError(f"{name} ended by itself:\n{self.log(name)}")
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        raise AssertionError(f"the portal did not come up:\n{self.log('web')}")

    def _sql(self, statement: str) -> None:
        connection = psycopg2.connect(self.server_url)
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
        finally:
            connection.close()


def _redis_number() -> int:
    """A database that no other test uses: the highest ones, counted down by test process."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    return 15 - int(worker) % 8


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
