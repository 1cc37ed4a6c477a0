"""Small changes of places in a network, one press each: up or down in the ring, below another, into a group."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from members.models import Network, NetworkMember
from members.services.networks import members_arrange, network_lock
from network_portal.core.actor import Actor

UP, DOWN = -1, 1


@transaction.atomic
def member_move(*, network: Network, member: NetworkMember, step: int, actor: Actor) -> bool:
    """One place up (-1) or down (1) in the ring, counted anew from 1; at an end nothing happens. Was it moved?"""
    rows = _locked(network)
    rows.sort(key=lambda row: (row.ring_position is None, row.ring_position or 0, row.pk))
    at = next((place for place, row in enumerate(rows) if row.pk == member.pk), None)
    if at is None or not 0 <= at + step < len(rows):
        return False
    rows[at], rows[at + step] = rows[at + step], rows[at]
    for place, row in enumerate(rows, start=1):
        row.ring_position = place
    members_arrange(network=network, actor=actor, rows=rows)
    return True


@transaction.atomic
def member_put(
    *, network: Network, member: NetworkMember, parent_id: int | None, cell: str, actor: Actor
) -> NetworkMember:
    """Below which member it stands, and in which group. ValidationError for a circle or a stranger."""
    rows = {row.pk: row for row in _locked(network)}
    if member.pk not in rows or (parent_id is not None and parent_id not in rows):
        raise ValidationError(_("This library is not a member of the network."))
    row = rows[member.pk]
    row.parent_id, row.cell = parent_id, cell.strip()[:40]
    members_arrange(network=network, actor=actor, rows=[row])
    return row


def _locked(network: Network) -> list[NetworkMember]:
    network_lock(network)
    return list(network.members.select_for_update(of=("self",)).select_related("library").order_by("pk"))
