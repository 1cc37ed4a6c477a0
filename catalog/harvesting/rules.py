"""A source's own normalisation rules, as data: applied to each draft between reading and matching. Pure, no Django.

A rule is a JSON object {"do": …, "field": …, "from": …, "to": …}; they are applied in their order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from catalog.formats.draft import FORMATS, BibDraft

Rule = dict[str, Any]
# What a rule may empty: nothing that a record cannot do without.
DROPPABLE = ("subjects", "classification", "series", "summary", "contents", "notes", "variant_titles", "links",
             "edition_statement", "extent", "language", "languages")  # fmt: skip


def apply(draft: BibDraft, rules: Sequence[Rule]) -> None:
    """Change the draft as the rules say. An unknown rule changes nothing."""
    for rule in rules:
        if do := _RULES.get(rule.get("do", "")):
            do(draft, rule)


def _map_location(draft: BibDraft, rule: Rule) -> None:
    """Give a location code its name."""
    for holding in draft.holdings:
        if holding.location == rule.get("from"):
            holding.location = rule.get("to", "")


def _drop_field(draft: BibDraft, rule: Rule) -> None:
    name = rule.get("field", "")
    if name in DROPPABLE:
        setattr(draft, name, type(getattr(draft, name))())


def _set_format(draft: BibDraft, rule: Rule) -> None:
    """`to` for all records, or only those whose format is `from`."""
    if rule.get("to") in FORMATS and rule.get("from", "") in ("", draft.format):
        draft.format = rule["to"]


_RULES: dict[str, Callable[[BibDraft, Rule], None]] = {
    "map_location": _map_location,
    "drop_field": _drop_field,
    "set_format": _set_format,
}
