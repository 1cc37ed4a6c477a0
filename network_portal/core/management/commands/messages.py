"""`manage.py messages`: collect the project's strings, merge and compile the translations, tell what lacks one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from network_portal.core.management import translations


class Command(BaseCommand):
    help = (
        "Collects translatable strings into the .po files, compiles them, and tells what lacks a translation."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; fail when a translation is missing"
        )
        parser.add_argument("--compile", action="store_true", help="only write the compiled files")
        parser.add_argument(
            "--apply", action="append", type=Path, default=[], help="JSON file with translations"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["compile"]:
            self._report_compiled()
            return
        found = translations.extract_all()
        if not options["check"]:
            self._merge(found, options["apply"])
            self._report_compiled()
        self._report_findings(translations.findings(found), fail=options["check"])

    def _merge(self, found: Any, files: list[Path]) -> None:
        for language in translations.LANGUAGES:
            catalog = translations.merged(language, found)
            for path in files if language == translations.TRANSLATED else []:
                for unknown in translations.apply(catalog, path):
                    self.stderr.write(f"{path.name}: not in the source: {unknown}")
            translations.save(language, catalog)
            self.stdout.write(f"{language}: {len(catalog)} strings")

    def _report_compiled(self) -> None:
        for path in translations.compile_all():
            self.stdout.write(f"compiled {path.relative_to(translations.ROOT)}")

    def _report_findings(self, findings: list[translations.Finding], *, fail: bool) -> None:
        for finding in findings:
            self.stderr.write(f"{finding.kind}: {finding.text}")
        if findings and fail:
            raise CommandError(f"{len(findings)} translations need work; see above.")
        if not findings:
            self.stdout.write("Every string has its Indonesian translation.")
