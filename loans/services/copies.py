"""Copyright decisions: the rules' answer (loans.copyright.decisions), and a person's decision against it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from loans.copyright.decisions import by_name, decision_store, latest_decision, stands_in_the_way
from loans.models import CopyrightDecision, Request
from members.permissions import Capability, require
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation

OVERRIDE_LENGTH = 10  # "ok" is no reason


@transaction.atomic
def decision_override(*, request: Request, actor: Actor, reason: str) -> CopyrightDecision:
    """Allow a copy that the rules block, by name and with a reason; the rules' answer stays beside it.

    Raises PermissionDenied without the capability, RuleViolation (note_missing, nothing_blocked).
    """
    require(actor, Capability.COPY_OVERRIDE)
    reason = reason.strip()[:500]
    if len(reason) < OVERRIDE_LENGTH:
        raise RuleViolation("note_missing", _("Please write in a sentence why the copy may be made."))
    stored = latest_decision(request)
    if stored is None or stands_in_the_way(stored) != "copyright_blocked":
        raise RuleViolation("nothing_blocked", _("There is nothing to decide against."))
    stored.overridden_by_name, stored.override_reason = by_name(actor), reason
    stored.save(update_fields=["overridden_by_name", "override_reason"])
    audit.record("loans.copyright.overridden", actor=actor, target=request, data={"reason": reason})
    return stored


__all__ = ["decision_override", "decision_store", "latest_decision", "stands_in_the_way"]
