"""`manage.py load_file --library CODE PATH...`: load catalogue files without a browser."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, BooleanOptionalAction
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog.choices import SourceKind
from catalog.harvesting.errors import RunFailed
from catalog.harvesting.write import Counts
from catalog.models import Run, Source
from catalog.services.load import load_paths
from members.models import Library
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation


class Command(BaseCommand):
    help = "Load MARC 21 or MARCXML files (gzip accepted) into a library's catalogue."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH")
        parser.add_argument("--library", required=True, metavar="CODE", help="short code of the library")
        parser.add_argument(
            "--source", default="load_file", metavar="NAME", help="name of the source; made if new"
        )
        parser.add_argument(
            "--snapshot",
            action=BooleanOptionalAction,
            help="the files together are the whole catalogue (as the source is set; a new one: no)",
        )
        parser.add_argument("--json", action="store_true", help="print the result as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        source = self._source(options["library"], options["source"], options["snapshot"])
        actor = Actor.system(channel="command")
        show = self._progress if sys.stderr.isatty() and not options["json"] else None
        try:
            result = load_paths(source=source, paths=options["paths"], actor=actor, progress=show)
        except (RunFailed, RuleViolation) as failure:
            raise CommandError(str(failure)) from None
        values = result.as_dict()
        if options["json"]:
            self.stdout.write(json.dumps({"library": options["library"], **values}))
        else:
            self.stdout.write("\n".join(f"{name}: {value}" for name, value in values.items()))

    def _source(self, code: str, name: str, snapshot: bool | None) -> Source:
        library = Library.objects.filter(short_code=code.upper()).first()
        if library is None:
            raise CommandError(f"There is no library with the code {code}.")
        source, _made = Source.objects.get_or_create(
            library=library, name=name, defaults={"kind": SourceKind.UPLOAD, "is_snapshot": bool(snapshot)}
        )
        if snapshot is not None and source.is_snapshot != snapshot:
            source.is_snapshot = snapshot
            source.save(update_fields=["is_snapshot"])
        return source

    def _progress(self, run: Run, counts: Counts) -> None:
        self.stderr.write(f"\r{run.file_name}: {run.read:,} records", ending="")
