"""Stage of the bench that reads: search pages over HTTP from the real web server."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys

from tests.perf.clients import free_port, measure, wait_for
from tests.perf.report import Report
from tests.perf.watched import ROOT, Memory


def bench_search(report: Report) -> None:
    port = free_port()
    environment = {**os.environ, "WEB_BIND": f"127.0.0.1:{port}", "WEB_CONCURRENCY": "2", "RATE_LIMITS": "0"}
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "-c",
        "network_portal/gunicorn_conf.py",
        "network_portal.wsgi",
    ]
    web = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        wait_for(port)
        memory = Memory(web.pid)
        measure(port, seconds=3, clients=1, seed=1)  # warm
        alone = measure(port, seconds=12, clients=1, seed=2)
        crowd = measure(port, seconds=12, clients=4, seed=3)
        memory.stop()
    finally:
        web.terminate()
        web.wait()
    ordered = statistics.quantiles(alone, n=100)
    report.add("search_p50_ms", ordered[49] * 1000, "search page over HTTP, one reader at a time")
    report.add("search_p95_ms", ordered[94] * 1000, "the same", ceiling=150)
    report.add("search_pages_per_second", len(crowd) / 12, "four readers at once, two gunicorn workers")
    report.add("search_p95_crowd_ms", statistics.quantiles(crowd, n=100)[94] * 1000, "the same four readers")
    report.add("web_peak_mb", memory.peak_one, "the largest gunicorn process", ceiling=250)
