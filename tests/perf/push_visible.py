"""How long it takes until a change that an agent pushed is found in search: real web server, real index worker.

Run as `python -m tests.perf.push_visible [runs]` in an environment with its own DATABASE_URL, REDIS_URL and VAR_DIR,
migrated and with an index (empty is fine). Prints {"seconds": the median, "worst": …, "runs": […]}.
"""

from __future__ import annotations

import http.client
import json
import os
import secrets
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from tests.perf.clients import free_port, wait_for

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0  # seconds until a change counts as lost
POLL = 0.05
BETWEEN = 0.7  # seconds of rest, as between the pushes of one agent


def prepare() -> tuple[int, str]:
    """A source and a key for it, and an index to search in."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network_portal.settings")
    import django

    django.setup()
    from catalog.models import Source
    from catalog.search import indexer
    from catalog.services.keys import key_make
    from members.models import Library
    from network_portal.core.actor import Actor

    library, _ = Library.objects.get_or_create(
        short_code="PUSH", defaults={"name": "Push", "library_type": "academic", "city": "Bandung"}
    )
    source = Source.objects.create(library=library, name=f"agent {secrets.token_hex(3)}", kind="push")
    indexer.index_dirty()  # builds one where there is none
    return source.pk, key_make(source=source, name="bench", actor=Actor.system(channel="command"))[1]


@contextmanager
def processes(port: int) -> Iterator[None]:
    """The web server and the index worker as in the Procfile, ended by their own numbers."""
    environment = {**os.environ, "WEB_BIND": f"127.0.0.1:{port}", "ALLOWED_HOSTS": "127.0.0.1", "HTTPS": "0"}
    tools = Path(sys.executable).parent
    commands = [
        [str(tools / "gunicorn"), "-c", "network_portal/gunicorn_conf.py", "network_portal.wsgi"],
        [
            str(tools / "celery"),
            "-A",
            "network_portal",
            "worker",
            "-Q",
            "index",
            "-c",
            "1",
            "--loglevel",
            "ERROR",
        ],
    ]
    running = [
        subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for command in commands
    ]
    try:
        yield
    finally:
        for process in running:
            process.send_signal(signal.SIGTERM)
        for process in running:
            process.wait(timeout=60)


class Agent:
    def __init__(self, port: int, source: int, key: str) -> None:
        self.port, self.path = port, f"/api/v1/sources/{source}/records"
        self.headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def push(self, title: str) -> None:
        record = {
            "identifier": "1",
            "format": "json",
            "data": {"title": title, "authors": ["Agen"], "year": 2026},
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("POST", self.path, json.dumps({"records": [record]}), self.headers)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200 or json.loads(body)["results"][0]["result"] not in ("created", "updated"):
            raise SystemExit(f"the push was refused: {answer.status} {body[:300]!r}")

    def found(self, word: str) -> bool:
        """Nothing else has this word, so any edition on the page is the one; the page repeats the word itself."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", "/search?" + urlencode({"q": word}))
        answer = connection.getresponse()
        return b'href="/edition/' in answer.read() and answer.status == 200

    def measure(self) -> float:
        """Seconds from sending a record with a title nobody had before until a reader finds it by that title."""
        word = "kata" + secrets.token_hex(5)
        if self.found(word):
            raise SystemExit("something was found before it was sent")
        started = time.monotonic()
        self.push(f"Sejarah {word} perpustakaan")
        # Both web processes have to know it: two looks in a row.
        while not (self.found(word) and self.found(word)):
            if time.monotonic() - started > PATIENCE:
                raise SystemExit(f"not visible after {PATIENCE} s")
            time.sleep(POLL)
        return round(time.monotonic() - started, 3)


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    source, key = prepare()
    port = free_port()
    with processes(port):
        wait_for(port)
        agent = Agent(port, source, key)
        agent.measure()  # the first one waits for the worker to start
        seconds = []
        for _run in range(runs):
            time.sleep(BETWEEN)
            seconds.append(agent.measure())
    told = {"seconds": statistics.median(seconds), "worst": max(seconds), "runs": seconds}
    print(json.dumps(told))  # noqa: T201


if __name__ == "__main__":
    main()
