"""The labelled pairs that ours and the baselines are judged on. `python -m tests.baselines` prints the table."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from catalog.formats import flat
from catalog.formats.marc21 import to_draft
from catalog.formats.reader import parse_payload
from catalog.formats.records import RawRecord
from catalog.matching.labelled import Figures, Judged, Pair, figures, judge
from catalog.matching.normalise import features
from catalog.matching.score import MERGE, SEPARATE
from tests.baselines import goldrush, prefix, recordmanager
from tests.catalog.matching.cases import cases
from tests.paths import SHARED

MARC_AI = SHARED / "data" / "labelled" / "marc-ai"
BASELINES: dict[str, Callable[[RawRecord, RawRecord], bool]] = {
    "RecordManager": recordmanager.same,
    "Gold Rush": goldrush.same,
    "30 letters and year": prefix.same,
}


@dataclass(frozen=True)
class MarcPair:
    a: RawRecord
    b: RawRecord
    same: bool
    kind: str = ""


@lru_cache(maxsize=1)
def marc_ai_records() -> dict[str, RawRecord]:
    """By their identifiers."""
    found = {}
    with gzip.open(MARC_AI / "records.jsonl.gz", "rb") as lines:
        for line in lines:
            record = parse_payload(line, "marcjson")
            found[to_draft(record).identifier] = record
    return found


def marc_ai_pairs(name: str = "test_pairs.csv") -> list[MarcPair]:
    known = marc_ai_records()
    with (MARC_AI / name).open(encoding="utf-8", newline="") as rows:
        return [
            MarcPair(known[row["id1"]], known[row["id2"]], row["same"] == "1") for row in csv.DictReader(rows)
        ]


def own_pairs() -> list[MarcPair]:
    """The cases of plain fields, as MARC: table rows are stored as such anyway."""
    return [MarcPair(_row(c["a"]), _row(c["b"]), bool(c["same"]), str(c["class"])) for c in cases()]


def _row(told: dict[str, object]) -> RawRecord:
    return parse_payload(flat.payload(json.loads(json.dumps(told))), "table")


def ours(pairs: Sequence[MarcPair]) -> Figures:
    return figures(judge([Pair(_features(p.a), _features(p.b), p.same, p.kind) for p in pairs]))


def baseline(name: str, pairs: Sequence[MarcPair]) -> Figures:
    """A yes is a merge; a baseline never leaves anything to a person."""
    says = BASELINES[name]
    return figures(
        Judged(p.same, p.kind, MERGE if yes else SEPARATE, int(yes))
        for p in pairs
        for yes in [says(p.a, p.b)]
    )


def _features(record: RawRecord) -> dict[str, object]:
    return features(to_draft(record))


def table() -> list[tuple[str, str, Figures]]:
    """(set, matcher, figures) for all that is here."""
    sets = {"264 cases of our own": own_pairs()}
    if MARC_AI.is_dir():
        sets = {"marc-ai, test half": marc_ai_pairs(), **sets}
    rows = []
    for title, pairs in sets.items():
        rows.append((title, "Jejaring", ours(pairs)))
        rows += [(title, name, baseline(name, pairs)) for name in BASELINES]
    return rows
