"""Stage of the bench that reads: fifty questions to the engine and, over HTTP, to the real web server."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import tantivy

from catalog.search.tantivy_engine import TantivyEngine
from catalog.search.tantivy_schema import register
from tests.perf.clients import free_port, measure, times_of, wait_for, weight_of
from tests.perf.questions import QUESTIONS, fresh, typings
from tests.perf.report import Report
from tests.perf.watched import ROOT, Memory

ROUNDS = 3
PART = 10  # the small index has one edition in so many


def bench_search(report: Report) -> None:
    raw, part = _bench_engine(report)
    with _web(part) as (port, _memory):
        less = _alone(port)
    with _web() as (port, memory):
        alone = _alone(port)
        ratio = statistics.median(alone) / statistics.median(less)
        report.add(
            "search_cost_ratio", ratio, "median of a page over that with a tenth of the editions", ceiling=3
        )
        _report(
            report, "search", alone, "search page over HTTP, one reader at a time", raw, ceilings=(40, 120)
        )
        crowd = measure(port, seconds=12, clients=4, seed=3)
        report.add("search_pages_per_second", len(crowd) / 12, "four readers at once, two gunicorn workers")
        report.add("search_p95_crowd_ms", _quantile(crowd, 95), "the same four readers")
        crowd = measure(port, seconds=12, clients=16, seed=4)
        report.add("searches_per_second_16", len(crowd) / 12, "sixteen readers at once", floor=60)
        report.add("search_p95_16_ms", _quantile(crowd, 95), "the same sixteen readers", ceiling=500)
        typed = times_of(port, "/search/complete", typings())
        report.add("completion_p95_ms", _quantile(typed, 95), "offers while one types, over HTTP", ceiling=30)
        weight = weight_of(port, "/search?q=laut") / 1000
        report.add(
            "search_page_kb", weight, "a search page with all it needs, compressed, first visit", ceiling=150
        )
        memory.stop()
    report.add(
        "web_peak_mb",
        memory.peak_one,
        "the largest gunicorn process, without the mapped pages of the index",
        ceiling=250,
    )


def _alone(port: int) -> list[float]:
    """Seconds of each question's page, asked by one reader as if nobody had asked it before."""
    times_of(port, "/search", QUESTIONS)  # warm
    return times_of(port, "/search", [fresh(text) for _round in range(ROUNDS) for text in QUESTIONS])


def _bench_engine(report: Report) -> tuple[list[float], Path]:
    """Seconds of the raw engine for each question, and the folder of an index of each tenth edition."""
    from catalog.search.engine import get_engine

    engine = get_engine()
    assert isinstance(engine, TantivyEngine)
    raw = _raw(engine)
    _report(report, "engine", _asked(engine), "engine with all facets", raw, ceilings=(0, 60))
    folder = engine.folder / engine.live_generation()
    size = sum(file.stat().st_size for file in folder.iterdir())
    report.add("index_bytes_per_edition", size / engine.document_count(), "the index on disk", ceiling=600)
    part = _part(engine.folder.with_name("part"))
    ratio = statistics.median(_asked(engine)) / statistics.median(_asked(part))
    report.add("engine_cost_ratio", ratio, "median of the engine over that with a tenth of the editions")
    return raw, part.folder


def _asked(engine: TantivyEngine) -> list[float]:
    """Seconds of each question as the portal asks it, with nothing remembered from before."""
    return [_best(partial(_search_fresh, engine, text)) for text in QUESTIONS]


def _search_fresh(engine: TantivyEngine, text: str) -> None:
    from catalog.search.query import SearchQuery

    engine.search(SearchQuery(text=fresh(text)))


def _raw(engine: TantivyEngine) -> list[float]:
    """Seconds of Tantivy itself for the same: twenty hits in their order, and all counts in one pass."""
    from catalog.search import tantivy_query
    from catalog.search.query import SearchQuery
    from catalog.search.tantivy_schema import VALUE_FIELDS
    from catalog.search.tantivy_search import wanted_counts

    index = register(tantivy.Index.open(str(engine.folder / engine.live_generation())))
    searcher, counts, times = index.searcher(), wanted_counts(list(VALUE_FIELDS)), []
    for text in QUESTIONS:
        ranked, unranked = (tantivy_query.build(SearchQuery(text=text), ranked=on) for on in (True, False))
        hits = _best(partial(searcher.search, ranked, 20, weight_by_field="weight"))
        times.append(hits + _best(partial(searcher.aggregate, unranked, counts)))
    return times


def _best(ask: Callable[[], object]) -> float:
    """Seconds, the best of a few: what else runs on the machine is not what is measured."""
    rounds = []
    for _round in range(ROUNDS):
        started = time.perf_counter()
        ask()
        rounds.append(time.perf_counter() - started)
    return min(rounds)


def _part(folder: Path) -> TantivyEngine:
    """An index of each tenth edition."""
    from catalog.models import Edition
    from catalog.search.documents import load_documents

    engine = TantivyEngine(folder)
    engine.create("part")
    ids = list(Edition.objects.filter(merged_into=None).order_by("pk").values_list("pk", flat=True)[::PART])
    with engine.writer("part") as writer:
        writer.index(load_documents(ids))
        writer.commit()
    engine.switch("part")
    return engine


def _report(
    report: Report,
    name: str,
    times: Sequence[float],
    what: str,
    raw: Sequence[float],
    ceilings: tuple[float, float],
) -> None:
    for cut, ceiling in zip((50, 95), ceilings, strict=True):
        beside = f"{what}; the raw engine alone {_quantile(raw, cut):.1f}"
        report.add(f"{name}_p{cut}_ms", _quantile(times, cut), beside, ceiling=ceiling)


def _quantile(times: Sequence[float], cut: int) -> float:
    """Milliseconds."""
    return statistics.quantiles(times, n=100)[cut - 1] * 1000


@contextmanager
def _web(index: Path | None = None) -> Iterator[tuple[int, Memory]]:
    """The web server on this index, or on the whole one."""
    port = free_port()
    folder = {"SEARCH_INDEX_DIR": str(index)} if index else {}
    environment = {
        **os.environ,
        "WEB_BIND": f"127.0.0.1:{port}",
        "WEB_CONCURRENCY": "2",
        "RATE_LIMITS": "0",
        **folder,
    }
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
        yield port, Memory(web.pid)
    finally:
        web.terminate()
        web.wait()
