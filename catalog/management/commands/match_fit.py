"""`manage.py match_fit FILE --name NAME --out FILE`: the weights of matching, fitted anew on labelled pairs."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from catalog.matching.fit import BY_HAND, fit
from catalog.matching.labelled import BadPair, open_pairs
from catalog.matching.score import WEIGHTS


class Command(BaseCommand):
    help = "Fit the weights of matching on labelled pairs; never on those that are to judge them afterwards."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="pairs as match_pairs reads them")
        parser.add_argument("--records", type=Path, help="the records of a list of pairs by identifier")
        parser.add_argument("--name", required=True, help="what the pairs are called, kept with the weights")
        parser.add_argument("--out", type=Path, default=WEIGHTS)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            pairs = open_pairs(options["file"], options["records"])
        except (OSError, BadPair) as error:
            raise CommandError(f"{options['file']}: {error}") from error
        try:
            start, fitted = fit(pairs)
        except ImportError as error:
            raise CommandError("SciPy is needed: pip install -r requirements-dev.txt") from error
        before = json.loads(WEIGHTS.read_text(encoding="utf-8"))
        told = {
            "version": timezone.localdate().isoformat(),
            "made_of": f"{options['name']}: {len(pairs):,} pairs, {sum(pair.same for pair in pairs):,} of one edition",
            "unit": before["unit"], "start": start, "fitted": fitted, "set_by_hand": BY_HAND,
            "merge_at": before["merge_at"], "review_at": before["review_at"],
        }  # fmt: skip
        options["out"].write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
        self.stdout.write(f"{len(fitted)} weights in {options['out']}")
