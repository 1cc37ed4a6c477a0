"""Changing a network's rules and its members. Every change raises the network's version, so that plans can say by
which rules they were made, and keeps it whole, so that it can be brought back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from members.models import Library, Network, NetworkLink, NetworkMember, NetworkVersion
from members.network_rules import LIBRARIES, PLAIN, Places, Settings, read_places, read_settings
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
    _keep(network, actor)
    audit.record("members.network.created", actor=actor, target=network, data={"code": network.code})
    return network


@transaction.atomic
def network_update(*, network: Network, actor: Actor, **fields: Any) -> Network:
    """Change the rules. Running requests keep the plan they have; the next round follows the new rules."""
    network_lock(network)
    links = "linked" in fields and _link(network, fields.pop("linked"))
    changed = [name for name, value in fields.items() if name != "code" and getattr(network, name) != value]
    if not (changed or links):
        return network
    for name in changed:
        setattr(network, name, fields[name])
    network.full_clean()
    network.save(update_fields=changed)
    _next_version(network, actor)
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
    network_lock(network)
    places = network.members.exclude(ring_position=None).order_by("-ring_position")
    last = places.values_list("ring_position", flat=True).first()
    member = NetworkMember.objects.create(
        network=network,
        library=library,
        is_home=not NetworkMember.objects.filter(library=library, is_home=True).exists(),
        ring_position=(last or 0) + 1,
    )
    _next_version(network, actor)
    audit.record("members.network.joined", actor=actor, target=library, data={"network": network.name})
    return member


@transaction.atomic
def members_arrange(*, network: Network, actor: Actor, rows: Sequence[NetworkMember]) -> int:
    """Save places in ring, tree and groups. Raises ValidationError for two in one place, or a library above itself."""
    network_lock(network)
    _check_places(rows)
    _check_tree(network, rows)
    NetworkMember.objects.bulk_update(rows, ["ring_position", "parent", "cell", "is_active", "paused_until"])
    _next_version(network, actor)
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


def network_lock(network: Network) -> None:
    """Nobody else changes the network until the transaction ends. The version that counts now is kept first: a network
    that was never changed has no row of it yet. In a transaction only; `network.version` is what it is now."""
    network.version = Network.objects.select_for_update().values_list("version", flat=True).get(pk=network.pk)
    if not NetworkVersion.objects.filter(network=network, number=network.version).exists():
        _keep(Network.objects.get(pk=network.pk), None)


@transaction.atomic
def network_remodel(
    *,
    network: Network,
    settings: Settings,
    places: Places,
    actor: Actor,
    note: str = "",
    restored: int | None = None,
) -> int:
    """Put rules and places in force as one new version, whose number it answers. Members not in `places` keep theirs,
    places of those who left are passed over. Raises ValidationError for rules that the model refuses."""
    network_lock(network)
    live = Network.objects.get(pk=network.pk)
    for name in PLAIN:
        setattr(live, name, settings[name])
    for name in LIBRARIES:
        setattr(live, f"{name}_id", settings[name])
    live.copy_unit, live.weights = settings["copy_unit"], settings["weights"]
    live.full_clean()
    live.save()
    _place(live, places)
    _next_version(live, actor, note=note, restored=restored)
    code = "members.network.restored" if restored else "members.network.remodelled"
    data = {"version": live.version, "restored": restored, "note": note}
    audit.record(code, actor=actor, target=live, data=data)
    return live.version


def _place(network: Network, places: Places) -> None:
    rows = {row.library_id: row for row in network.members.select_related("library")}
    for library_id, row in rows.items():
        told = places.get(str(library_id))
        if told is None:
            continue
        above = rows.get(told["parent"] or 0)
        row.ring_position, row.cell, row.is_active = told["ring"], told["cell"], told["active"]
        row.parent_id = above.pk if above else None
        row.paused_until = date.fromisoformat(told["paused"]) if told["paused"] else None
    _check_places(list(rows.values()))
    _check_tree(network, list(rows.values()))
    columns = ["ring_position", "parent", "cell", "is_active", "paused_until"]
    NetworkMember.objects.bulk_update(rows.values(), columns)


def _next_version(network: Network, actor: Actor, *, note: str = "", restored: int | None = None) -> None:
    network.version += 1
    Network.objects.filter(pk=network.pk).update(version=network.version)
    _keep(network, actor, note=note, restored=restored)


def _keep(network: Network, actor: Actor | None, *, note: str = "", restored: int | None = None) -> None:
    NetworkVersion.objects.create(
        network=network, number=network.version, settings=read_settings(network), places=read_places(network),
        by_id=actor.user_id if actor else None, by_name=actor.user_name[:200] if actor else "",
        note=note[:300], restored=restored,
    )  # fmt: skip
