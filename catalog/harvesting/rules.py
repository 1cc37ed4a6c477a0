"""A source's own normalisation rules, as data: applied to each draft between reading and matching. Pure, no Django.

A rule is a JSON object; `do` names its kind, the other keys are the kind's `fields`. They are applied in their order.

| do | where, from, to, field, map | means |
|---|---|---|
| map_location | `map` {code: name}, or `from`, `to` | a place's code gets its name |
| set_status | `where`, `from`, `to` | copies for which the condition holds have this status |
| strip_call_number | `from` | these letters at the start of call numbers are taken off |
| set_format | `to`, and `where`, `from` where not all | records for which the condition holds are of this format |
| set_language | `to` | records that name no language are in this one |
| drop_field | `field` | what the field says is dropped |
| leave_out | `where`, `from` | the record, or its copies in this place, are not for the union catalogue |

`where` is one of WHERE (for the record) or COPY_WHERE (for a copy), `from` the value that is looked for there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.formats.draft import FORMATS, BibDraft, HoldingDraft

Rule = dict[str, Any]
# What a rule may empty: nothing that a record cannot do without.
DROPPABLE = ("subjects", "classification", "series", "summary", "contents", "notes", "variant_titles", "links",
             "edition_statement", "extent", "language", "languages")  # fmt: skip
STATUSES = ("available", "on_loan", "reference", "unavailable", "unknown")
COPY_WHERE = ("location", "call_number", "note", "status")
WHERE = ("format", "language", "title", "subject", "classification", "publisher", *COPY_WHERE[:3])
MAX_TEXT = 200
MAX_PLACES = 2000


def apply(draft: BibDraft, rules: Sequence[Rule]) -> bool:
    """Change the draft as the rules say; whether the record is left out. What is no rule changes nothing."""
    left_out = False
    for rule in rules:
        kind = KINDS.get(str(rule.get("do"))) if isinstance(rule, dict) else None
        if kind:
            left_out = kind.apply(draft, rule) or left_out
    return left_out


def problem(rule: object) -> str:
    """Why it can't be saved, as a code; "" for a rule that is as described."""
    kind = KINDS.get(str(rule.get("do"))) if isinstance(rule, dict) else None
    if kind is None or not isinstance(rule, dict):
        return "unknown_rule"
    if set(rule) - {"do", *kind.fields}:
        return "unknown_fields"
    for name in kind.fields:
        if code := _PROBLEM_OF[name](rule.get(name), rule, kind):
            return code
    return ""


def _text(rule: Rule, name: str) -> str:
    value = rule.get(name)
    return value if isinstance(value, str) else ""


def _holds(draft: BibDraft, where: str, value: str) -> bool:
    """Whether the record is meant. Without a value all are."""
    if not value:
        return True
    if where in COPY_WHERE:
        return any(_copy_holds(holding, where, value) for holding in draft.holdings)
    wanted = value.casefold()
    if where == "title":
        return wanted in draft.title.casefold()
    if where == "subject":
        return any(subject.casefold() == wanted for subject in draft.subjects)
    if where == "classification":
        return any(number.startswith(value) for number in draft.classification)
    if where in ("format", "language", "publisher"):
        return str(getattr(draft, where)).casefold() == wanted
    return False


def _copy_holds(holding: HoldingDraft, where: str, value: str) -> bool:
    if where == "call_number":
        return holding.call_number.startswith(value)
    if where == "note":
        return value.casefold() in holding.note.casefold()
    return where in COPY_WHERE and getattr(holding, where) == value


def _map_location(draft: BibDraft, rule: Rule) -> bool:
    names = rule.get("map")
    names = names if isinstance(names, dict) else {rule.get("from"): rule.get("to")}
    for holding in draft.holdings:
        name = names.get(holding.location)
        if isinstance(name, str) and name:
            holding.location = name
    return False


def _set_status(draft: BibDraft, rule: Rule) -> bool:
    where, value, status = _text(rule, "where"), _text(rule, "from"), rule.get("to")
    for holding in draft.holdings if status in STATUSES and value else ():
        if _copy_holds(holding, where, value):
            holding.status = str(status)
            holding.available_count = {"available": holding.item_count, "unknown": None}.get(str(status), 0)
    return False


