"""A guided network's own rules: what its desk lets through, refuses or keeps without anybody looking."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from loans.choices import CoordinatorEffect, Way
from loans.models import CoordinatorRule
from loans.routing.guided import KEYS
from members.models import Network
from members.permissions import Capability, require
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation


@transaction.atomic
def rule_save(
    *, network: Network, actor: Actor, effect: str, direction: str = Way.OUT.value, is_active: bool = True,
    conditions: dict[str, Any] | None = None, rule: CoordinatorRule | None = None,
) -> CoordinatorRule:  # fmt: skip
    """Add a rule at the end of its list, or change one where it stands. It counts for what arrives from now on.

    Raises PermissionDenied, RuleViolation: not_your_network, unknown_condition.
    """
    _may(network, actor)
    conditions = {key: value for key, value in (conditions or {}).items() if value not in ("", None)}
    known = effect in CoordinatorEffect.values and direction in Way.values
    if not known or set(conditions) - set(KEYS):
        raise RuleViolation("unknown_condition", _("The rule asks for something that requests do not have."))
    if rule is not None and rule.network_id != network.pk:
        raise RuleViolation("not_your_network", _("This belongs to another network."))
    row = rule or CoordinatorRule(network=network)
    if row.pk is None or row.direction != direction:
        last = (
            CoordinatorRule.objects.filter(network=network, direction=direction).order_by("-position").first()
        )
        row.position = last.position + 1 if last is not None else 1
    row.effect, row.direction, row.is_active, row.conditions = effect, direction, is_active, conditions
    row.save()
    audit.record("loans.coordinator_rule.saved", actor=actor, target=network, data=_told(row))
    return row


@transaction.atomic
def rule_remove(*, rule: CoordinatorRule, actor: Actor) -> None:
    """What it decided stays decided. Raises PermissionDenied, RuleViolation not_your_network."""
    _may(rule.network, actor)
    audit.record("loans.coordinator_rule.removed", actor=actor, target=rule.network, data=_told(rule))
    rule.delete()


@transaction.atomic
def rule_move(*, rule: CoordinatorRule, up: bool, actor: Actor) -> None:
    """One place up or down in its list; at the end of the list nothing happens. Raises as rule_remove."""
    _may(rule.network, actor)
    rows = list(
        CoordinatorRule.objects.select_for_update()
        .filter(network=rule.network, direction=rule.direction)
        .order_by("position", "pk")
    )
    place = [row.pk for row in rows].index(rule.pk)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(rows):
        return
    rows[place], rows[other] = rows[other], rows[place]
    for position, row in enumerate(rows, start=1):
        row.position = position
    CoordinatorRule.objects.bulk_update(rows, ["position"])
    audit.record("loans.coordinator_rule.moved", actor=actor, target=rule.network, data=_told(rows[other]))


def _may(network: Network, actor: Actor) -> None:
    require(actor, Capability.RULES_EDIT)
    leads = actor.library_id is not None and actor.library_id in (
        network.coordinator_library_id, network.deputy_library_id,
    )  # fmt: skip
    if not (actor.is_system or (leads and network.guided)):
        raise RuleViolation("not_your_network", _("This belongs to another network."))


def _told(rule: CoordinatorRule) -> dict[str, Any]:
    return {"rule": rule.pk, "effect": rule.effect, "position": rule.position, "conditions": rule.conditions}
