"""Reading the copyright rules of the portal: what is in force, what was, which network follows which."""

from __future__ import annotations

from django.db.models import Count, QuerySet
from django.http import Http404

from loans.copyright.seed import rulesets_load
from loans.models import CopyrightRuleSet, LicenceOffer
from members.models import Network


def rulesets() -> list[CopyrightRuleSet]:
    """All versions with `used`, how many decisions rest on each; Indonesia first, the newest first."""
    rulesets_load()
    rows = CopyrightRuleSet.objects.annotate(used=Count("decisions")).order_by("jurisdiction", "-version")
    return sorted(rows, key=lambda row: row.jurisdiction != "ID")


def ruleset_of(jurisdiction: str, version: int) -> CopyrightRuleSet:
    """404 where there is none."""
    rulesets_load()
    rows = CopyrightRuleSet.objects.annotate(used=Count("decisions"))
    found = rows.filter(jurisdiction=jurisdiction, version=version).first()
    if found is None:
        raise Http404
    return found


def jurisdictions(language: str) -> list[tuple[str, str]]:
    """For a choice: code, and the name of its newest version."""
    names: dict[str, str] = {}
    for row in rulesets():
        names.setdefault(row.jurisdiction, row.rules["name"].get(language) or row.name)
    return [(code, f"{code} – {name}") for code, name in names.items()]


def networks_and_law() -> QuerySet[Network]:
    return Network.objects.order_by("name")


def licences() -> QuerySet[LicenceOffer]:
    return LicenceOffer.objects.order_by("jurisdiction", "holder", "identifier")
