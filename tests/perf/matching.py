"""Stage of the bench that holds the loaded corpus against the truth about it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.baselines.clusters import measure
from tests.perf.report import Report


def bench_matching(report: Report, corpus: Path) -> None:
    import django

    django.setup()
    from catalog.models import SourceRecord

    rows = SourceRecord.objects.values_list("source__library__short_code", "identifier", "edition_id")
    editions = {(code, identifier): edition for code, identifier, edition in rows.iterator(chunk_size=10_000)}
    truth: dict[int, int] = {}
    got: dict[int, int] = {}
    with (corpus / "truth.jsonl").open() as lines:
        for number, row in enumerate(map(json.loads, lines)):
            truth[number] = row["edition"]
            got[number] = editions[row["library"], row["identifier"]]
    found = measure(got, truth)
    report.add("matching_precision", found.precision, "pairs joined that are one edition")
    report.add("matching_recall", found.recall, "pairs of one edition that were joined")
    report.add("matching_b3_f1", found.b3_f1, "B-cubed F1, by record")
