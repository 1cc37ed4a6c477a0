"""A network's own versions of copyright rules: added, never changed; and which law each network follows."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max, ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from loans.copyright.schema import RuleSet, SchemaError, parse
from loans.copyright.seed import ruleset_store, rulesets_load
from loans.models import CopyrightRuleSet
from members.models import Network
from members.permissions import Capability, require
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import Conflict, RuleViolation

FIRST_OWN = (
    101  # lower numbers belong to what comes with the portal, so that no release ever takes one of ours
)


def rules_checked(raw: Any) -> RuleSet:
    """Rules as somebody has written them, looked through. Raises RuleViolation rules_wrong with the place."""
    try:
        return parse(raw)
    except SchemaError as error:
        raise RuleViolation("rules_wrong", str(error)) from None


def next_version(jurisdiction: str) -> int:
    last = CopyrightRuleSet.objects.filter(jurisdiction=jurisdiction).aggregate(last=Max("version"))["last"]
    return max(FIRST_OWN, (last or 0) + 1)


@transaction.atomic
def ruleset_add(*, raw: dict[str, Any], actor: Actor) -> CopyrightRuleSet:
    """Add a version; its number is given here, whatever the data says. It counts from its day on.

    The declaration keeps its version while its texts stay the same, and gets the next one when they change. Raises
    PermissionDenied, RuleViolation (rules_wrong, valid_from_past).
    """
    require(actor, Capability.NETWORK_MANAGE)
    rulesets_load()
    rules_checked(raw)
    raw = deepcopy(raw)
    _lock(raw["jurisdiction"])
    raw["version"] = next_version(raw["jurisdiction"])
    if date.fromisoformat(raw["valid_from"]) < timezone.localdate():
        raise RuleViolation(
            "valid_from_past",
            _(
                "New rules can count from today on, not from a day in the past: what was decided stays decided."
            ),
        )
    raw["declaration"]["version"] = _declaration_version(raw)
    row = ruleset_store(raw, by=actor.user_name[:200])
    if (
        row.rules != raw
    ):  # the first of a jurisdiction: there was no row yet by which the two could take turns
        raise Conflict(
            "version_taken", _("Somebody added a version at this very moment. Please look at it first.")
        )
    audit.record(
        "loans.copyright.rules_added",
        actor=actor,
        target=row,
        data={"valid_from": row.valid_from.isoformat()},
    )
    return row


def _lock(jurisdiction: str) -> None:
    """Two coordinators at the same moment get two numbers."""
    list(CopyrightRuleSet.objects.select_for_update().filter(jurisdiction=jurisdiction).values_list("pk"))


def _declaration_version(raw: dict[str, Any]) -> int:
    """By the texts stored before: the same texts keep their number."""
    texts, last = raw["declaration"]["texts"], 0
    for row in CopyrightRuleSet.objects.filter(jurisdiction=raw["jurisdiction"]):
        known = row.rules["declaration"]
        if known["texts"] == texts:
            return int(known["version"])
        last = max(last, int(known["version"]))
    return last + 1


@transaction.atomic
def ruleset_remove(*, row: CopyrightRuleSet, actor: Actor) -> None:
    """Take back a version that has decided nothing yet. Raises PermissionDenied, RuleViolation rules_in_use."""
    require(actor, Capability.NETWORK_MANAGE)
    if not row.added_by_name:
        raise RuleViolation("rules_shipped", _("These rules came with the portal and stay."))
    audit.record("loans.copyright.rules_removed", actor=actor, target=row)
    try:
        row.declarations.all().delete()
        row.delete()
    except ProtectedError:
        raise RuleViolation(
            "rules_in_use",
            _("These rules have decided about copies already, so they stay. Add a new version instead."),
        ) from None


@transaction.atomic
def ruleset_checked(*, row: CopyrightRuleSet, by: str, on: date, actor: Actor) -> None:
    """Note that a lawyer has looked through these rules. Raises PermissionDenied."""
    require(actor, Capability.NETWORK_MANAGE)
    row.lawyer_checked, row.checked_by, row.checked_on = True, by.strip()[:200], on
    row.save(update_fields=["lawyer_checked", "checked_by", "checked_on"])
    audit.record("loans.copyright.rules_checked", actor=actor, target=row, data={"by": row.checked_by})


@transaction.atomic
def jurisdiction_set(*, network: Network, jurisdiction: str, actor: Actor) -> None:
    """Whose law counts for new decisions in a network. Raises PermissionDenied, RuleViolation no_copyright_rules."""
    require(actor, Capability.NETWORK_MANAGE)
    if not CopyrightRuleSet.objects.filter(jurisdiction=jurisdiction).exists():
        raise RuleViolation(
            "no_copyright_rules",
            _("The portal has no copyright rules for %(jurisdiction)s.") % {"jurisdiction": jurisdiction},
        )
    was = network.jurisdiction
    network.jurisdiction = jurisdiction
    network.save(update_fields=["jurisdiction"])
    audit.record(
        "loans.copyright.jurisdiction_set",
        actor=actor,
        target=network,
        data={"was": was, "now": jurisdiction},
    )
