"""Stage of the bench: one reader's search pages while nobody else is there, and while one address asks for filters.

The web server runs with its limits, as behind a proxy, so that reader and flood have addresses of their own.
"""

from __future__ import annotations

import http.client
import itertools
import os
import random
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from urllib.parse import urlencode

from tests.perf.clients import free_port, question, wait_for
from tests.perf.report import Report
from tests.perf.watched import ROOT

PAGES = 150
CONNECTIONS = 16
ROUND_TRIP = 0.02  # seconds to a neighbouring city; without it the flood would mostly measure itself
FLOOD, READER = "203.0.113.66", "198.51.100"


def bench_flood(report: Report) -> None:
    port = free_port()
    limits = {"RATE_LIMITS": "1", "BEHIND_PROXY": "1", "HTTPS": "0", "WEB_CONCURRENCY": "2"}
    environment = {**os.environ, **limits, "WEB_BIND": f"127.0.0.1:{port}"}
    serve = ["-m", "gunicorn", "-c", "network_portal/gunicorn_conf.py", "network_portal.wsgi"]
    web = subprocess.Popen([sys.executable, *serve], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        wait_for(port)
        _reads(port, seed=0, count=30)  # warm
        idle = _reads(port, seed=1)
        flood = subprocess.Popen([sys.executable, "-m", "tests.perf.flood", str(port)], cwd=ROOT, text=True,
                                 stdout=subprocess.PIPE)  # fmt: skip
        time.sleep(2)
        busy = _reads(port, seed=2)
        answers = flood.communicate()[0].strip()
    finally:
        web.terminate()
        web.wait()
    quiet, loud = (statistics.quantiles(times, n=100)[94] * 1000 for times in (idle, busy))
    who = f"{CONNECTIONS} connections of one address, 20 ms away, ask for filters ({answers})"
    what = f"a reader's search page, p95, while {who}"
    report.add("reader_p95_idle_ms", quiet, "a reader's search page, p95, nobody else there")
    report.add("reader_p95_flood_ms", loud, what)
    report.add("reader_flood_ratio", loud / quiet, "the second over the first", ceiling=2)


def _reads(port: int, *, seed: int, count: int = PAGES) -> list[float]:
    """Seconds of each page. Fails on any answer but 200: a reader is never refused."""
    rng, times = random.Random(seed), []
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for n in range(count):
        address = "/search?" + urlencode(question(rng))
        started = time.perf_counter()
        status = _ask(connection, address, f"{READER}.{n % 200}")
        times.append(time.perf_counter() - started)
        if status != 200:
            raise SystemExit(f"{status} for a reader's {address}")
    return times


def _ask(connection: http.client.HTTPConnection, address: str, sender: str) -> int:
    connection.request("GET", address, headers={"X-Forwarded-For": sender, "Accept-Language": "id"})
    answer = connection.getresponse()
    answer.read()
    return answer.status


def flood(port: int, seconds: float) -> Counter[int]:
    """Each connection asks for another combination as soon as it has an answer."""
    counts: Counter[int] = Counter()
    years, end = itertools.count(1000), time.monotonic() + seconds

    def ask_on() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while time.monotonic() < end:
            address = f"/search?q=laut&language=ind&from={next(years) % 1000 + 1000}"
            counts[_ask(connection, address, FLOOD)] += 1
            time.sleep(ROUND_TRIP)

    threads = [threading.Thread(target=ask_on) for _n in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return counts


if __name__ == "__main__":
    found = flood(int(sys.argv[1]), seconds=8)
    sys.stdout.write(", ".join(f"{count} × {status}" for status, count in sorted(found.items())))
