"""`manage.py build_demo`: builds the demo network once. Called by `make demo`."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser

from network_portal.demo.accounts import accounts_table, require_demo
from network_portal.demo.build import build

COLUMNS = ("role", "name", "email", "password", "library")


@contextmanager
def quiet() -> Iterator[None]:
    """The progress lines, or the JSON, without a log line for each mail that is queued."""
    logging.disable(logging.INFO)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


class Command(BaseCommand):
    help = "Build the demo network of twelve invented libraries, once. Needs DEMO=1."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--accounts", action="store_true", help="only print the demo accounts")
        parser.add_argument(
            "--all", action="store_true", help="with --accounts: every library's librarian too"
        )
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            require_demo()
            if options["accounts"]:
                self._print_accounts(every=options["all"], as_json=options["json"])
                return
            with quiet():
                result = build(say=self._quiet if options["json"] else self._say)
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(asdict(result)))
        elif result.already:
            self._say("  the demo network is there already")

    def _print_accounts(self, *, every: bool, as_json: bool) -> None:
        rows = accounts_table(every=every)
        if as_json:
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
            return
        widths = {column: max(len(column), *(len(row[column]) for row in rows)) for column in COLUMNS}
        for row in ({column: column for column in COLUMNS}, *rows):
            self.stdout.write("  ".join(row[column].ljust(widths[column]) for column in COLUMNS).rstrip())

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _quiet(self, line: str) -> None:
        """JSON stays alone on stdout."""
