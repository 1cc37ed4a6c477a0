"""manage.py rebuild_index [--json]: build the search index anew from the database, beside the one in use."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.search import indexer
from network_portal.core.actor import Actor


class Command(BaseCommand):
    help = "Build the search index anew from the database, beside the one in use, and switch to it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the outcome as one JSON line")
        parser.add_argument("--wait", type=float, default=30, help="seconds to wait for another writer (30)")

    def handle(self, *args: Any, **options: Any) -> None:
        result = self._rebuild(time.monotonic() + options["wait"])
        if options["json"]:
            self.stdout.write(json.dumps(asdict(result)))
        else:
            self.stdout.write(
                f"{result.documents} documents in generation {result.generation}, {result.seconds} s."
            )

    def _rebuild(self, give_up_at: float) -> indexer.Rebuilt:
        """The index worker writes for a moment every few seconds; a rebuild simply waits for its turn."""
        while True:
            try:
                return indexer.rebuild(actor=Actor.system("command"))
            except indexer.IndexBusy:
                if time.monotonic() > give_up_at:
                    raise CommandError(
                        "Another process is writing the index. Try again when it is done."
                    ) from None
                time.sleep(0.2)
