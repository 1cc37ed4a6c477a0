"""Places of a network's members, as its page of ring, tree and groups prints them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from members.models import NetworkMember


@dataclass(frozen=True)
class RingPlace:
    """One place; `up` and `down` say whether there is one before and behind it."""

    pk: int
    name: str
    up: bool
    down: bool
    active: bool


def ring_places(members: Iterable[NetworkMember]) -> list[RingPlace]:
    """In the order in which a request goes round; who has no place yet stands behind the others."""
    rows = sorted(members, key=lambda row: (row.ring_position is None, row.ring_position or 0, row.pk))
    last = len(rows) - 1
    return [
        RingPlace(row.pk, row.library.name, at > 0, at < last, row.is_active) for at, row in enumerate(rows)
    ]


def cells_of(members: Iterable[NetworkMember]) -> list[tuple[str, list[str]]]:
    """Each group with the names of its libraries; those without a group are left out."""
    found: dict[str, list[str]] = {}
    for row in members:
        if row.cell:
            found.setdefault(row.cell, []).append(row.library.name)
    return [(cell, sorted(names)) for cell, names in sorted(found.items())]