def _strip_call_number(draft: BibDraft, rule: Rule) -> bool:
    prefix = _text(rule, "from")
    for holding in draft.holdings if prefix.strip() else ():
        rest = holding.call_number.removeprefix(prefix).strip()
        holding.call_number = rest or holding.call_number
    return False


def _set_format(draft: BibDraft, rule: Rule) -> bool:
    if rule.get("to") in FORMATS and _holds(draft, _text(rule, "where") or "format", _text(rule, "from")):
        draft.format = rule["to"]
    return False


def _set_language(draft: BibDraft, rule: Rule) -> bool:
    code = _text(rule, "to")
    if not draft.language and _is_language(code):
        draft.language, draft.languages = code, [code]
    return False


def _drop_field(draft: BibDraft, rule: Rule) -> bool:
    name = _text(rule, "field")
    if name in DROPPABLE:
        setattr(draft, name, type(getattr(draft, name))())
    return False


def _leave_out(draft: BibDraft, rule: Rule) -> bool:
    """Copies in a place that is not wanted go; the record only when it had copies and none is left."""
    where, value = _text(rule, "where"), _text(rule, "from")
    if not value:
        return False
    if where not in COPY_WHERE:
        return _holds(draft, where, value)
    had = bool(draft.holdings)
    draft.holdings = [h for h in draft.holdings if not _copy_holds(h, where, value)]
    return had and not draft.holdings


def _is_language(code: object) -> bool:
    return isinstance(code, str) and len(code) == 3 and code.isascii() and code.isalpha() and code.islower()


@dataclass(frozen=True)
class RuleKind:
    fields: tuple[str, ...]
    apply: Callable[[BibDraft, Rule], bool]
    where: tuple[str, ...] = ()
    to: Callable[[object], bool] = lambda value: isinstance(value, str)
    optional: tuple[str, ...] = ()


KINDS: dict[str, RuleKind] = {
    "map_location": RuleKind(("map", "from", "to"), _map_location, optional=("map", "from", "to")),
    "set_status": RuleKind(("where", "from", "to"), _set_status, COPY_WHERE, lambda value: value in STATUSES),
    "strip_call_number": RuleKind(("from",), _strip_call_number),
    "set_format": RuleKind(
        ("where", "from", "to"), _set_format, WHERE, lambda value: value in FORMATS, ("where", "from")
    ),
    "set_language": RuleKind(("to",), _set_language, to=_is_language),
    "drop_field": RuleKind(("field",), _drop_field),
    "leave_out": RuleKind(("where", "from"), _leave_out, WHERE),
}


def _from_problem(value: object, rule: Rule, kind: RuleKind) -> str:
    if value is None or value == "":
        return "" if "from" in kind.optional else "no_value"
    return "" if isinstance(value, str) and value.strip() and len(value) <= MAX_TEXT else "bad_value"


def _to_problem(value: object, rule: Rule, kind: RuleKind) -> str:
    if value is None and "to" in kind.optional:
        return ""
    return "" if kind.to(value) and len(str(value)) <= MAX_TEXT else "bad_value"


def _where_problem(value: object, rule: Rule, kind: RuleKind) -> str:
    if value in kind.where:
        return ""
    return "" if not value and "where" in kind.optional else "bad_where"


def _field_problem(value: object, rule: Rule, kind: RuleKind) -> str:
    return "" if value in DROPPABLE else "bad_field"


def _map_problem(value: object, rule: Rule, kind: RuleKind) -> str:
    if value is None:
        return "" if rule.get("from") and rule.get("to") else "no_value"
    if not isinstance(value, dict) or len(value) > MAX_PLACES:
        return "bad_value"
    texts = [*value, *value.values()]
    return "" if value and all(isinstance(t, str) and 0 < len(t) <= MAX_TEXT for t in texts) else "no_value"


_PROBLEM_OF: dict[str, Callable[[object, Rule, RuleKind], str]] = {
    "from": _from_problem, "to": _to_problem, "where": _where_problem, "field": _field_problem, "map": _map_problem,
}  # fmt: skip
