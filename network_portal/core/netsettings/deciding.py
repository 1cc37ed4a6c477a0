"""Writing a decision, and going back to the default; with the audit trail, in one transaction."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation
from network_portal.core.models import NetworkSetting
from network_portal.core.netsettings.kinds import Decision
from network_portal.core.netsettings.known import AUDIT
from network_portal.core.netsettings.reading import forget

T = TypeVar("T")


@transaction.atomic
def decide(decision: Decision[T], value: T | None, *, actor: Actor, seen: str | None = None) -> bool:
    """Keep `value` from now on; None goes back to the default. Says whether anything changed.

    `seen` is what the actor was shown as present value (its text). Raises RuleViolation `changed_meanwhile` where
    somebody else decided in between, and `does_not_fit` for a value that the kind refuses.
    """
    row = NetworkSetting.objects.select_for_update().filter(pk=decision.code).first()
    was = decision.default() if row is None or not decision.fits(row.value) else decision.read(row.value)
    now = decision.default() if value is None else value
    if seen is not None and seen != decision.text(was):
        raise RuleViolation(
            "changed_meanwhile", _("Somebody else changed this meanwhile. Please look again.")
        )
    if value is None:
        changed = NetworkSetting.objects.filter(pk=decision.code).delete()[0] > 0
    else:
        changed = row is None or row.value != decision.write(value)
        _keep(decision, value, actor) if changed else None
    if changed:
        data = {"was": decision.text(was), "now": decision.text(now)}
        audit.record(f"{AUDIT}{decision.code}", actor=actor, data=data)
    forget()
    transaction.on_commit(forget)
    return changed


def _keep(decision: Decision[T], value: T, actor: Actor) -> None:
    kept: Any = decision.write(value)
    if not decision.fits(kept):
        raise RuleViolation("does_not_fit", _("This value is not possible here."))
    NetworkSetting.objects.update_or_create(
        pk=decision.code,
        defaults={
            "value": kept, "by_id": actor.user_id, "by_name": actor.user_name[:200], "changed_at": timezone.now(),
        },
    )  # fmt: skip
