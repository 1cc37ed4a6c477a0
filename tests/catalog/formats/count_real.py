"""What becomes of every real file in ../shared/data: `python -m tests.catalog.formats.count_real --write`.

Writes expected_counts.csv, a table of facts that test_counts.py checks: per file the records that the pipeline accepts,
repairs, rejects or routes elsewhere, beside what independent readers counted, and why they differ.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import BinaryIO, cast

from catalog.formats.errors import NotMarc
from catalog.harvesting.pages import Reject, prepare, read_pages
from tests.paths import SHARED

DATA = SHARED / "data"
TABLE = Path(__file__).with_name("expected_counts.csv")
OTHER = frozenset(
    ("authority", "holdings_unlinked")
)  # readable, of no use as a title, and no fault of the source


@dataclass
class Counts:
    """One line of the table. accepted + rejected + other is what we read; `repaired` are among the accepted."""

    file: str
    accepted: int = 0
    repaired: int = 0
    rejected: int = 0
    other: int = 0  # holdings, authorities, deletions
    counted: int = (
        0  # by the inventory: separators or leaders; by Python's csv module in tables; archive members
    )
    yaz: str = ""  # by yaz-marcdump; "" where it was not tried
    explanation: str = ""  # codes of test_counts.EXPLANATIONS, where we read another number than they

    @property
    def read(self) -> int:
        return self.accepted + self.rejected + self.other

    @property
    def differs(self) -> bool:
        return self.read != self.counted or (self.yaz != "" and self.read != int(self.yaz))


def all_files() -> dict[str, tuple[int, str]]:
    """Path below ../shared/data to (counted, yaz)."""
    with (DATA / "inventory.csv").open(newline="") as rows:
        found = {
            row["path"]: (int(row["records_counted"]), row["records_yaz"]) for row in csv.DictReader(rows)
        }
    for path in sorted((DATA / "mods").rglob("*.tar.gz")):
        with tarfile.open(path) as archive:
            found[str(path.relative_to(DATA))] = (sum(member.isfile() for member in archive), "")
    for path in sorted((DATA / "indonesian").rglob("*.csv")):
        found[str(path.relative_to(DATA))] = (_rows(path), "")
    return found


def _rows(path: Path) -> int:
    text = path.read_text("utf-8", "replace")
    first = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;", key=first.count))
    return sum(any(row) for row in rows)


def streams(path: str) -> Iterator[BinaryIO]:
    """The file itself, or each file in the archive of MODS records."""
    if path.startswith("mods/"):
        with tarfile.open(DATA / path) as archive:
            for member in archive:
                if opened := archive.extractfile(member):
                    yield io.BytesIO(opened.read())
    elif path.endswith(".gz"):
        with gzip.open(DATA / path) as stream:
            yield cast(BinaryIO, stream)
    else:
        with (DATA / path).open("rb") as stream:
            yield stream


def counts_of(path: str) -> Counts:
    """Every record goes the way of the pipeline, up to the lines that are copied into the database."""
    found = Counts(path)
    for stream in streams(path):
        try:
            for kind, size in _outcomes(stream):
                setattr(found, kind, getattr(found, kind) + size)
        except NotMarc:
            continue
    return found


def _outcomes(stream: BinaryIO) -> Iterator[tuple[str, int]]:
    for page, groups in read_pages(stream, fallback="cp1252"):
        for refused in page.rejects:
            yield _kind(refused), 1
        for head, group in zip(page.heads, groups, strict=True):
            done = prepare(group, head)
            if isinstance(done, Reject):
                yield _kind(done), 1
            elif done.deleted:
                yield "other", 1
            else:
                yield "accepted", 1
                if done.warnings:
                    yield "repaired", 1
            if group.holdings:
                yield "other", len(group.holdings)


def _kind(refused: Reject) -> str:
    return "other" if refused.reason_code in OTHER else "rejected"


def expected() -> dict[str, Counts]:
    """The table as it stands."""
    with TABLE.open(newline="") as rows:
        found = [
            Counts(**{k: int(v) if k not in ("file", "yaz", "explanation") else v for k, v in row.items()})  # type: ignore[arg-type]
            for row in csv.DictReader(rows)
        ]
    return {line.file: line for line in found}


def write() -> Counter[str]:
    """Counts anew; explanations stay where numbers still differ, and a new difference gets a question mark."""
    before = expected() if TABLE.is_file() else {}
    names = [f.name for f in fields(Counts)]
    total: Counter[str] = Counter()
    with TABLE.open("w", newline="") as rows:
        table = csv.DictWriter(rows, names, lineterminator="\n")
        table.writeheader()
        for path, (counted, yaz) in all_files().items():
            line = counts_of(path)
            line.counted, line.yaz = counted, yaz
            if line.differs:
                line.explanation = before[path].explanation if path in before else "?"
                line.explanation = line.explanation or "?"
            table.writerow(asdict(line))
            total.update({name: getattr(line, name) for name in names[1:6]})
    return total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="count and write the table")
    if parser.parse_args().write:
        sys.stdout.write(f"{dict(write())}\n")


if __name__ == "__main__":
    main()
