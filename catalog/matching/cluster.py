"""Which edition each record of a page belongs to: joins without ever putting two records with a veto together.

Pure Python over what candidates.py loaded; deterministic for the same input in the same order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from catalog.matching.score import compare
from catalog.matching.vetoes import veto

MAX_MEMBERS = (
    60  # members of an edition that a record is compared with; a hub is judged by its oldest records
)
Features = dict[str, Any]


@dataclass(slots=True)
class Incoming:
    """A new or changed record. `edition` is where it stands now, None for a new one."""

    record_id: int
    features: Features
    keys: Sequence[int]
    edition: int | None = None


@dataclass(slots=True)
class Member:
    record_id: int
    features: Features


@dataclass(slots=True)
class Assignment:
    """record -> edition; negative editions do not exist yet. `moved` leads each emptied or merged edition on."""

    editions: dict[int, int] = field(default_factory=dict)
    merged: dict[int, int] = field(default_factory=dict)  # edition -> the one that took all its records
    touched: set[int] = field(default_factory=set)  # existing editions whose records changed
    fresh: set[int] = field(default_factory=set)  # ids given to new editions by the writer


class Clusters:
    """The editions around one page, as lists of members, changed while its records are placed one by one."""

    def __init__(self, members: dict[int, list[Member]], blocks: dict[int, list[int]]) -> None:
        self.members = members
        self.blocks = blocks  # key -> record ids, from the database
        self.where = {m.record_id: edition for edition, group in members.items() for m in group}
        self.on_page: dict[int, list[int]] = defaultdict(list)  # key -> record ids placed from this page
        self.next_new = -1

    def place(self, incoming: Incoming, result: Assignment) -> int:
        home = incoming.edition
        matching = self._matching_editions(incoming)
        if not matching:
            target = home if home is not None and not self.members.get(home) else self._new()
        else:
            target = self._unite(matching, home, result)
        self._put(incoming, target)
        if home is not None:
            result.touched.add(home)
            if home != target and not self.members.get(home):
                result.merged[home] = target
        result.editions[incoming.record_id] = target
        return target

    def _matching_editions(self, incoming: Incoming) -> list[int]:
        """Editions with a record that scores high enough and none that forbids it, best first."""
        near = {
            self.where[r]
            for key in incoming.keys
            for r in (*self.blocks.get(key, ()), *self.on_page.get(key, ()))
            if r != incoming.record_id and r in self.where
        }
        scored = []
        for edition in near:
            score = self._score(incoming.features, self.members[edition])
            if score is not None:
                scored.append((-score, abs(edition), edition))
        return [edition for _, _, edition in sorted(scored)]

    def _score(self, features: Features, members: list[Member]) -> int | None:
        best = None
        for member in members[:MAX_MEMBERS]:
            if veto(features, member.features):
                return None
            verdict = compare(features, member.features)
            if verdict.merges and (best is None or verdict.score > best):
                best = verdict.score
        return best

    def _unite(self, matching: list[int], home: int | None, result: Assignment) -> int:
        """The edition to join. Others that match as well come along where no veto stands between the two."""
        target = home if home in matching else matching[0]
        for other in matching:
            if other == target or not self._compatible(target, other):
                continue
            keep, give = self._larger(target, other)
            for member in self.members.pop(give):
                self.where[member.record_id] = keep
                self.members[keep].append(member)
                result.editions[member.record_id] = keep
            if give > 0:
                result.merged[give] = keep
            target = keep
        return target

    def _compatible(self, one: int, two: int) -> bool:
        left, right = self.members[one], self.members[two]
        if len(left) * len(right) > MAX_MEMBERS**2:
            return False
        return not any(veto(a.features, b.features) for a in left for b in right)

    def _larger(self, one: int, two: int) -> tuple[int, int]:
        """(keeps its id, gives it up): an existing edition before a new one, the larger, then the older."""
        order = sorted((one, two), key=lambda e: (e < 0, -len(self.members[e]), abs(e)))
        return order[0], order[1]

    def _put(self, incoming: Incoming, edition: int) -> None:
        self.members.setdefault(edition, []).append(Member(incoming.record_id, incoming.features))
        self.where[incoming.record_id] = edition
        for key in incoming.keys:
            self.on_page[key].append(incoming.record_id)

    def _new(self) -> int:
        edition, self.next_new = self.next_new, self.next_new - 1
        return edition


def assign(
    page: Iterable[Incoming], members: dict[int, list[Member]], blocks: dict[int, list[int]]
) -> Assignment:
    """Place every record of the page. `members` must not hold the page's own records."""
    clusters, result = Clusters(members, blocks), Assignment()
    for incoming in page:
        clusters.place(incoming, result)
    _follow(result)
    return result


def _follow(result: Assignment) -> None:
    """Let chains of merges end where they end, and forget a merge into an edition that lives after all."""
    living = set(result.editions.values())

    def end(edition: int) -> int:
        seen = set()
        while edition in result.merged and edition not in seen and edition not in living:
            seen.add(edition)
            edition = result.merged[edition]
        return edition

    result.editions = {record: end(edition) for record, edition in result.editions.items()}
    living = set(result.editions.values())
    result.merged = {old: end(new) for old, new in result.merged.items() if old not in living}
    result.touched |= {e for e in living if e > 0} | {e for e in result.merged if e > 0}
