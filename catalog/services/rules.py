"""A source's normalisation rules: changed one at a time, tried on stored records before, kept in the history.

Called by views/rules.py. `state` is what the page showed (`state_of`): a list that somebody else has changed meanwhile
is not overwritten.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.formats import marc21
from catalog.formats.draft import BibDraft
from catalog.formats.errors import BadRecord
from catalog.harvesting.renormalise import stored_group
from catalog.harvesting.rules import Rule, apply, problem
from catalog.models import Source, SourceRecord
from catalog.selectors.rows import sample_of
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import Conflict, RuleViolation

SAMPLE = 500
EXAMPLES = 10
MOST_RULES = 200


@dataclass(frozen=True)
class Example:
    record: SourceRecord
    before: BibDraft
    after: BibDraft
    left_out: bool


@dataclass
class Preview:
    """What the rules would do to a sample of what is stored."""

    sampled: int = 0
    changed: int = 0
    left_out: int = 0
    examples: list[Example] = field(default_factory=list)


def state_of(source: Source) -> str:
    return blake2b(json.dumps(source.rules, sort_keys=True).encode(), digest_size=8).hexdigest()


def rule_put(*, source: Source, rule: Rule, place: int | None, state: str, actor: Actor) -> None:
    """Add a rule at the end, or put it in the place of another. Raises RuleViolation for what is no rule, Conflict."""
    if code := problem(rule):
        raise RuleViolation(code, _("This is not a complete rule."))
    rules = list(source.rules)
    if place is None and len(rules) >= MOST_RULES:
        raise RuleViolation("too_many_rules", _("A source can't have more rules."))
    _save(source, with_rule(rules, rule, place), state, actor)


def rule_remove(*, source: Source, place: int, state: str, actor: Actor) -> None:
    """Raises Conflict where the list is not the one that was shown."""
    _save(source, [rule for n, rule in enumerate(source.rules) if n != place], state, actor)


def rule_move(*, source: Source, place: int, up: bool, state: str, actor: Actor) -> None:
    """One place up or down; at the end of the list nothing happens. Raises Conflict."""
    rules, other = list(source.rules), place - 1 if up else place + 1
    if min(place, other) >= 0 and max(place, other) < len(rules):
        rules[place], rules[other] = rules[other], rules[place]
        _save(source, rules, state, actor)


def with_rule(rules: Sequence[Rule], rule: Rule, place: int | None) -> list[Rule]:
    return [*rules, rule] if place is None else [rule if n == place else old for n, old in enumerate(rules)]


def rules_preview(source: Source, rules: Sequence[Rule]) -> Preview:
    """What another list of rules would change, in up to 500 records from all over the source; ten of them in full."""
    found = Preview()
    for record in sample_of(source, SAMPLE):
        try:
            before, was_out = _as_read(record, source, source.rules)
            after, is_out = _as_read(record, source, rules)
        except BadRecord:
            continue
        found.sampled += 1
        if (before, was_out) == (after, is_out):
            continue
        found.changed += 1
        found.left_out += is_out
        if len(found.examples) < EXAMPLES:
            found.examples.append(Example(record, before, after, is_out))
    return found


def _as_read(record: SourceRecord, source: Source, rules: Sequence[Rule]) -> tuple[BibDraft, bool]:
    group = stored_group(zlib.decompress(bytes(record.raw)), record.raw_format, source)
    draft = marc21.to_draft(group.bib)
    for holdings in group.holdings:
        draft.holdings += marc21.to_draft(holdings).holdings
    return draft, apply(draft, rules)


@transaction.atomic
def _save(source: Source, rules: list[Any], state: str, actor: Actor) -> None:
    source = Source.objects.select_for_update(of=("self",)).get(pk=source.pk)
    if state_of(source) != state:
        raise Conflict("rules_changed", _("Somebody has changed the rules meanwhile. Look at them again."))
    before, source.rules = source.rules, rules
    source.save(update_fields=["rules"])
    audit.record("catalog.rules.changed", actor=actor, target=source, data={"before": before, "after": rules})
