"""Setting the hours of a network, instead of the portal's own. Called by the page of a network's hours."""

from __future__ import annotations

from django.db import transaction

from members.models import Network
from members.permissions import Capability, require
from network_portal.core import audit
from network_portal.core.actor import Actor


@transaction.atomic
def timers_set(*, network: Network, timers: dict[str, dict[str, int]], actor: Actor) -> Network:
    """{state: {level: hours of work}}; what stands there replaces what stood. Deadlines that run already stay.

    Raises PermissionDenied. One audit entry, none where nothing changed.
    """
    require(actor, Capability.NETWORK_MANAGE)
    row = Network.objects.select_for_update().get(pk=network.pk)
    if row.timers == timers:
        return row
    row.timers = timers
    row.save(update_fields=["timers"])
    audit.record(
        "loans.timers.set", actor=actor, target=row, data={"states": ", ".join(sorted(timers)) or "–"}
    )
    return row
