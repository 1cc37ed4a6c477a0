"""Rules as sentences, and what they do to a record, before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from catalog.choices import Format, ItemStatus
from catalog.formats.draft import BibDraft, HoldingDraft
from catalog.forms.rules import FIELDS, LABELS, LANGUAGES, NAMED, WHERE, Place
from catalog.harvesting.rules import Rule, problem
from catalog.models import Source
from catalog.selectors.rows import places_of
from catalog.services.rules import Example

MOST_PLACES = 200
SHOWN = 4  # names of a mapping in its sentence


@dataclass(frozen=True)
class RuleRow:
    place: int
    label: Any
    says: str
    editable: bool


@dataclass(frozen=True)
class ExampleView:
    title: str
    identifier: str
    left_out: bool
    changes: list[tuple[Any, str, str]]  # what, before, after


def rule_rows(rules: list[Rule]) -> list[RuleRow]:
    return [_row(place, rule) for place, rule in enumerate(rules)]


def _row(place: int, rule: Rule) -> RuleRow:
    if problem(rule):
        return RuleRow(place, _("Not understood"), _("This rule is incomplete and changes nothing."), False)
    return RuleRow(place, LABELS[rule["do"]], says(rule), True)


def says(rule: Rule) -> str:
    """What a complete rule does, in words."""
    if rule["do"] == "map_location":
        pairs = list((rule.get("map") or {rule.get("from"): rule.get("to")}).items())
        text = ", ".join(f"{code} → {name}" for code, name in pairs[:SHOWN])
        return f"{text}, …" if len(pairs) > SHOWN else text
    if rule["do"] == "strip_call_number":
        return _("“%(letters)s” at the beginning is taken off") % {"letters": rule["from"]}
    if rule["do"] == "drop_field":
        return str(FIELDS[rule["field"]])
    condition = _condition(rule)
    if rule["do"] == "leave_out":
        return condition
    target = _target(rule)
    return f"{condition} → {target}" if condition else f"→ {target}"


def _condition(rule: Rule) -> str:
    if not rule.get("from"):
        return _("all records") if rule["do"] == "set_format" else ""
    where = rule.get("where") or "format"
    value = dict(NAMED.get(where, ())).get(rule["from"], rule["from"])
    return _("%(where)s “%(value)s”") % {"where": WHERE[where], "value": value}


def _target(rule: Rule) -> str:
    names: dict[str, dict[str, Any]] = {
        "set_format": dict(Format.choices), "set_status": dict(ItemStatus.choices), "set_language": dict(LANGUAGES),
    }  # fmt: skip
    return str(names[rule["do"]].get(rule["to"], rule["to"]))


def as_typed(rule: Rule) -> Rule:
    """A rule as its form shows it: names for the codes of what is looked for."""
    named = dict(NAMED.get(rule.get("where") or "format", ()))
    return {**rule, "from": str(named.get(rule["from"], rule["from"]))} if rule.get("from") else rule


def places(source: Source, rule: Rule | None) -> list[Place]:
    """The codes of stored copies, with the names that the rule gives; a name it gave counts for its code."""
    named: dict[str, str] = (rule or {}).get("map") or {}
    counted = dict(places_of(source, MOST_PLACES))
    known = [Place(code, counted.get(name, counted.get(code, 0)), name) for code, name in named.items()]
    fresh = [
        Place(code, n) for code, n in counted.items() if code not in named and code not in set(named.values())
    ]
    return sorted([*known, *fresh], key=lambda place: (-place.records, place.code))


def example_views(examples: list[Example]) -> list[ExampleView]:
    return [
        ExampleView(e.before.title, e.record.identifier, e.left_out, _changes(e.before, e.after)) for e in examples
    ]  # fmt: skip


def _changes(before: BibDraft, after: BibDraft) -> list[tuple[Any, str, str]]:
    labels = {**FIELDS, "format": _("Kind of material"), "holdings": _("Copies")}
    found = []
    for name, label in labels.items():
        old, new = _shown(getattr(before, name)), _shown(getattr(after, name))
        if old != new:
            found.append((label, old or "–", new or "–"))
    return found


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(_copy(item) if isinstance(item, HoldingDraft) else str(item) for item in value)
    return str(dict(Format.choices).get(value, value))


def _copy(holding: HoldingDraft) -> str:
    status = str(ItemStatus(holding.status).label) if holding.status != "unknown" else ""
    return " · ".join(filter(None, (holding.location, holding.call_number, status))) or _("a copy")
