"""Stages of the bench beside the files: another indexer as measure, OAI-PMH over loopback, an agent's push."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.perf.loading import database
from tests.perf.report import Report
from tests.perf.watched import Watched

OAI_RECORDS = 50_000


def bench_zebra(report: Report, files: Path) -> None:
    """What `zebraidx update` makes of such files on the same machine; it matches nothing."""
    if not shutil.which("zebraidx"):
        return
    with Watched("tests.perf.zebra", str(files)) as zebra:
        zebra.wait()
    speed = zebra.result["records"] / zebra.result["seconds"]
    report.add("zebraidx_records_per_second", speed, "for comparison: zebraidx update of the smaller corpus")


def bench_oai(report: Report) -> None:
    with Watched("tests.perf.oai_harvest", str(OAI_RECORDS), "100", env=database("bench_oai")) as harvest:
        harvest.wait()
    report.add(
        "oai_records_per_second", harvest.result["records"] / harvest.result["seconds"],
        f"OAI-PMH over loopback, {OAI_RECORDS:,} records", floor=2000,
    )  # fmt: skip


def bench_push(report: Report) -> None:
    with Watched("tests.perf.push_visible") as push:
        push.wait()
    report.add(
        "push_visible_seconds",
        push.result["seconds"],
        "a change sent by an agent, until search shows it",
        ceiling=10,
    )
