"""`manage.py renormalise --source N | --library CODE | --all`: read stored originals again with today's rules."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet

from catalog.choices import RunKind, RunStatus
from catalog.harvesting.write import Counts
from catalog.models import Run, Source
from catalog.services.runs import run_execute, run_renormalise
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation

COUNTS = ("read", "updated", "unchanged", "deleted", "rejected")


class Command(BaseCommand):
    help = (
        "Read the stored originals of all records again, without any harvest, and write those that come out "
        "differently. A run that was interrupted goes on where it stood."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--source", type=int, metavar="N", help="number of one source")
        which.add_argument(
            "--library", metavar="CODE", help="all sources of the library with this short code"
        )
        which.add_argument("--all", action="store_true", help="all sources of all libraries")
        parser.add_argument("--json", action="store_true", help="print one JSON object per source")

    def handle(self, *args: Any, **options: Any) -> None:
        sources = list(self._sources(options))
        if not sources:
            raise CommandError("There is no such source.")
        actor = Actor.system(channel="command")
        show = self._progress if sys.stderr.isatty() and not options["json"] else None
        failed = 0
        for source in sources:
            try:
                done = run_execute(
                    run_id=self._run(source, actor).pk, actor=actor, trusted=True, progress=show
                )
            except RuleViolation as refusal:
                failed += 1
                self.stderr.write(f"{source}: {refusal}")
                continue
            failed += self._report(source, done, as_json=options["json"])
        if failed:
            raise CommandError(f"{failed} of {len(sources)} sources could not be read again.")

    def _sources(self, options: dict[str, Any]) -> QuerySet[Source]:
        sources = Source.objects.select_related("library").order_by("pk")
        if options["all"]:
            return sources
        if options["library"]:
            return sources.filter(library__short_code=options["library"].upper())
        return sources.filter(pk=options["source"])

    def _run(self, source: Source, actor: Actor) -> Run:
        """The interrupted one, or a new one. Raises Conflict where the source is being loaded."""
        left = Run.objects.filter(
            source=source, kind=RunKind.RENORMALISE, status__in=(RunStatus.RUNNING, RunStatus.QUEUED)
        ).first()
        return left or run_renormalise(source=source, actor=actor, send=False)

    def _report(self, source: Source, run: Run | None, *, as_json: bool) -> bool:
        """Whether it failed."""
        values = {name: getattr(run, name) for name in COUNTS} if run else {}
        status = run.status if run else "busy"
        if as_json:
            self.stdout.write(
                json.dumps({"source": source.pk, "name": str(source), "status": status, **values})
            )
        else:
            figures = ", ".join(f"{value} {name}" for name, value in values.items())
            self.stdout.write(f"{source}: {status} {figures}")
        return status not in (RunStatus.DONE, RunStatus.PARTIAL)

    def _progress(self, run: Run, counts: Counts) -> None:
        self.stderr.write(f"\r{run.source}: {run.read:,} records", ending="")
