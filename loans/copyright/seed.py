"""The shipped rules in the database, so that a decision can name the very version it was made by."""

from __future__ import annotations

from django.utils.translation import gettext as _

from loans.copyright.declarations import Declaration, text_hash
from loans.copyright.library import raw_sets
from loans.copyright.schema import RuleSet, parse
from loans.models import CopyrightRuleSet, DeclarationText
from network_portal.core.errors import RuleViolation

DEFAULT = "ID"


def rulesets_load() -> int:
    """Add what the files have and the database has not; returns how many sets were new. Stored ones never change."""
    added = 0
    for raw in raw_sets():
        parsed = parse(raw)
        row, new = CopyrightRuleSet.objects.get_or_create(
            jurisdiction=parsed.jurisdiction, version=parsed.version,
            defaults={"name": parsed.name["en"], "valid_from": parsed.valid_from, "rules": raw,
                      "retention_years": parsed.retention_years, "source_note": parsed.source_note["en"]},
        )  # fmt: skip
        added += new
        for language, text in parsed.declaration.items():
            DeclarationText.objects.get_or_create(
                ruleset=row, language=language, version=parsed.declaration_version,
                defaults={"text": text, "hash": text_hash(text)},
            )  # fmt: skip
    return added


def current_ruleset(jurisdiction: str) -> CopyrightRuleSet:
    """The newest rules of a jurisdiction, loaded from the files at the first question. Raises RuleViolation."""
    wanted = jurisdiction or DEFAULT
    row = _newest(wanted)
    if row is None and rulesets_load():
        row = _newest(wanted)
    if row is None:
        raise RuleViolation(
            "no_copyright_rules",
            _("The portal has no copyright rules for %(jurisdiction)s.") % {"jurisdiction": wanted},
        )
    return row


def _newest(jurisdiction: str) -> CopyrightRuleSet | None:
    return CopyrightRuleSet.objects.filter(jurisdiction=jurisdiction).order_by("-version").first()


def parsed(row: CopyrightRuleSet) -> RuleSet:
    return parse(row.rules)


def declaration_for(row: CopyrightRuleSet, language: str) -> DeclarationText:
    """The text in that language, else in English."""
    texts = {text.language: text for text in row.declarations.order_by("version")}
    return texts.get(language) or texts["en"]


def shown(text: DeclarationText) -> Declaration:
    return Declaration(text.language, text.version, text.text)
