"""Whole clusters instead of pairs: what the matcher makes of a heap of records, and how far that is the truth.

The clustering runs as in loading, page by page, with blocks and members in memory instead of in the database.
`python -m tests.baselines.clusters marc-ai | corpus [records] | novel | indonesian` prints the figures.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from catalog.matching.candidates import FEW, SAMPLE
from catalog.matching.cluster import MAX_BLOCK, MAX_MEMBERS, Incoming, Member, assign
from catalog.matching.keys import match_keys

PAGE = 1000
Label = Hashable


@dataclass
class Heap:
    """Records as they come in, and the editions they stand in."""

    edition_of: dict[int, int] = field(default_factory=dict)
    members: dict[int, list[Member]] = field(default_factory=lambda: defaultdict(list))
    by_key: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    doubts: int = 0
    _last: int = 0

    def add(self, records: Iterable[tuple[int, dict[str, Any]]]) -> None:
        """(number, features) of each; in pages, as the writer does it."""
        page: list[Incoming] = []
        for number, features in records:
            page.append(Incoming(number, features, match_keys(features)))
            if len(page) == PAGE:
                self._page(page)
                page = []
        if page:
            self._page(page)

    def _page(self, page: Sequence[Incoming]) -> None:
        compound = {incoming.keys[0] for incoming in page if incoming.keys}
        keys = {key for incoming in page for key in incoming.keys}
        blocks = {
            key: ids[: MAX_BLOCK + 1]
            for key in keys
            if (ids := self.by_key.get(key)) and (len(ids) <= MAX_BLOCK or key in compound or self._few(ids))
        }
        near = {self.edition_of[record] for ids in blocks.values() for record in ids}
        result = assign(page, {e: self.members[e][: MAX_MEMBERS * 4] for e in near}, blocks)
        self.doubts += len(result.doubts)
        number = {}
        for edition in sorted({e for e in result.editions.values() if e < 0}, reverse=True):
            self._last += 1
            number[edition] = self._last
        for old, new in result.merged.items():
            if old in self.members:
                self._move(old, number.get(new, new))
        for incoming in page:
            edition = number.get(result.editions[incoming.record_id], result.editions[incoming.record_id])
            self.edition_of[incoming.record_id] = edition
            self.members[edition].append(Member(incoming.record_id, incoming.features))
            for key in incoming.keys:
                self.by_key[key].append(incoming.record_id)

    def _few(self, records: Sequence[int]) -> bool:
        return len({self.edition_of[record] for record in records[:SAMPLE]}) <= FEW

    def _move(self, old: int, new: int) -> None:
        moved = self.members.pop(old)
        self.members[new] += moved
        for member in moved:
            self.edition_of[member.record_id] = new


@dataclass(frozen=True)
class Measured:
    """Shares: of all pairs of records, and by record (B-cubed)."""

    records: int
    clusters: int
    true_clusters: int
    precision: float
    recall: float
    b3_precision: float
    b3_recall: float

    @property
    def b3_f1(self) -> float:
        return 2 * self.b3_precision * self.b3_recall / (self.b3_precision + self.b3_recall)

    def line(self) -> str:
        return (
            f"| {self.records:,} | {self.clusters:,} | {self.true_clusters:,} | {self.precision:.4f} | "
            f"{self.recall:.4f} | {self.b3_precision:.4f} | {self.b3_recall:.4f} | {self.b3_f1:.4f} |"
        )


def measure(found: Mapping[int, Label], truth: Mapping[int, Label]) -> Measured:
    """`found`: record -> the cluster it was put in; `truth`: record -> where it belongs. Over the truth's records."""
    got = Counter(found[record] for record in truth)
    true = Counter(truth.values())
    both = Counter((found[record], truth[record]) for record in truth)
    right = _pairs(both.values())
    return Measured(
        records=len(truth), clusters=len(got), true_clusters=len(true),
        precision=right / (_pairs(got.values()) or 1),
        recall=right / (_pairs(true.values()) or 1),
        b3_precision=sum(n * n / got[cluster] for (cluster, _), n in both.items()) / len(truth),
        b3_recall=sum(n * n / true[label] for (_, label), n in both.items()) / len(truth),
    )  # fmt: skip


def _pairs(sizes: Iterable[int]) -> int:
    return sum(n * (n - 1) // 2 for n in sizes)


def wrong_pairs(found: Mapping[int, Label], truth: Mapping[int, Label]) -> Iterator[tuple[int, int]]:
    """Pairs that stand in one cluster and do not belong together: one of each two true clusters that were mixed."""
    first: dict[Label, dict[Label, int]] = defaultdict(dict)
    for record, label in truth.items():
        first[found[record]].setdefault(label, record)
    for labels in first.values():
        records = list(labels.values())
        yield from ((records[0], other) for other in records[1:])
