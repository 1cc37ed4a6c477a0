"""Labelled pairs of records: reading them, and what the matcher makes of them. Called by match_pairs and match_fit.

One JSON object a line: `a` and `b` as MARC in JSON or as plain fields (formats/flat.py), `same` as true or false,
`class` for the kind of case. Or a list of identifiers beside the records.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from catalog.formats import flat
from catalog.formats.errors import BadRecord
from catalog.formats.marc21 import to_draft
from catalog.formats.reader import parse_payload
from catalog.matching.normalise import features
from catalog.matching.score import MERGE, REVIEW, SEPARATE, compare, isbn_worth
from catalog.matching.vetoes import veto

NEVER = -10_000  # points of a pair with a veto
BEGINNING = 10  # letters by which titles are told apart that bear one ISBN, as in cluster.py
Features = dict[str, Any]


class BadPair(Exception):
    """What is wrong with a line, and which it is."""


@dataclass(frozen=True, slots=True)
class Pair:
    a: Features
    b: Features
    same: bool
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """`score` in points, NEVER with a veto. `why`: the veto or the caution."""

    same: bool
    kind: str
    outcome: str
    score: int
    why: str = ""


@dataclass
class Figures:
    """Of the automatic merges, if not said otherwise. A share of nothing is 1."""

    pairs: int = 0
    same: int = 0
    merged: int = 0
    right: int = 0
    reviewed: int = 0
    reviewed_same: int = 0
    ranking: list[tuple[int, bool]] = field(default_factory=list, repr=False)

    @property
    def precision(self) -> float:
        return self.right / self.merged if self.merged else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.same if self.same else 1.0

    @property
    def f1(self) -> float:
        both = self.merged + self.same
        return 2 * self.right / both if both else 1.0

    @property
    def recall_with_review(self) -> float:
        return (self.right + self.reviewed_same) / self.same if self.same else 1.0

    @property
    def review_share(self) -> float:
        return self.reviewed / self.pairs if self.pairs else 0.0

    def recall_at(self, precision: float) -> float:
        """The most that a threshold on the score finds while that share of what it joins is right."""
        return max((recall for right, recall in self._thresholds() if right >= precision), default=0.0)

    @property
    def best_f1(self) -> float:
        """Of the score alone, at the threshold that suits these pairs best."""
        return max((2 * p * r / (p + r) for p, r in self._thresholds() if p + r), default=1.0)

    def _thresholds(self) -> Iterator[tuple[float, float]]:
        if not self.same:
            return
        right = 0
        ordered = sorted(self.ranking, key=lambda told: -told[0])
        for joined, (score, same) in enumerate(ordered, 1):
            right += same
            if joined == len(ordered) or ordered[joined][0] != score:
                yield right / joined, right / self.same

    def as_json(self) -> dict[str, float]:
        shares = ("precision", "recall", "f1", "best_f1", "recall_with_review", "review_share")
        return {
            "pairs": self.pairs, "same": self.same, "merged": self.merged, "reviewed": self.reviewed,
            **{name: round(getattr(self, name), 5) for name in shares},
            "recall_at_precision_0.99": round(self.recall_at(0.99), 5),
            "recall_at_precision_0.995": round(self.recall_at(0.995), 5),
        }  # fmt: skip


def read_pairs(stream: BinaryIO) -> Iterator[Pair]:
    """Raises BadPair for a line that is no pair. Empty lines are passed over."""
    for number, line in enumerate(stream, 1):
        if not line.strip():
            continue
        try:
            told = json.loads(line)
            same, kind = told["same"], str(told.get("class") or "")
            yield Pair(features_of(told["a"]), features_of(told["b"]), same in (True, 1, "1", "true"), kind)
        except (ValueError, KeyError, TypeError, AttributeError, BadRecord) as error:
            raise BadPair(f"line {number} is no labelled pair: {error!r}") from error


def open_pairs(path: Path, records: Path | None = None) -> list[Pair]:
    """A file of pairs; with `records` (MARC in JSON lines, packed or not) a CSV of id1, id2, same. Raises BadPair."""
    if records is None:
        with path.open("rb") as stream:
            return list(read_pairs(stream))
    known = {}
    with (gzip.open if records.suffix == ".gz" else open)(records, "rb") as lines:
        for line in lines:
            draft = to_draft(parse_payload(line, "marcjson"))
            known[draft.identifier] = features(draft)
    with path.open(encoding="utf-8", newline="") as rows:
        try:
            return [
                Pair(known[row["id1"]], known[row["id2"]], row["same"] == "1") for row in csv.DictReader(rows)
            ]
        except KeyError as error:
            raise BadPair(f"{error} is no column of the list, or no record of {records.name}") from error


def features_of(told: dict[str, Any]) -> Features:
    """Raises BadRecord for MARC that can't be read."""
    if "fields" in told:
        return features(to_draft(parse_payload(json.dumps(told).encode(), "marcjson")))
    return features(flat.draft(told))


def judge(pairs: Sequence[Pair]) -> list[Judged]:
    """What the matcher says of each. How many titles bear an ISBN is counted over all of them."""
    bearers: dict[str, set[str]] = defaultdict(set)
    for pair in pairs:
        for record in (pair.a, pair.b):
            for isbn in record.get("isbn", ()):
                bearers[isbn].add(record.get("title", "").replace(" ", "")[:BEGINNING])
    return [_judge(pair, bearers) for pair in pairs]


def _judge(pair: Pair, bearers: dict[str, set[str]]) -> Judged:
    if forbidden := veto(pair.a, pair.b):
        return Judged(pair.same, pair.kind, SEPARATE, NEVER, forbidden)
    shared = set(pair.a.get("isbn", ())) & set(pair.b.get("isbn", ()))
    worth = max((isbn_worth(len(bearers[isbn])) for isbn in shared), default=1.0)
    verdict = compare(pair.a, pair.b, worth)
    return Judged(pair.same, pair.kind, verdict.outcome, verdict.score, verdict.caution)


def figures(judged: Iterable[Judged]) -> Figures:
    sums = Figures()
    for one in judged:
        sums.pairs += 1
        sums.same += one.same
        sums.merged += one.outcome == MERGE
        sums.right += one.outcome == MERGE and one.same
        sums.reviewed += one.outcome == REVIEW
        sums.reviewed_same += one.outcome == REVIEW and one.same
        sums.ranking.append((one.score, one.same))
    return sums


def by_kind(judged: Iterable[Judged]) -> dict[str, Figures]:
    kinds: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        if one.kind:
            kinds[one.kind].append(one)
    return {kind: figures(kinds[kind]) for kind in sorted(kinds)}
