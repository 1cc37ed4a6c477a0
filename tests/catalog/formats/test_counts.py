"""The table of what becomes of every real file: it agrees with the inventory and with what the readers do now."""

from __future__ import annotations

from itertools import groupby

import pytest

from tests.catalog.formats import count_real
from tests.catalog.formats.count_real import TABLE, counts_of
from tests.paths import needs_shared

pytestmark = needs_shared
# Why we read another number of records from a file than the inventory counted, or than yaz-marcdump did.
EXPLANATIONS = {
    "yaz_wrapper": "The file is a search answer: yaz counts the <record> around each MARC record as well.",
    "yaz_less": "yaz-marcdump gives up at, or leaves out, what is damaged; it is read here, or listed as rejected.",
    "no_leader": "The inventory counts leaders; records without one are read too, and rejected without a title.",
    "cut_record": "The file ends inside its last record: listed as rejected, and counted by nobody else.",
    "diagnostic": "One of the answers is a diagnostic in the place of a record; it is listed as rejected.",
    "header": "The first row names the columns.",
    "archive": "An archive of several files is refused as a whole.",
    "database_table": "One table of a system's database: refused until a librarian has said what its columns hold.",
    "item_export": "SLiMS's export of items: refused with the advice to send the export of titles.",
}


def folder(path: str) -> str:
    return "/".join(path.split("/")[:2])


GROUPS = {name: list(files) for name, files in groupby(count_real.expected(), folder)}


def test_the_table_lists_every_file_with_what_others_counted() -> None:
    listed = {path: (line.counted, line.yaz) for path, line in count_real.expected().items()}
    assert listed == count_real.all_files()
    assert sum(path.startswith("marc/") for path in listed) > 1400


@pytest.mark.parametrize("name", GROUPS)
def test_every_file_goes_through_with_the_counts_of_the_table(name: str) -> None:
    expected = count_real.expected()
    wrong = {}
    for path in GROUPS[name]:
        found, line = counts_of(path), expected[path]
        if (found.accepted, found.repaired, found.rejected, found.other) != (
            line.accepted, line.repaired, line.rejected, line.other,
        ):  # fmt: skip
            wrong[path] = (found, line)
    assert wrong == {}, "see whether that is right, then: python -m tests.catalog.formats.count_real --write"


def test_every_difference_from_other_counts_is_explained_and_nothing_else() -> None:
    unexplained = [
        line.file for line in count_real.expected().values() if line.differs != bool(line.explanation)
    ]
    assert unexplained == []
    used = {code for line in count_real.expected().values() for code in line.explanation.split()}
    assert used == set(EXPLANATIONS)


def test_hardly_a_record_is_lost() -> None:
    lines = count_real.expected().values()
    rejected = sum(line.rejected for line in lines)
    assert rejected < 0.005 * sum(line.read for line in lines)
    assert TABLE.stat().st_size < 200_000
