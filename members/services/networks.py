"""Changing a network's rules and its members. Every change raises the network's version, so that plans can say by
which rules they were made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from members.models import Library, Network, NetworkLink, NetworkMember
from network_portal.core import audit
from network_portal.core.actor import Actor


@transaction.atomic
def network_create(*, actor: Actor, **fields: Any) -> Network:
    """A new network without members. Raises ValidationError for values that the model refuses."""
    linked = fields.pop("linked", ())
    network = Network(**fields)
    network.full_clean()
    network.save()
    _link(network, linked)
    audit.record("members.network.created", actor=actor, target=network, data={"code": network.code})
    return network


@transaction.atomic
def network_update(*, network: Network, actor: Actor, **fields: Any) -> Network:
    """Change the rules. Running requests keep the plan they have; the next round follows the new rules."""
    links = "linked" in fields and _link(network, fields.pop("linked"))
    changed = [name for name, value in fields.items() if name != "code" and getattr(network, name) != value]
    if not (changed or links):
        return network
    for name in changed:
        setattr(network, name, fields[name])
    network.full_clean()
    network.save(update_fields=changed)
    _next_version(network)
    told = sorted([*changed, "linked"] if links else changed)
    audit.record("members.network.updated", actor=actor, target=network, data={"fields": told})
    return network


def _link(network: Network, others: Iterable[Network]) -> bool:
    """Open links to these networks and no others; was there anything to change?"""
    wanted = {other.pk for other in others}
    rows = NetworkLink.objects.filter(Q(left=network) | Q(right=network))
    linked = {row.right_id if row.left_id == network.pk else row.left_id: row for row in rows}
    if wanted == {pk for pk, row in linked.items() if row.is_open}:
        return False
    for pk, row in linked.items():
        row.is_open = pk in wanted
        row.save(update_fields=["is_open"])
    for pk in wanted - linked.keys():
        left, right = sorted((network.pk, pk))
        NetworkLink.objects.create(left_id=left, right_id=right)
    return True


@transaction.atomic
def member_add(*, network: Network, library: Library, actor: Actor) -> NetworkMember:
    """The library joins, last in the ring; its first network is its home. Raises ValidationError for a member."""
    if network.members.filter(library=library).exists():
        raise ValidationError(_("%(name)s is a member already.") % {"name": library.name})
    places = network.members.exclude(ring_position=None).order_by("-ring_position")
    last = places.values_list("ring_position", flat=True).first()
    member = NetworkMember.objects.create(
        network=network,
        library=library,
        is_home=not NetworkMember.objects.filter(library=library, is_home=True).exists(),
        ring_position=(last or 0) + 1,
    )
    _next_version(network)
    audit.record("members.network.joined", actor=actor, target=library, data={"network": network.name})
    return member


@transaction.atomic
def members_arrange(*, network: Network, actor: Actor, rows: Sequence[NetworkMember]) -> int:
    """Save places in ring, tree and groups. Raises ValidationError for two in one place, or a library above itself."""
    _check_places(rows)
    _check_tree(network, rows)
    NetworkMember.objects.bulk_update(rows, ["ring_position", "parent", "cell", "is_active", "paused_until"])
    _next_version(network)
    audit.record("members.network.arranged", actor=actor, target=network, data={"count": len(rows)})
    return len(rows)


def _check_places(rows: Sequence[NetworkMember]) -> None:
    places = [row.ring_position for row in rows if row.ring_position is not None]
    if len(places) != len(set(places)):
        raise ValidationError(_("Two libraries have the same place in the ring."))


def _check_tree(network: Network, rows: Sequence[NetworkMember]) -> None:
    above = dict(network.members.values_list("pk", "parent_id")) | {row.pk: row.parent_id for row in rows}
    for start in above:
        seen, at = {start}, above.get(start)
        while at is not None:
            if at in seen:
                raise ValidationError(_("A library cannot stand above itself in the tree."))
            seen.add(at)
            at = above.get(at)


def _next_version(network: Network) -> None:
    Network.objects.filter(pk=network.pk).update(version=F("version") + 1)
    network.refresh_from_db(fields=["version"])
