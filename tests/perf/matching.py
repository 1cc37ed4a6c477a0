"""Stage of the bench that holds the loaded corpus against the truth about it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tests.perf.report import Report


def bench_matching(report: Report, corpus: Path) -> None:
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
