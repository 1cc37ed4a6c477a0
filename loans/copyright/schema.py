"""What a set of copyright rules looks like: data/*.json, and the `rules` column of a stored set, are read here only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

SCHEMA = 1
OUTCOMES = ("allow", "warn", "pay", "block")  # from the mildest to the strictest
LANGUAGES = ("id", "en")
# Kinds of rules the portal knows, with the settings each must bring. loans.copyright.rules carries them out.
KINDS: Mapping[str, frozenset[str]] = {
    "purpose": frozenset({"allowed"}),
    "single_copy": frozenset({"most"}),
    "whole_work": frozenset(),
    "excluded_kind": frozenset({"kinds"}),
    "source_cited": frozenset({"fields"}),
    "share": frozenset({"most_percent", "most_chapters"}),
    "same_reader": frozenset({"days"}),
    "related_readers": frozenset({"days", "most"}),
    "title_year": frozenset({"most", "issue_years"}),
    "title_term": frozenset({"most"}),
    "same_issue": frozenset({"most"}),
    "licence": frozenset(),
    "journal_only": frozenset({"kinds"}),
}


class SchemaError(ValueError):
    """The data is no set of rules; says what is wrong, for whoever writes one."""


@dataclass(frozen=True)
class Rule:
    code: str  # stands in stored decisions: never used again for something else
    kind: str
    outcome: str  # what it answers when it is not met
    source: str  # article and paragraph
    settings: Mapping[str, Any] = field(default_factory=dict)
    own_default: bool = False  # the number is the portal's, not the law's
    unknown: str = "warn"  # what it answers when a fact it needs is missing


@dataclass(frozen=True)
class RuleSet:
    jurisdiction: str
    version: int
    name: Mapping[str, str]  # by language
    valid_from: date
    retention_years: int
    source_note: Mapping[str, str]
    lawyer_note: Mapping[str, str]
    codes: Mapping[str, str]  # own code by outcome, `recent` and `other` where the law counts issues
    wire_codes: Mapping[str, str]  # own code -> open code of ISO 18626
    rules: tuple[Rule, ...]
    declaration_version: int
    declaration: Mapping[str, str]
    notice: Mapping[str, str]  # printed on the cover page

    def setting(self, kind: str, name: str, default: int = 0) -> int:
        """A number of the first rule of that kind: how far back the counters must look."""
        found = next((rule.settings.get(name) for rule in self.rules if rule.kind == kind), None)
        return default if found is None else int(found)


def parse(raw: Mapping[str, Any]) -> RuleSet:
    """The data as a set of rules. Raises SchemaError naming the first thing that is wrong."""
    if raw.get("schema") != SCHEMA:
        raise SchemaError(f"schema must be {SCHEMA}")
    rules = tuple(_rule(row) for row in _list(raw, "rules"))
    if len({rule.code for rule in rules}) != len(rules):
        raise SchemaError("two rules have the same code")
    declaration = _map(raw, "declaration")
    try:
        valid_from = date.fromisoformat(str(raw.get("valid_from")))
    except ValueError:
        raise SchemaError("valid_from must be a date") from None
    return RuleSet(
        jurisdiction=_text(raw, "jurisdiction"), version=_number(raw, "version"), name=_texts(raw, "name"),
        valid_from=valid_from, retention_years=_number(raw, "retention_years"),
        source_note=_texts(raw, "source_note"), lawyer_note=_texts(raw, "lawyer_note"),
        codes=_map(raw, "codes"), wire_codes=_map(raw, "wire_codes"), rules=rules,
        declaration_version=_number(declaration, "version"), declaration=_texts(declaration, "texts"),
        notice=_texts(raw, "notice"),
    )  # fmt: skip


def _rule(row: Any) -> Rule:
    if not isinstance(row, dict):
        raise SchemaError("a rule must be an object")
    kind, outcome = _text(row, "kind"), _text(row, "outcome")
    if kind not in KINDS:
        raise SchemaError(f"unknown kind of rule: {kind}")
    unknown = str(row.get("unknown", "warn"))
    if outcome not in OUTCOMES[1:] or unknown not in OUTCOMES:
        raise SchemaError(f"rule {row.get('code')}: unknown outcome")
    settings = {key: row[key] for key in row if key in KINDS[kind]}
    if missing := KINDS[kind] - settings.keys():
        raise SchemaError(f"rule {row.get('code')}: {', '.join(sorted(missing))} is missing")
    return Rule(
        code=_text(row, "code"), kind=kind, outcome=outcome, source=_text(row, "source"), settings=settings,
        own_default=bool(row.get("own_default")), unknown=unknown,
    )  # fmt: skip


def _text(raw: Mapping[str, Any], key: str) -> str:
    value = raw.get(key)
    if not isinstance(value, str) or not value.strip():
        raise SchemaError(f"{key} must be a text")
    return value


def _number(raw: Mapping[str, Any], key: str) -> int:
    value = raw.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise SchemaError(f"{key} must be a whole number")
    return value


def _list(raw: Mapping[str, Any], key: str) -> list[Any]:
    value = raw.get(key)
    if not isinstance(value, list) or not value:
        raise SchemaError(f"{key} must be a list")
    return value


def _map(raw: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = raw.get(key)
    if not isinstance(value, dict):
        raise SchemaError(f"{key} must be an object")
    return value


def _texts(raw: Mapping[str, Any], key: str) -> Mapping[str, str]:
    value = _map(raw, key)
    if any(not isinstance(value.get(code), str) or not value[code].strip() for code in LANGUAGES):
        raise SchemaError(f"{key} must have a text in each of {', '.join(LANGUAGES)}")
    return value
