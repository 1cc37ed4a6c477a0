"""What a set of copyright rules looks like: data/*.json, and the `rules` column of a stored set, are read here only.

What is wrong is told to whoever writes one, in their language, with the place: "rules[2].most_percent".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

SCHEMA = 1
OUTCOMES = ("allow", "warn", "pay", "block")  # from the mildest to the strictest
LANGUAGES = ("id", "en")
PURPOSES = frozenset({"education", "research", "private_study", "other"})
CARRIERS = frozenset({"book", "journal", "newspaper", "score", "software", "database"})
FACTS = frozenset({"title", "author", "container", "year", "issue", "pages"})
JURISDICTION = re.compile(r"[A-Z]{2,8}")
TOP = frozenset(
    {"schema", "jurisdiction", "version", "name", "valid_from", "retention_years", "source_note", "lawyer_note",
     "codes", "wire_codes", "rules", "declaration", "notice"}
)  # fmt: skip
COMMON = frozenset({"code", "kind", "outcome", "source", "own_default", "to_confirm", "unknown"})
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
    to_confirm: bool = False  # nobody has held it against the text of the law yet
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
    if not isinstance(raw, Mapping):
        raise SchemaError(_("The file must hold one object: { … }."))
    if raw.get("schema") != SCHEMA:
        raise SchemaError(_("schema must be %(number)s.") % {"number": SCHEMA})
    _only(raw, TOP, "")
    rules = tuple(_rule(row, f"rules[{place}]") for place, row in enumerate(_list(raw, "rules"), start=1))
    if len({rule.code for rule in rules}) != len(rules):
        raise SchemaError(_("Two rules have the same code."))
    declaration = _map(raw, "declaration")
    try:
        valid_from = date.fromisoformat(str(raw.get("valid_from")))
    except ValueError:
        raise SchemaError(_("valid_from must be a date such as 2027-01-31.")) from None
    if not JURISDICTION.fullmatch(_text(raw, "jurisdiction")):
        raise SchemaError(_("jurisdiction must be two to eight capital letters, such as ID."))
    return RuleSet(
        jurisdiction=_text(raw, "jurisdiction"), version=_number(raw, "version"), name=_texts(raw, "name"),
        valid_from=valid_from, retention_years=_number(raw, "retention_years", least=1, most=70),
        source_note=_texts(raw, "source_note"), lawyer_note=_texts(raw, "lawyer_note"),
        codes=_words(raw, "codes"), wire_codes=_words(raw, "wire_codes"), rules=rules,
        declaration_version=_number(declaration, "version", where="declaration."),
        declaration=_texts(declaration, "texts", where="declaration."), notice=_texts(raw, "notice"),
    )  # fmt: skip


def _rule(row: Any, where: str) -> Rule:
    if not isinstance(row, dict):
        raise SchemaError(_("%(place)s must be an object.") % {"place": where})
    where = f"{where}."
    kind, outcome = _text(row, "kind", where), _text(row, "outcome", where)
    if kind not in KINDS:
        raise SchemaError(_one_of(where + "kind", kind, KINDS))
    unknown = row.get("unknown", "warn")
    if outcome not in OUTCOMES[1:]:
        raise SchemaError(_one_of(where + "outcome", outcome, OUTCOMES[1:]))
    if unknown not in OUTCOMES:
        raise SchemaError(_one_of(where + "unknown", str(unknown), OUTCOMES))
    _only(row, COMMON | KINDS[kind], where)
    settings = {key: _setting(row, key, where) for key in sorted(KINDS[kind])}
    return Rule(
        code=_text(row, "code", where), kind=kind, outcome=outcome, source=_text(row, "source", where),
        settings=settings, own_default=_yes(row, "own_default", where), to_confirm=_yes(row, "to_confirm", where),
        unknown=unknown,
    )  # fmt: skip


def _setting(row: Mapping[str, Any], key: str, where: str) -> Any:
    if key not in row:
        raise SchemaError(_("%(place)s is missing.") % {"place": where + key})
    return SETTINGS[key](row, key, where)


def _words_of(known: frozenset[str]) -> Callable[[Mapping[str, Any], str, str], list[str]]:
    def check(row: Mapping[str, Any], key: str, where: str) -> list[str]:
        found = _list(row, key, where)
        for word in found:
            if word not in known:
                raise SchemaError(_one_of(where + key, str(word), known))
        return found

    return check


def _at_least(least: int, most: int = 100_000) -> Callable[[Mapping[str, Any], str, str], int]:
    return lambda row, key, where: _number(row, key, where, least=least, most=most)


SETTINGS: Mapping[str, Callable[[Mapping[str, Any], str, str], Any]] = {
    "allowed": _words_of(PURPOSES), "kinds": _words_of(CARRIERS), "fields": _words_of(FACTS), "most": _at_least(1),
    "most_percent": _at_least(0, 100), "most_chapters": _at_least(0), "days": _at_least(1),
    "issue_years": _at_least(1, 200),
}  # fmt: skip


def _only(raw: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    """A word nobody reads is a mistake: "outcom" would quietly leave the rule as it was."""
    for key in raw:
        if key not in known:
            raise SchemaError(_("%(place)s is not known here.") % {"place": f"{where}{key}"})


def _one_of(place: str, word: str, known: Any) -> str:
    return _("%(place)s: “%(word)s” is not one of %(known)s.") % {
        "place": place, "word": word[:40], "known": ", ".join(sorted(known)),
    }  # fmt: skip


def _text(raw: Mapping[str, Any], key: str, where: str = "") -> str:
    value = raw.get(key)
    if not isinstance(value, str) or not value.strip():
        raise SchemaError(_("%(place)s must be a text.") % {"place": where + key})
    return value


def _yes(raw: Mapping[str, Any], key: str, where: str) -> bool:
    value = raw.get(key, False)
    if not isinstance(value, bool):
        raise SchemaError(_("%(place)s must be true or false.") % {"place": where + key})
    return value


def _number(raw: Mapping[str, Any], key: str, where: str = "", *, least: int = 0, most: int = 100_000) -> int:
    value = raw.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise SchemaError(
            _("%(place)s must be a whole number from %(least)s to %(most)s.")
            % {"place": where + key, "least": least, "most": most}
        )
    return value


def _list(raw: Mapping[str, Any], key: str, where: str = "") -> list[Any]:
    value = raw.get(key)
    if not isinstance(value, list) or not value:
        raise SchemaError(_("%(place)s must be a list with something in it.") % {"place": where + key})
    return value


def _map(raw: Mapping[str, Any], key: str, where: str = "") -> Mapping[str, Any]:
    value = raw.get(key)
    if not isinstance(value, dict):
        raise SchemaError(_("%(place)s must be an object.") % {"place": where + key})
    return value


def _words(raw: Mapping[str, Any], key: str) -> Mapping[str, str]:
    value = _map(raw, key)
    return {word: _text(value, word, f"{key}.") for word in value}


def _texts(raw: Mapping[str, Any], key: str, where: str = "") -> Mapping[str, str]:
    """A text in each language; they are shown side by side, so none may be missing."""
    value = _map(raw, key, where)
    for language in LANGUAGES:
        _text(value, language, f"{where}{key}.")
    return value
