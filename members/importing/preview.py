"""What a draft would do, said before it does it: its first rows, and the verdict on the first thousand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import Any

from members.choices_people import Problem, RowOutcome
from members.importing.apply import judge, known_people
from members.importing.rows import BadRow, PersonRow
from members.importing.run import PORTION, read_all
from members.importing.table import rows_of
from members.models import PatronImport

SHOWN = 8


@dataclass(frozen=True)
class Preview:
    rows: list[list[str]]
    looked_at: int
    created: int
    updated: int
    unchanged: int
    refused: int
    problems: list[tuple[int, Any, str]]  # line, sentence, the cell that tells which row it is


def preview(source: PatronImport) -> Preview:
    """Nothing is written. Portions later in the file may meet rows that these do not know of."""
    first = list(islice(rows_of(bytes(source.packed or b"")), SHOWN + 1))
    read = list(islice(read_all(source), PORTION))
    people = [row for row in read if isinstance(row, PersonRow)]
    known = known_people(source.library, people)
    verdicts = [judge(row, known) for row in people]
    counts = Counter(verdict.outcome for verdict in verdicts)
    bad = [(row.position, row.problem, next(iter(row.line), "")) for row in read if isinstance(row, BadRow)]
    bad += [
        (one.row.position, one.problem, one.row.email or one.row.card_number)
        for one in verdicts
        if one.problem
    ]
    return Preview(
        rows=first[1:] if source.header else first[:SHOWN], looked_at=len(read),
        created=counts[RowOutcome.CREATED], updated=counts[RowOutcome.UPDATED], unchanged=counts["unchanged"],
        refused=len(bad),
        problems=[(at, Problem(problem).label, text) for at, problem, text in sorted(bad)[:10]],
    )  # fmt: skip
