"""`make bench`: how fast and how large the portal is, measured on real processes over throw-away servers.

Prints one JSON line per figure and writes docs/benchmarks.md. BENCH_RECORDS changes the size (1,000,000); the names
of stages, as arguments, have only these carried out; the figures of the others stay as they are.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.perf.watched import ROOT, run

RECORDS = int(os.environ.get("BENCH_RECORDS", "1000000"))
LIBRARIES = 50


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        os.environ.update(
            VAR_DIR=folder, DEMO="1", DEBUG="0", LOG_LEVEL="ERROR", RATE_LIMITS="0", SEARCH_INDEX_DIR=f"{folder}/index",
            MEDIA_DIR=f"{folder}/media",
        )  # fmt: skip
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network_portal.settings")
        import django

        django.setup()
        from tests.perf import (
            expiry,
            figures,
            flood,
            harvesting,
            loading,
            matching,
            network,
            queues,
            record_page,
            routing,
            searching,
            transitions,
        )
        from tests.perf.report import Report

        report = Report(ROOT / "docs" / "benchmarks.md", RECORDS, LIBRARIES)
        run("manage.py", "migrate", "--verbosity", "0")
        run("manage.py", "collectstatic", "--noinput", "--verbosity", "0")
        small = loading.corpus(Path(folder) / "small", RECORDS // 10, LIBRARIES)
        large = loading.corpus(Path(folder) / "large", RECORDS, LIBRARIES)
        stages: dict[str, Callable[[], None]] = {
            "zebra": partial(harvesting.bench_zebra, report, small),
            "loading": partial(loading.bench_loading, report, small, large),
            "matching": partial(matching.bench_matching, report, large),
            "search": partial(searching.bench_search, report),
            "flood": partial(flood.bench_flood, report),
            "record": partial(record_page.bench_record_page, report),
            "push": partial(harvesting.bench_push, report),
            "real": partial(loading.bench_real, report, Path(folder) / "real"),
            "oai": partial(harvesting.bench_oai, report),
            "transitions": partial(transitions.bench_transitions, report),
            "expiry": partial(expiry.bench_expiry, report),
            "queues": partial(queues.bench_queues, report),
            "routing": partial(routing.bench_routing, report),
            "figures": partial(figures.bench_figures, report),  # counts what the stages before made
            "network": partial(network.bench_network, report),  # of the libraries of "queues"
        }
        for name, stage in stages.items():
            if name in sys.argv[1:] or len(sys.argv) == 1:
                with report.stage(name):
                    stage()
                report.write()
        sys.exit(0 if report.floors_met else 1)


if __name__ == "__main__":
    main()
