"""Stages of the bench that load: a small and a large corpus end to end, the same again, the real records."""

from __future__ import annotations

import os
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from tests.paths import SHARED
from tests.perf.report import Report
from tests.perf.watched import Watched, go, run

SEED = 7
JOINED = (".mrc", ".marc", ".iso", ".dat", ".bin", ".xml", ".json")


@dataclass
class Loaded:
    seconds: float  # files to searchable titles
    loading: list[Watched]
    indexing: Watched

    @property
    def records(self) -> int:
        return int(sum(one.result["records"] for one in self.loading))

    @property
    def loading_seconds(self) -> float:
        return max(one.seconds for one in self.loading)

    @property
    def worker_peak(self) -> float:
        return max(one.memory.peak for one in self.loading)


def corpus(folder: Path, records: int, libraries: int) -> Path:
    run("manage.py", "make_corpus", "--records", str(records), "--libraries", str(libraries), "--seed", str(SEED),
        "--out", str(folder))  # fmt: skip
    return folder


def database(name: str) -> dict[str, str]:
    """An environment with an empty database and index of its own on the same server."""
    url = os.environ["DATABASE_URL"]
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    connection.close()
    environment = {
        **os.environ,
        "DATABASE_URL": f"{url.rpartition('/')[0]}/{name}",
        "SEARCH_INDEX_DIR": f"{os.environ['SEARCH_INDEX_DIR']}-{name}",
    }
    run("manage.py", "migrate", "--verbosity", "0", env=environment)
    return environment


def end_to_end(files: Path, env: dict[str, str] | None = None) -> Loaded:
    """The harvester's processes load every file while the index worker follows, as in life."""
    # An empty index, so that there is one to follow with.
    run("-m", "tests.perf.index_all", "rebuild", env=env)
    (files / "loaded").unlink(missing_ok=True)
    with Watched("tests.perf.index_all", "drain", str(files), env=env) as indexing:
        started, loading = load(files, "index", env=env)
        (files / "loaded").touch()
        indexing.wait()
    return Loaded(time.monotonic() - started, loading, indexing)


def load(files: Path, *others: str, env: dict[str, str] | None = None) -> tuple[float, list[Watched]]:
    """(when it began, the processes at their end): as many as Celery gives a worker, one for each core."""
    for mark in (*files.glob("*.ready"), *files.glob("*.taken"), files / "go"):
        mark.unlink(missing_ok=True)
    names = [f"load{n}" for n in range(os.cpu_count() or 1)]
    with ExitStack() as stack:
        loading = [
            stack.enter_context(Watched("tests.perf.load_all", str(files), name, env=env)) for name in names
        ]
        go(files, *names, *others)
        started = time.monotonic()
        for one in loading:
            one.wait()
    return started, loading


def bench_loading(report: Report, small: Path, large: Path) -> None:
    """The large corpus in the database at hand; the small one in another, to see whether a record's cost grows."""
    environment = database("bench_small")
    little = end_to_end(small, environment)
    whole = end_to_end(large)
    again = max(one.seconds for one in load(large)[1])
    with Watched("tests.perf.index_all", "rebuild") as rebuild:
        rebuild.wait()
    speed = whole.records / whole.seconds
    report.add("end_to_end_records_per_second", speed, "files to searchable titles", floor=2500)
    report.add(
        "load_records_per_second",
        whole.records / whole.loading_seconds,
        "the harvester's processes, one for each core; index worker beside them",
    )
    report.add(
        "small_records_per_second",
        little.records / little.seconds,
        f"the same with {little.records:,} records",
    )
    report.add(
        "cost_ratio", (little.records / little.seconds) / speed,
        f"cost of a record among {whole.records:,} over its cost among {little.records:,}", ceiling=1.5,
    )  # fmt: skip
    report.add("unchanged_records_per_second", whole.records / again, "the same files again", floor=20_000)
    report.add(
        "rebuild_titles_per_second", rebuild.result["documents"] / rebuild.seconds, "the whole index anew"
    )
    report.add(
        "worker_peak_mb",
        whole.worker_peak,
        "one harvesting process and its parsing helper together",
        ceiling=400,
    )
    indexer = max(whole.indexing.memory.peak, rebuild.memory.peak)
    report.add("indexer_peak_mb", indexer, "index worker")


def bench_real(report: Report, folder: Path) -> None:
    """The real MARC records, the files of each code base joined by kind, each kind as one library's catalogue."""
    if not (SHARED / "data" / "marc").is_dir():
        return
    joined = join_real(SHARED / "data" / "marc", folder)
    loaded = end_to_end(joined, database("bench_real"))
    report.add(
        "real_records_per_second", loaded.records / loaded.seconds,
        f"{loaded.records:,} real records of {len(list(joined.glob('*.mrc')))} catalogues, end to end", floor=1500,
    )  # fmt: skip


def join_real(source: Path, target: Path) -> Path:
    """Binary files one after the other; they are told by their content, whatever their name says."""
    target.mkdir(parents=True)
    for base in sorted(path for path in source.iterdir() if path.is_dir()):
        parts = [path.read_bytes() for path in sorted(base.rglob("*")) if path.is_file()]
        binary = [part for part in parts if part[:5].isdigit() and b"\x1e" in part[:100_000]]
        markup = [part for part in parts if part.lstrip()[:1] == b"<" and b"<record" in part[:5000]]
        code = base.name.upper().replace("_", "-")
        if binary:
            content = b"".join(part if part.endswith(b"\x1d") else part + b"\x1d" for part in binary)
            (target / f"{code[:9]}-B.mrc").write_bytes(content)
        if markup:
            (target / f"{code[:9]}-X.mrc").write_bytes(b"\n".join(markup))
    return target
