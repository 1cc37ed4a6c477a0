"""The heaps of records whose clusters are measured: where they are read from, and what is known of them."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from catalog.formats.marc21 import problem, to_draft
from catalog.formats.reader import read_records
from catalog.formats.records import RawRecord
from catalog.management.commands.make_corpus import write_corpus
from catalog.matching.normalise import features
from tests.baselines.sets import MARC_AI, marc_ai_records
from tests.paths import MARC, SHARED

# The exports of Indonesian libraries; those of one library in several files count as one.
INDONESIAN = {
    "RLC": "slims-rlc/*export*.csv", "DUMAI": "slims-universitas-dumai/*export*.csv",
    "SMAGA": "slims-smaga/*export*.csv",
}  # fmt: skip
Features = dict[str, Any]


def marc_ai(half: str = "") -> tuple[list[tuple[int, Features]], dict[int, str]]:
    """(records, truth). `half`: "train" or "test", else both."""
    with (MARC_AI / "clusters.csv").open(encoding="utf-8", newline="") as rows:
        told = {row["id"]: row["cluster"] for row in csv.DictReader(rows) if not half or row["half"] == half}
    records: list[tuple[int, Features]] = []
    truth: dict[int, str] = {}
    for number, (identifier, record) in enumerate(marc_ai_records().items(), 1):
        if identifier in told:
            records.append((number, features(to_draft(record))))
            truth[number] = told[identifier]
    return records, truth


def corpus(size: int, libraries: int = 10) -> tuple[list[tuple[int, Features]], dict[int, int]]:
    """Made-up records with their truth file, read in the order of the libraries' files."""
    with tempfile.TemporaryDirectory() as folder:
        write_corpus(records=size, libraries=libraries, seed=7, out=Path(folder))
        with (Path(folder) / "truth.jsonl").open() as lines:
            known = {row["identifier"]: row["edition"] for row in map(json.loads, lines)}
        records: list[tuple[int, Features]] = []
        truth: dict[int, int] = {}
        for path in sorted(Path(folder).glob("*.mrc")):
            for record in _read(path):
                draft = to_draft(record)
                number = len(records) + 1
                records.append((number, features(draft)))
                truth[number] = known[draft.identifier]
    return records, truth


def novel() -> list[RawRecord]:
    """383 editions of one novel from many libraries."""
    return list(_read(next(MARC.glob("marc4j/*fixed*"))))


def indonesian() -> list[tuple[str, RawRecord]]:
    """(library, record) of the exports."""
    found = []
    for library, pattern in INDONESIAN.items():
        for path in sorted((SHARED / "data" / "indonesian").glob(pattern)):
            found += [(library, record) for record in _read(path) if not problem(to_draft(record))]
    return found


def _read(path: Path) -> Iterator[RawRecord]:
    with path.open("rb") as stream:
        yield from (record for record in read_records(stream) if isinstance(record, RawRecord))
