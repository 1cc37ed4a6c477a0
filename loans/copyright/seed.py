"""The shipped rules in the database, so that a decision can name the very version it was made by."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from loans.copyright.declarations import Declaration, text_hash
from loans.copyright.library import raw_sets, shipped_sets
from loans.copyright.schema import RuleSet, parse
from loans.models import CopyrightRuleSet, DeclarationText
from network_portal.core.errors import RuleViolation

DEFAULT = "ID"


def rulesets_load() -> int:
    """Add what the files have and the database has not; returns how many sets were new. Stored ones never change."""
    shipped = shipped_sets()
    stored = set(CopyrightRuleSet.objects.values_list("jurisdiction", "version"))
    if all((found.jurisdiction, found.version) in stored for found in shipped.values()):
        return 0
    missing = [raw for raw in raw_sets() if (raw["jurisdiction"], raw["version"]) not in stored]
    for raw in missing:
        ruleset_store(raw)
    return len(missing)


@transaction.atomic
def ruleset_store(raw: dict[str, Any], *, by: str = "") -> CopyrightRuleSet:
    """Write down a version with its declarations; one that is there already is left as it is. Raises SchemaError."""
    found = parse(raw)
    row, new = CopyrightRuleSet.objects.get_or_create(
        jurisdiction=found.jurisdiction, version=found.version,
        defaults={"name": found.name["en"][:200], "valid_from": found.valid_from, "rules": raw, "added_by_name": by,
                  "retention_years": found.retention_years, "source_note": found.source_note["en"]},
    )  # fmt: skip
    if new:
        DeclarationText.objects.bulk_create(
            DeclarationText(ruleset=row, language=language, version=found.declaration_version, text=text,
                            hash=text_hash(text))
            for language, text in found.declaration.items()
        )  # fmt: skip
    return row


def current_ruleset(jurisdiction: str) -> CopyrightRuleSet:
    """The rules in force today, loaded from the files at the first question. Raises RuleViolation."""
    wanted = jurisdiction or DEFAULT
    rulesets_load()
    row = in_force(wanted)
    if row is None:
        raise RuleViolation(
            "no_copyright_rules",
            _("The portal has no copyright rules for %(jurisdiction)s.") % {"jurisdiction": wanted},
        )
    return row


def in_force(jurisdiction: str) -> CopyrightRuleSet | None:
    """The highest version whose day has come: a network's own ones have higher numbers than those of a release."""
    begun = CopyrightRuleSet.objects.filter(jurisdiction=jurisdiction, valid_from__lte=timezone.localdate())
    return begun.order_by("-version").first()


def parsed(row: CopyrightRuleSet) -> RuleSet:
    return parse(row.rules)


def declaration_for(row: CopyrightRuleSet, language: str) -> DeclarationText:
    """The text in that language, else in English."""
    texts = {text.language: text for text in row.declarations.order_by("version")}
    return texts.get(language) or texts["en"]


def shown(text: DeclarationText) -> Declaration:
    return Declaration(text.language, text.version, text.text)
