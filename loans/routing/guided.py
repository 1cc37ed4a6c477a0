"""Guided networks: what the coordinator lets through, refuses or wants to see, by rule. The first that fits counts.

Conditions are a fixed set of keys; one that is absent or empty fits everything. No rule fits: the coordinator looks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from loans.models import CoordinatorRule, Request

RELEASE, REFUSE, HOLD = "release", "refuse", "hold"
KEYS = ("service", "level", "format", "library")


def fits(conditions: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    """Every named condition is met. A key that nobody knows never fits, so that a mistyped rule lets nothing go."""
    return all(
        key in KEYS and str(facts.get(key, "")) == str(wanted)
        for key, wanted in conditions.items()
        if wanted not in ("", None)
    )


def effect_of(rules: Iterable[CoordinatorRule], facts: Mapping[str, Any]) -> str:
    return next((rule.effect for rule in rules if fits(rule.conditions, facts)), HOLD)


def facts_of(request: Request) -> dict[str, Any]:
    return {
        "service": request.service,
        "level": request.level,
        "format": request.edition.format if request.edition_id and request.edition else "",
        "library": request.requesting_library_id,
    }


def rules_of(network_ids: Collection[int], direction: str = "out") -> dict[int, list[CoordinatorRule]]:
    """The active rules of these networks, in their order: one query."""
    found: dict[int, list[CoordinatorRule]] = {pk: [] for pk in network_ids}
    rows = CoordinatorRule.objects.filter(network_id__in=network_ids, direction=direction, is_active=True)
    for rule in rows.order_by("position", "pk"):
        found[rule.network_id].append(rule)
    return found
