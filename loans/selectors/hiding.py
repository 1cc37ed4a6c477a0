"""Reading what decides whether two libraries see each other behind a hub."""

from __future__ import annotations

from typing import Any

from members.models import Network, NetworkMember


def hiding_rows() -> list[tuple[Any, ...]]:
    """Guided networks with their hubs, and whose home they are. Nothing where no network is guided."""
    guided = Network.objects.filter(is_active=True, guided=True)
    rules = list(guided.order_by("pk").values_list("pk", "hub_mode", "coordinator_library_id"))
    if not rules:
        return []
    homes = NetworkMember.objects.filter(
        network__in=[rule[0] for rule in rules], is_home=True, is_active=True
    )
    return [*rules, *homes.order_by("network_id", "library_id").values_list("network_id", "library_id")]
