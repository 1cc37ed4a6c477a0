"""`manage.py match_pairs FILE [--json]`: what the matcher makes of labelled pairs."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog.matching.labelled import BadPair, Figures, by_kind, figures, judge, open_pairs
from catalog.matching.score import weights

COLUMNS = ("pairs", "same", "precision", "recall", "F1", "with review", "reviewed")


class Command(BaseCommand):
    help = (
        "Judge labelled pairs, one JSON object a line: “a” and “b” (MARC in JSON, or plain fields such as title, "
        "author, publisher, year, isbn, pages, edition, language, format), “same”, and “class” if there are kinds."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--records", type=Path, help="records of a CSV list with id1, id2, same")
        parser.add_argument("--json", action="store_true", help="print the figures as one JSON object")
        parser.add_argument("--wrong", action="store_true", help="list the pairs that were judged wrongly")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            judged = judge(open_pairs(options["file"], options["records"]))
        except OSError as error:
            raise CommandError(f"{options['file']} can't be read: {error.strerror}.") from error
        except BadPair as error:
            raise CommandError(f"{options['file']}: {error}") from error
        whole, kinds = figures(judged), by_kind(judged)
        if options["json"]:
            told = {**whole.as_json(), "rules": weights().version}
            told["classes"] = {kind: found.as_json() for kind, found in kinds.items()}
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
            return
        width = max([len("all"), *map(len, kinds)])
        self.stdout.write(" " * width + "".join(f"{name:>12}" for name in COLUMNS))
        for name, found in {"all": whole, **kinds}.items():
            self.stdout.write(f"{name:<{width}}" + _row(found))
        self.stdout.write(
            f"F1 of automatic merges {whole.f1:.4f}; of the score alone, at its best threshold, {whole.best_f1:.4f}.\n"
            f"Recall by score {whole.recall_at(0.99):.4f} at precision 0.99, {whole.recall_at(0.995):.4f} at "
            f"0.995. Rules of {weights().version}."
        )
        if options["wrong"]:
            for number, one in enumerate(judged, 1):
                if (one.outcome == "merge") != one.same:
                    self.stdout.write(
                        f"pair {number}: {one.outcome} ({one.score} points, {one.why or '-'}) {one.kind}"
                    )


def _row(found: Figures) -> str:
    shares = (found.precision, found.recall, found.f1, found.recall_with_review, found.review_share)
    return f"{found.pairs:>12,}{found.same:>12,}" + "".join(f"{share:>12.4f}" for share in shares)
