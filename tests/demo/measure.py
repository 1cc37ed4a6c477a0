"""How well the loaded catalogues were brought together, against `truth.jsonl`: pairs of records of different files."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

Key = tuple[str, str]  # library, control number


@dataclass
class Matching:
    """Pairs of records: `right` are together in truth and in the portal, `wrong` and `missed` in one of the two."""

    right: int = 0
    wrong: list[tuple[Key, Key]] = field(default_factory=list)
    missed: list[tuple[Key, Key]] = field(default_factory=list)

    @property
    def missed_share(self) -> float:
        return len(self.missed) / ((self.right + len(self.missed)) or 1)


def truth_of(path: Path) -> dict[Key, str]:
    lines = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return {(line["library"], line["identifier"]): line["edition"] for line in lines}


def compare(truth: dict[Key, str], found: Iterable[tuple[str, str, int]]) -> Matching:
    """`found` is (library code, control number, id of the edition that the portal gave)."""
    given = {(library, identifier): edition for library, identifier, edition in found}
    in_truth, in_portal = _pairs(truth), _pairs({key: given[key] for key in truth if key in given})
    return Matching(
        right=len(in_truth & in_portal),
        wrong=sorted(in_portal - in_truth),
        missed=sorted(in_truth - in_portal),
    )


def _pairs(groups: dict[Key, str] | dict[Key, int]) -> set[tuple[Key, Key]]:
    members = defaultdict(list)
    for key, group in groups.items():
        members[group].append(key)
    return {pair for keys in members.values() for pair in combinations(sorted(keys), 2)}
