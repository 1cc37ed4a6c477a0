"""`make bench`: how fast and how large the portal is, measured on real processes over throw-away servers.

Prints one JSON line per figure and writes docs/benchmarks.md. BENCH_RECORDS changes the size (100,000).
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
RECORDS = int(os.environ.get("BENCH_RECORDS", "100000"))
LIBRARIES = 10
SEED = 7


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        environment = {
            **os.environ,
            "VAR_DIR": folder,
            "DEMO": "1",
            "DEBUG": "0",
            "LOG_LEVEL": "ERROR",
            "RATE_LIMITS": "0",
            "SEARCH_INDEX_DIR": f"{folder}/index",
            "MEDIA_DIR": f"{folder}/media",
        }
        os.environ.update(environment)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network_portal.settings")
        from tests.perf.report import Report

        report = Report(ROOT / "docs" / "benchmarks.md", RECORDS, LIBRARIES)
        corpus = Path(folder) / "corpus"
        _run("manage.py", "migrate", "--verbosity", "0")
        _run("manage.py", "collectstatic", "--noinput", "--verbosity", "0")
        _run(
            "manage.py", "make_corpus", "--records", str(RECORDS), "--libraries", str(LIBRARIES), "--seed", str(SEED),
            "--out", str(corpus),
        )  # fmt: skip
        _bench_loading(report, corpus)
        _bench_matching(report, corpus)
        _bench_search(report)
        report.write()
        sys.exit(0 if report.floors_met else 1)


def _run(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def _bench_loading(report: Any, corpus: Path) -> None:
    """A worker's process loads ten files while the index worker follows, as in life; then the same files again."""
    _run("-m", "tests.perf.index_all", "rebuild")  # an empty index, so that there is one to follow with
    flag = corpus / "loaded"
    started = time.monotonic()
    with Watched("tests.perf.index_all", "drain", str(flag)) as indexing:
        with Watched("tests.perf.load_all", str(corpus)) as loading:
            loading.wait()
        flag.touch()
        indexing.wait()
    total = time.monotonic() - started
    with Watched("tests.perf.load_all", str(corpus)) as again:
        again.wait()
    with Watched("tests.perf.index_all", "rebuild") as rebuild:
        rebuild.wait()
    report.add("end_to_end_records_per_second", RECORDS / total, "files to searchable titles", floor=1500)
    report.add("load_records_per_second", RECORDS / loading.seconds, "one worker, index worker beside it")
    report.add("unchanged_records_per_second", RECORDS / again.seconds, "the same files again")
    report.add(
        "rebuild_titles_per_second", rebuild.result["documents"] / rebuild.seconds, "the whole index anew"
    )
    report.add("worker_peak_mb", loading.memory.peak, "worker and its parsing helper together", ceiling=400)
    report.add("indexer_peak_mb", max(indexing.memory.peak, rebuild.memory.peak), "index worker")


class Watched:
    """A module in a process of its own, the memory of it and its children sampled; its last line is its result."""

    def __init__(self, module: str, *arguments: str) -> None:
        command = [sys.executable, "-m", module, *arguments]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        self.memory = Memory(self._process.pid)
        self.result: dict[str, float] = {}

    @property
    def seconds(self) -> float:
        return self.result["seconds"]

    def wait(self) -> None:
        output, _ = self._process.communicate()
        self.memory.stop()
        if self._process.returncode:
            sys.exit(f"{self._process.args!r} failed")
        self.result = json.loads(output.splitlines()[-1])

    def __enter__(self) -> Watched:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._process.poll() is None:
            self._process.kill()


class Memory:
    """Peak of the memory that a process and its children hold for themselves, sampled ten times a second.

    Proportional set size, so that pages which forked processes share are counted once.
    """

    def __init__(self, pid: int) -> None:
        self._pid, self.peak, self.peak_one = pid, 0.0, 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> float:
        self._over.set()
        self._thread.join()
        return self.peak

    def _watch(self) -> None:
        import psutil

        while not self._over.wait(0.1):
            try:
                parent = psutil.Process(self._pid)
                sizes = [_size(p.pid) for p in (parent, *parent.children(recursive=True))]
            except psutil.Error:
                return
            self.peak = max(self.peak, sum(pss for pss, _ in sizes))
            self.peak_one = max(self.peak_one, max(rss for _, rss in sizes))


def _size(pid: int) -> tuple[float, float]:
    """(proportional, resident) megabytes; nothing for a process that has just ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0, 0.0
    values = {line.split(":")[0]: line.split()[1] for line in lines[1:]}
    return int(values["Pss"]) / 1024, int(values["Rss"]) / 1024


def _bench_matching(report: Any, corpus: Path) -> None:
    import django

    django.setup()
    from catalog.models import SourceRecord

    found = SourceRecord.objects.values_list("source__library__short_code", "identifier", "edition_id")
    editions = {
        (code, identifier): edition for code, identifier, edition in found.iterator(chunk_size=10_000)
    }
    true: Counter[int] = Counter()
    got: Counter[int] = Counter()
    both: Counter[tuple[int, int]] = Counter()
    with (corpus / "truth.jsonl").open() as lines:
        for row in map(json.loads, lines):
            edition = editions[row["library"], row["identifier"]]
            true[row["edition"]] += 1
            got[edition] += 1
            both[row["edition"], edition] += 1
    report.add(
        "matching_precision",
        _pairs(both.values()) / _pairs(got.values()),
        "pairs joined that are one edition",
    )
    report.add(
        "matching_recall",
        _pairs(both.values()) / _pairs(true.values()),
        "pairs of one edition that were joined",
    )


def _pairs(sizes: Iterable[int]) -> int:
    return sum(n * (n - 1) // 2 for n in sizes) or 1


def _bench_search(report: Any) -> None:
    from tests.perf.clients import free_port, measure, wait_for

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


if __name__ == "__main__":
    started = time.monotonic()
    main()
