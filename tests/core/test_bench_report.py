"""A stage of the bench that is measured alone leaves the figures of the others as they were."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.perf.report import Report


def test_each_stage_keeps_its_own_figures(tmp_path: Path) -> None:
    page, kept = tmp_path / "docs" / "benchmarks.md", tmp_path / "results.json"
    first = Report(page, 1000, 5, kept)
    with first.stage("search"):
        first.add("search_p50_ms", 26.08, "a page", ceiling=40)
    with first.stage("loading"):
        first.add("records_per_second", 1200, "end to end", floor=2500)
    first.write()
    assert not first.floors_met
    again = Report(page, 2000, 5, kept)
    with again.stage("search"):
        again.add("search_p50_ms", 41, "a page", ceiling=40)
    again.write()
    text = page.read_text()
    assert "| search_p50_ms | 41.00 | at most 40 **missed** | a page |" in text and "26.08" not in text
    assert "| records_per_second | 1,200 | at least 2,500 **missed** | end to end |" in text
    assert "2,000 generated records" in text and "1,000 generated records" in text


def test_a_stage_that_breaks_leaves_nothing(tmp_path: Path) -> None:
    report = Report(tmp_path / "page.md", 1000, 5, tmp_path / "results.json")
    with pytest.raises(RuntimeError), report.stage("search"):
        report.add("search_p50_ms", 1, "a page")
        raise RuntimeError
    report.write()
    assert json.loads((tmp_path / "results.json").read_text()) == {}
