"""A network's rules and places as plain values to keep, compare and put together. No database but in `read_*`.

`Settings` are Network's own columns that say how requests travel (libraries by id, decimals as text); `Places` give
each member's place by library id (text, as JSON has it): ring, parent (a library id), cell, active, paused.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from members.models import Network, NetworkMember

Settings = dict[str, Any]
Places = dict[str, dict[str, Any]]

PLAIN = (
    "topology", "guided", "hub_mode", "ring_turns", "claim_mode", "offer_hours", "retain_holders", "climb_hours",
    "parallel", "centre", "decay_days",
)  # fmt: skip
LIBRARIES = ("hub", "coordinator_library", "deputy_library", "centre_library", "last_resort")
NAMES = (*PLAIN, *LIBRARIES, "copy_unit", "weights")
PLACE = ("ring", "parent", "cell", "active", "paused")


def read_settings(network: Network) -> Settings:
    told: Settings = {name: getattr(network, name) for name in PLAIN}
    told |= {name: getattr(network, f"{name}_id") for name in LIBRARIES}
    weights = {name: float(value) for name, value in sorted(network.weights.items())}
    return told | {"copy_unit": unit_text(network.copy_unit), "weights": weights}


def unit_text(value: object) -> str:
    """The part of a loan that a copy counts as, always with two decimals."""
    return str(Decimal(str(value)).quantize(Decimal("0.01")))


def read_places(network: Network) -> Places:
    """In one query."""
    rows = list(NetworkMember.objects.filter(network=network).order_by("library_id"))
    library_of = {row.pk: row.library_id for row in rows}
    return {str(row.library_id): _place(row, library_of) for row in rows}


def _place(row: NetworkMember, library_of: Mapping[int, int]) -> dict[str, Any]:
    return {
        "ring": row.ring_position,
        "parent": library_of.get(row.parent_id or 0),
        "cell": row.cell,
        "active": row.is_active,
        "paused": row.paused_until.isoformat() if row.paused_until else None,
    }


def with_settings(network: Network, settings: Settings) -> Network:
    """A copy of the network that follows these rules, never to be saved; what asks the database finds its members."""
    twin = Network(pk=network.pk, code=network.code, name=network.name, version=network.version)
    for name in PLAIN:
        setattr(twin, name, settings.get(name, getattr(network, name)))
    for name in LIBRARIES:
        setattr(twin, f"{name}_id", settings.get(name))
    twin.copy_unit = Decimal(settings.get("copy_unit", network.copy_unit))
    twin.weights = dict(settings.get("weights", network.weights))
    twin.timers, twin.undo_minutes = network.timers, network.undo_minutes
    return twin


def merged(
    base: Mapping[str, Any], mine: Mapping[str, Any], live: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """Three ways: what I changed against the base, else what is live now; and where both changed it differently."""
    result, both = dict(live), []
    for name in {**base, **mine}:
        if name not in mine or mine[name] == base.get(name):
            continue
        if live.get(name) not in (base.get(name), mine[name]):
            both.append(name)
        result[name] = mine[name]
    return result, sorted(both)


def merged_places(base: Places, mine: Places, live: Places) -> tuple[Places, list[str]]:
    """The same for each member that is one now; who left since is left out, who came since has the place he has."""
    result: Places = {}
    both: list[str] = []
    for key, now in live.items():
        result[key], clash = merged(base.get(key, now), mine.get(key, now), now)
        both += [key] if clash else []
    return result, both


def changed_settings(before: Settings, after: Settings) -> list[str]:
    """Names of the settings that differ, in the order of the form; weights count as one."""
    return [name for name in NAMES if before.get(name) != after.get(name)]


def changed_places(before: Places, after: Places) -> list[str]:
    """Library ids of the members whose place differs, who came or who left."""
    return [key for key in {**before, **after} if before.get(key) != after.get(key)]
