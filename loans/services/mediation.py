"""A library's rules for what goes out without a librarian's look."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from loans.models import MediationRule
from members.models import Library
from members.permissions import Capability, require
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation


@transaction.atomic
def rule_save(
    *, library: Library, actor: Actor, rule: MediationRule | None = None, **fields: Any
) -> MediationRule:
    """Add or change a rule. Raises PermissionDenied, RuleViolation other_library."""
    require(actor, Capability.RULES_EDIT)
    category = fields.get("category")
    foreign = [row for row in (rule, category) if row is not None and row.library_id != library.pk]
    if foreign or (not actor.is_system and actor.library_id != library.pk):
        raise RuleViolation("other_library", _("This belongs to another library."))
    row = rule or MediationRule(library=library)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    audit.record(
        "loans.mediation.saved", actor=actor, target=library, data={"rule": row.pk, "effect": row.effect}
    )
    return row


@transaction.atomic
def rule_remove(*, rule: MediationRule, actor: Actor) -> None:
    """Requests that went out by it stay as they are. Raises PermissionDenied, RuleViolation other_library."""
    require(actor, Capability.RULES_EDIT)
    if not actor.is_system and rule.library_id != actor.library_id:
        raise RuleViolation("other_library", _("This belongs to another library."))
    audit.record("loans.mediation.removed", actor=actor, target=rule.library, data={"rule": rule.pk})
    rule.delete()
