"""Which edition each record of a page belongs to: joins without ever putting two records with a veto together.

Pure Python over what candidates.py loaded; deterministic for the same input in the same order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from catalog.matching.score import MERGE, REVIEW, SEPARATE, compare, isbn_worth
from catalog.matching.vetoes import veto

MAX_MEMBERS = (
    60  # members of an edition that a record is compared with; a hub is judged by its oldest records
)
MAX_BLOCK = (
    100  # editions behind one key that are looked at; a larger heap is told apart by its compound keys
)
BEGINNING = 10  # letters by which titles are told apart that bear one ISBN
DECIDED = 10_000  # points of a pair that a person put together
Features = dict[str, Any]


@dataclass(slots=True)
class Decisions:
    """What people said of records around a page, both ways round: record -> records. `where`: their editions."""

    same: dict[int, set[int]] = field(default_factory=dict)
    apart: dict[int, set[int]] = field(default_factory=dict)
    where: dict[int, int] = field(default_factory=dict)

    def add(self, one: int, other: int, is_same: bool) -> None:
        told = self.same if is_same else self.apart
        told.setdefault(one, set()).add(other)
        told.setdefault(other, set()).add(one)


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


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two records that may be one edition; a person has to say. `why`: the caution, or "" for a middling score."""

    record: int
    other: int
    score: int
    why: str


@dataclass(slots=True)
class Assignment:
    """record -> edition; negative editions do not exist yet. `moved` leads each emptied or merged edition on."""

    editions: dict[int, int] = field(default_factory=dict)
    merged: dict[int, int] = field(default_factory=dict)  # edition -> the one that took all its records
    doubts: list[Doubt] = field(default_factory=list)  # pairs for a person's eyes
    touched: set[int] = field(default_factory=set)  # existing editions whose records changed
    fresh: set[int] = field(default_factory=set)  # ids given to new editions by the writer


