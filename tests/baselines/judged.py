"""Merges that were looked at one by one, and what was said of them. The files hold identifiers and judgements alone.

judged.csv: pairs of records of the Indonesian exports that were joined at some time: a hundred of eight between
libraries, a random sample of those within one, and kinds of wrong ones; then three wrong ones that another sample
found, and 45 drawn after these had taught the rules. `same` is 1, 0, or empty where nobody could tell from the records.
A record is named by the first six bytes of blake2b over its row.
judged_novel.csv: fifty pairs among the 383 editions of one novel, by their places in the file: the 41 that were
merged at some time, and nine of those that the matcher leaves to a person with most points.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from catalog.formats.marc21 import to_draft
from catalog.matching.normalise import features
from tests.baselines import heaps
from tests.baselines.clusters import Heap

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Verdicts:
    """How the clusters fare against what was said by hand."""

    same: int
    same_joined: int
    different: int
    different_joined: int
    open: int  # nobody could tell


def compare(name: str, edition_of: Mapping[str, int]) -> Verdicts:
    """`edition_of`: by what the file calls the records."""
    counts = {(said, joined): 0 for said in ("1", "0", "") for joined in (True, False)}
    with (HERE / name).open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            counts[row["same"], edition_of[row["record_a"]] == edition_of[row["record_b"]]] += 1
    return Verdicts(
        same=counts["1", True] + counts["1", False], same_joined=counts["1", True],
        different=counts["0", True] + counts["0", False], different_joined=counts["0", True],
        open=counts["", True] + counts["", False],
    )  # fmt: skip


def indonesian() -> tuple[Verdicts, int, int]:
    """(verdicts, records, merges between libraries)."""
    records = heaps.indonesian()
    heap = Heap()
    heap.add((number, features(to_draft(record))) for number, (_, record) in enumerate(records, 1))
    libraries: dict[int, set[str]] = {}
    named = {}
    for number, (library, record) in enumerate(records, 1):
        edition = heap.edition_of[number]
        libraries.setdefault(edition, set()).add(library)
        named[blake2b(record.payload, digest_size=6).hexdigest()] = edition
    between = sum(len(held) - 1 for held in libraries.values())
    return compare("judged.csv", named), len(records), between


def novel() -> tuple[Verdicts, int, int]:
    """(verdicts, records, clusters)."""
    records = heaps.novel()
    heap = Heap()
    heap.add((number, features(to_draft(record))) for number, record in enumerate(records, 1))
    named = {str(number): edition for number, edition in heap.edition_of.items()}
    return compare("judged_novel.csv", named), len(records), len(set(heap.edition_of.values()))
