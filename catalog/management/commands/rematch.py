"""`manage.py rematch [--shadow]`: match all records anew beside what is in use, show the difference, then switch."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog.models import Rematch
from catalog.services.rematch import rematch_build
from catalog.services.rematch_switch import rematch_switch
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation

LINES = (
    ("records", "records looked at"),
    ("editions_in_use", "editions in use"),
    ("editions_beside", "editions with these rules"),
    ("joined", "editions that become part of another"),
    ("parted", "editions that are made of parts of others"),
    ("moved", "records that change their edition"),
)


class Command(BaseCommand):
    help = (
        "Match all records anew with the rules of this version, beside the editions in use, and show how the two "
        "differ. Without --shadow it is then taken over. An interrupted rematch goes on where it stood."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--shadow", action="store_true", help="show the difference and change nothing")
        parser.add_argument("--fresh", action="store_true", help="begin anew instead of going on")
        parser.add_argument("--workers", type=int, default=2, help="processes that prepare records (2)")
        parser.add_argument("--json", action="store_true", help="print the difference as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        self.done = 0
        self.shows = sys.stderr.isatty() and not options["json"]
        actor = Actor.system(channel="command")
        try:
            rematch = rematch_build(
                actor=actor, fresh=options["fresh"], workers=options["workers"], progress=self._placed
            )
            self._report(rematch, as_json=options["json"])
            if not options["shadow"]:
                rematch_switch(rematch=rematch, actor=actor, progress=self._taken)
        except RuleViolation as refusal:
            raise CommandError(str(refusal)) from refusal
        if not options["json"]:
            self.stdout.write("Nothing was changed." if options["shadow"] else "Taken over.")

    def _placed(self, rematch: Rematch, count: int) -> None:
        self.done += count
        if self.shows:
            self.stderr.write(f"\r{self.done:,} records", ending="")

    def _taken(self, what: str, count: int) -> None:
        if self.shows:
            self.stderr.write(f"\r{count:,} more {what}", ending="")

    def _report(self, rematch: Rematch, *, as_json: bool) -> None:
        figures = rematch.figures
        if as_json:
            self.stdout.write(json.dumps({"rules": rematch.rules, **figures}, ensure_ascii=False))
            return
        for name, words in LINES:
            self.stdout.write(f"{figures.get(name, 0):>12,} {words}")
        for gone, title, stays, other in figures.get("examples_joined", ()):
            self.stdout.write(f"  {gone} “{title[:60]}” becomes part of {stays} “{other[:60]}”")
        for edition, title, record, own in figures.get("examples_parted", ()):
            self.stdout.write(f"  {edition} “{title[:60]}” gives away record {record} “{(own or '')[:60]}”")