class Clusters:
    """The editions around one page, as lists of members, changed while its records are placed one by one."""

    def __init__(
        self,
        members: dict[int, list[Member]],
        blocks: dict[int, list[int]],
        decided: Decisions | None = None,
    ) -> None:
        self.members = members
        self.decided = decided or Decisions()
        self.where = dict(self.decided.where)
        self.where.update((m.record_id, edition) for edition, group in members.items() for m in group)
        # key -> a record of each edition behind it; those of the database, and those placed from this page
        self.blocks = {key: self._one_of_each(ids) for key, ids in blocks.items()}
        self.on_page: dict[int, list[int]] = defaultdict(list)
        self._behind: dict[int, set[int]] = defaultdict(set)  # key -> editions that on_page has a record of
        self.next_new = -1
        self.bearers: dict[str, set[str]] = defaultdict(set)  # ISBN -> beginnings of the titles that bear it
        for group in members.values():
            for member in group:
                self._bears(member.features)

    def place(self, incoming: Incoming, result: Assignment) -> int:
        home = incoming.edition
        forced, forbidden = self.decisions_on(incoming.record_id)
        matching = self.look_around(incoming, result, forced, forbidden)
        if not matching:
            target = home if home is not None and not self.members.get(home) else self._new()
        else:
            target = self._unite(matching, home, forced, result)
        self._put(incoming, target)
        if home is not None:
            result.touched.add(home)
            if home != target and not self.members.get(home):
                result.merged[home] = target
        result.editions[incoming.record_id] = target
        return target

    def look_around(
        self,
        incoming: Incoming,
        result: Assignment,
        forced: Iterable[int] = (),
        forbidden: Iterable[int] = (),
    ) -> list[int]:
        """Editions that the record agrees with, best first. What a person should look at is noted as a doubt.

        `forced` are those a person put it into, `forbidden` those it is never to be in.
        """
        self._bears(incoming.features)
        near = {
            self.where[r]
            for key in incoming.keys
            for r in self._block(key, whole=key == incoming.keys[0])
            if r != incoming.record_id and r in self.where
        }
        scored = [(-DECIDED, abs(edition), edition) for edition in forced]
        for edition in near.difference(forced, forbidden):
            score, doubt = self._score(incoming, self.members.get(edition, []))
            if score is not None:
                scored.append((-score, abs(edition), edition))
            elif doubt is not None:
                result.doubts.append(doubt)
        return [edition for _, _, edition in sorted(scored)]

    def _block(self, key: int, *, whole: bool) -> Sequence[int]:
        """A record of each edition behind a key. None of a heap, unless the key is the compound one (`whole`)."""
        found, here = self.blocks.get(key, ()), self.on_page.get(key, ())
        return () if len(found) + len(here) > MAX_BLOCK and not whole else (*found, *here)

    def _one_of_each(self, records: Iterable[int]) -> list[int]:
        return list({self.where[r]: r for r in records if r in self.where}.values())

    def decisions_on(self, record: int) -> tuple[set[int], set[int]]:
        """(editions that a person put the record into, editions that it is never to be in)."""
        forbidden = {self.where[r] for r in self.decided.apart.get(record, ()) if r in self.where}
        forced: set[int] = set()
        seen, waiting = {record}, list(self.decided.same.get(record, ()))
        while waiting:
            partner = waiting.pop()
            if partner in seen:
                continue
            seen.add(partner)
            if partner in self.where:
                forced.add(self.where[partner])
            else:  # it left: those that were put together with it still belong together
                waiting += self.decided.same.get(partner, ())
        return forced - forbidden, forbidden

    def _score(self, incoming: Incoming, members: list[Member]) -> tuple[int | None, Doubt | None]:
        """(the best score, None) where the record belongs, (None, a doubt) where it may; a veto ends it.

        It belongs where more members say so than say no: one likeness alone would chain unlike records together.
        """
        best: int | None = None
        doubt: Doubt | None = None
        ayes = noes = 0
        for member in members[:MAX_MEMBERS]:
            if veto(incoming.features, member.features):
                return None, None
            verdict = compare(
                incoming.features, member.features, self._worth(incoming.features, member.features)
            )
            if verdict.outcome == MERGE:
                ayes += 1
                best = verdict.score if best is None else max(best, verdict.score)
            elif verdict.outcome == REVIEW:
                if doubt is None or verdict.score > doubt.score:
                    doubt = Doubt(incoming.record_id, member.record_id, verdict.score, verdict.caution)
            else:
                noes += 1
        if ayes > noes:
            return best, None
        if ayes:
            doubt = doubt or Doubt(incoming.record_id, members[0].record_id, best or 0, "chain")
        return None, doubt

    def _worth(self, a: Features, b: Features) -> float:
        shared = set(a.get("isbn", ())) & set(b.get("isbn", ()))
        return max((isbn_worth(len(self.bearers[isbn])) for isbn in shared), default=1.0)

    def _bears(self, features: Features) -> None:
        for isbn in features.get("isbn", ()):
            self.bearers[isbn].add(features.get("title", "").replace(" ", "")[:BEGINNING])

    def _unite(self, matching: list[int], home: int | None, forced: set[int], result: Assignment) -> int:
        """The edition to join. Others that match as well come along where no veto stands between the two."""
        target = home if home in matching and (not forced or home in forced) else matching[0]
        decided = target in forced
        for other in matching:
            if other == target or not self._compatible(target, other, decided and other in forced):
                continue
            keep, give = self._larger(target, other)
            for member in self.members.pop(give, []):
                self.where[member.record_id] = keep
                self.members.setdefault(keep, []).append(member)
                result.editions[member.record_id] = keep
            if give > 0:
                result.merged[give] = keep
            target = keep
        return target

    def _compatible(self, one: int, two: int, decided: bool) -> bool:
        """Whether the two may be one: no person said otherwise, and no rule either, which `decided` overrules."""
        left, right = self.members.get(one, []), self.members.get(two, [])
        if self.decided.apart:
            apart = {r for member in left for r in self.decided.apart.get(member.record_id, ())}
            if any(member.record_id in apart for member in right):
                return False
        if decided:
            return True
        if len(left) * len(right) > MAX_MEMBERS**2:
            return False
        if any(veto(a.features, b.features) for a in left for b in right):
            return False
        return self._agree(left, right)

    def _agree(self, left: list[Member], right: list[Member]) -> bool:
        """Whether more of their pairs say that they are one edition than say no; a record between them is no bridge."""
        ayes = noes = 0
        for a in left:
            for b in right:
                outcome = compare(a.features, b.features, self._worth(a.features, b.features)).outcome
                ayes, noes = ayes + (outcome == MERGE), noes + (outcome == SEPARATE)
        return ayes >= noes

    def _larger(self, one: int, two: int) -> tuple[int, int]:
        """(keeps its id, gives it up): an existing edition before a new one, the larger, then the older."""
        order = sorted((one, two), key=lambda e: (e < 0, -len(self.members.get(e, ())), abs(e)))
        return order[0], order[1]

    def _put(self, incoming: Incoming, edition: int) -> None:
        self.members.setdefault(edition, []).append(Member(incoming.record_id, incoming.features))
        self.where[incoming.record_id] = edition
        for key in incoming.keys:
            if edition not in self._behind[key]:
                self._behind[key].add(edition)
                self.on_page[key].append(incoming.record_id)

    def _new(self) -> int:
        edition, self.next_new = self.next_new, self.next_new - 1
        return edition


def assign(
    page: Iterable[Incoming],
    members: dict[int, list[Member]],
    blocks: dict[int, list[int]],
    decided: Decisions | None = None,
) -> Assignment:
    """Place every record of the page. `members` must not hold the page's own records."""
    clusters, result = Clusters(members, blocks, decided), Assignment()
    for incoming in page:
        clusters.place(incoming, result)
    _follow(result)
    return result


def doubts_about(
    page: Iterable[Incoming],
    members: dict[int, list[Member]],
    blocks: dict[int, list[int]],
    decided: Decisions | None = None,
) -> list[Doubt]:
    """What stands near these records and may be one edition with them. Places nothing."""
    clusters, result = Clusters(members, blocks, decided), Assignment()
    for incoming in page:
        forced, forbidden = clusters.decisions_on(incoming.record_id)
        clusters.look_around(incoming, result, forced, forbidden)
    return result.doubts


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
