"""`python -m tests.baselines.figures [marc-ai] [novel] [indonesian] [corpus N …]`: whole clusters against the truth."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from tests.baselines import heaps, judged
from tests.baselines.clusters import Heap, Label, Measured, measure
from tests.baselines.judged import Verdicts

HEAD = (
    "| heap | records | clusters | true ones | precision | recall | B³ precision | B³ recall | B³ F1 |\n|---|"
    + ("---:|" * 8)
)


def clustered(heap_of: tuple[list[tuple[int, heaps.Features]], Mapping[int, Label]]) -> Measured:
    heap = Heap()
    heap.add(heap_of[0])
    return measure(heap.edition_of, heap_of[1])


def lines(wanted: list[str]) -> list[str]:
    told = [HEAD]
    if "marc-ai" in wanted:
        told += [
            f"| marc-ai, {half or 'all'} {clustered(heaps.marc_ai(half)).line()}" for half in ("test", "")
        ]
    told += [
        f"| make_corpus {clustered(heaps.corpus(int(size))).line()}" for size in wanted if size.isdigit()
    ]
    if "novel" in wanted:
        told.append(_verdicts("383 editions of one novel", *judged.novel()))
    if "indonesian" in wanted:
        told.append(_verdicts("Indonesian exports", *judged.indonesian()))
    return told


def _verdicts(heap: str, said: Verdicts, records: int, count: int) -> str:
    return (
        f"{heap}: {records:,} records, {count:,} clusters or merges between libraries; judged by hand: same "
        f"{said.same_joined} of {said.same} joined, different {said.different_joined} of {said.different} joined, "
        f"{said.open} open"
    )


if __name__ == "__main__":
    sys.stdout.write("\n".join(lines(sys.argv[1:] or ["marc-ai", "novel", "indonesian", "100000"])) + "\n")
