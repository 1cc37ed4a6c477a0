"""`manage.py make_corpus --records N --libraries L --seed S --out DIR`: made-up MARC files and the truth about them."""

from __future__ import annotations

import random
from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog.corpus.generate import distribute, editions, record


class Command(BaseCommand):
    help = "Write one MARC 21 file per library, and truth.jsonl with the true edition of each record."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--records", type=int, required=True)
        parser.add_argument("--libraries", type=int, default=10)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--out", type=Path, required=True)
        parser.add_argument(
            "--overlap", type=float, default=0.35, help="share of records whose edition others hold too"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not (0 <= options["overlap"] < 1 and 1 <= options["libraries"] <= 99 and options["records"] > 0):
            raise CommandError("--overlap is from 0 to below 1, --libraries from 1 to 99, --records above 0.")
        written = write_corpus(**{k: options[k] for k in ("records", "libraries", "seed", "out", "overlap")})
        self.stdout.write(f"{written} records in {options['libraries']} files in {options['out']}")


def write_corpus(*, records: int, libraries: int, seed: int, out: Path, overlap: float = 0.35) -> int:
    """Files LIB01.mrc … and truth.jsonl ({"library", "identifier", "edition"} a line). Returns the records written."""
    out.mkdir(parents=True, exist_ok=True)
    pairs = list(distribute(records, libraries, overlap, seed))
    known = list(editions(max(edition for edition, _ in pairs) + 1, seed))
    rng = random.Random(seed + 2)  # noqa: S311
    with ExitStack() as stack:
        files = [stack.enter_context((out / f"LIB{n:02d}.mrc").open("wb")) for n in range(1, libraries + 1)]
        truth = stack.enter_context((out / "truth.jsonl").open("w"))
        for number, (edition, library) in enumerate(pairs, 1):
            identifier = f"{library + 1:02d}{number:08d}"
            files[library].write(record(known[edition], library + 1, identifier, rng))
            truth.write(
                f'{{"library":"LIB{library + 1:02d}","identifier":"{identifier}","edition":{edition}}}\n'
            )
    return len(pairs)
