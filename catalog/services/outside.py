"""Changes to the list of catalogues outside the network; the network's coordinators make them."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from catalog.models import OutsideCatalogue
from members.permissions import Capability, require
from network_portal.core import audit
from network_portal.core.actor import Actor


@transaction.atomic
def outside_save(*, catalogue: OutsideCatalogue, values: dict[str, Any], actor: Actor) -> OutsideCatalogue:
    """Add one, or change it. `values`: name, address (https, with {q}), position; as the form has checked them."""
    require(actor, Capability.NETWORK_MANAGE)
    for name in ("name", "address", "position"):
        setattr(catalogue, name, values[name])
    catalogue.save()
    audit.record(
        "catalog.outside.changed", actor=actor, target=catalogue, data={"address": catalogue.address}
    )
    return catalogue


@transaction.atomic
def outside_delete(*, catalogue: OutsideCatalogue, actor: Actor) -> None:
    """Take one off the list."""
    require(actor, Capability.NETWORK_MANAGE)
    audit.record(
        "catalog.outside.removed", actor=actor, target=catalogue, data={"address": catalogue.address}
    )
    catalogue.delete()
