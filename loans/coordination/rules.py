"""A guided network's rules in plain sentences, and what they would have done: for pages and the history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from catalog.choices import Format
from loans.choices import CoordinatorEffect, Level, Service
from loans.models import CoordinatorRule
from loans.routing import guided
from loans.selectors.coordinator import requests_that_arrived
from members.models import Library

TRIED_ON = 100  # the latest requests that a dry run looks at


def sentence(conditions: Mapping[str, Any], effect: str, names: Mapping[str, str] | None = None) -> str:
    """ "Loans of books, normal speed, of Perpustakaan X: let it through"."""
    told = [_("Every request")] if not any(conditions.get(key) for key in guided.KEYS) else []
    for key, choices in (("service", Service), ("format", Format), ("level", Level)):
        if (value := conditions.get(key)) not in ("", None):
            told.append(str(dict(choices.choices).get(value, value)))
    if library := conditions.get("library"):
        name = (names or {}).get(str(library)) or Library.objects.filter(pk=library).values_list(
            "name", flat=True
        ).first()
        told.append(_("asked by %(library)s") % {"library": name or library})
    return _("%(what)s: %(effect)s") % {
        "what": ", ".join(told), "effect": CoordinatorEffect(effect).label,
    }  # fmt: skip


def sentence_of_event(data: Mapping[str, Any]) -> str:
    """What the history says of a step that a rule took; "" for all others."""
    rule = data.get("rule")
    if not isinstance(rule, dict) or rule.get("effect") not in CoordinatorEffect.values:
        return ""
    told = sentence(rule.get("conditions") or {}, rule["effect"])
    return _("By the rule “%(rule)s”") % {"rule": told}


def dry_run(network_id: int, direction: str, rules: Iterable[CoordinatorRule]) -> tuple[Counter[str], int]:
    """How many of the latest requests at this desk each effect would have met; nothing is written."""
    rows = list(requests_that_arrived(network_id, direction)[:TRIED_ON])
    rules = [rule for rule in rules if rule.is_active]
    return Counter(guided.effect_of(rules, guided.facts_of(row)) for row in rows), len(rows)
