"""Writes docs/workflow.md from the workflow table; with --check only says whether it is up to date."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from loans.workflow.describe import as_markdown


class Command(BaseCommand):
    help = "Write docs/workflow.md (states, steps, diagram) from the workflow table."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail when the file is not up to date")
        parser.add_argument("--path", type=Path, default=Path(settings.BASE_DIR) / "docs" / "workflow.md")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["path"]
        with translation.override(None):  # the sentences as written, whatever is translated or compiled
            text = as_markdown()
        if options["check"]:
            if not path.is_file() or path.read_text(encoding="utf-8") != text:
                raise CommandError(f"{path} is not up to date; run manage.py describe_workflow")
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.stdout.write(f"wrote {path}")
