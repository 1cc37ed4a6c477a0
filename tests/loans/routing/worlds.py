"""Invented suppliers and networks for the property tests of routing; no database."""

from __future__ import annotations

from datetime import datetime, timezone
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from loans.routing.model import Facts, Neighbour, Policy, Snapshot, Supplier

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=timezone.utc)
REQUESTER = 100
HUB, CENTRE, COORDINATOR, LAST = 1, 2, 3, 4


def supplier(library_id: int, **told: Any) -> Supplier:
    return Supplier(
        library_id=library_id, name=f"Library {library_id}", **{"availability": "available", **told}
    )


def snapshot(*suppliers: Supplier, **told: Any) -> Snapshot:
    ring = (*range(1, 31), REQUESTER)
    return Snapshot(taken_at=NOW, suppliers=suppliers, **{"ring": ring, **told})


@st.composite
def suppliers(draw: st.DrawFn, library_id: int) -> Supplier:
    return Supplier(
        library_id=library_id,
        name=f"Library {library_id}",
        availability=draw(st.sampled_from(["available", "unknown", "on_loan", "reference", "unavailable"])),
        km=draw(st.none() | st.integers(0, 4000)),
        active=draw(st.integers(0, 9)) > 0,
        supplies=draw(st.integers(0, 9)) > 0,
        closed_hours=draw(st.sampled_from([0.0, 0.0, 14.0, 70.0, 300.0])),
        do_not_route=draw(st.sampled_from(["", "", "", "never_ask"])),
        tried=draw(st.integers(0, 9)) == 0,
        open_supplies=draw(st.integers(0, 40)),
        max_open=draw(st.none() | st.integers(0, 40)),
        cost=draw(st.none() | st.sampled_from([Decimal(0), Decimal(5000), Decimal(90000)])),
        agreement_rank=draw(st.integers(0, 2)),
        pair_surplus=draw(st.floats(-50, 50)),
        net_surplus=draw(st.floats(-500, 500)),
        pause_deficit=draw(st.none() | st.integers(0, 100)),
        median_hours=draw(st.none() | st.floats(0.5, 90)),
        fill_rate=draw(st.none() | st.floats(0, 1)),
        answered=draw(st.integers(0, 100)),
        same_cell=draw(st.booleans()),
    )


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    guided = draw(st.booleans())
    return Policy(
        topology=draw(st.sampled_from(["bus", "ring", "star", "tree", "mesh"])),
        guided=guided,
        centre=draw(st.sampled_from(["none", "clearing", "supplies_first", "supplies_last"])),
        network_id=1,
        hub=HUB,
        centre_library=CENTRE,
        coordinator=COORDINATOR if guided else None,
        claim_mode=draw(st.sampled_from(["first", "offers"])),
        parallel=draw(st.integers(1, 2)),
        retain_holders=draw(st.integers(0, 4)),
        climb_hours=draw(st.sampled_from([8, 48])),
        last_resort=draw(st.none() | st.just(LAST)),
    )


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    return Facts(
        number=f"T-{draw(st.integers(0, 999))}",
        requester=REQUESTER,
        service=draw(st.sampled_from(["loan", "copy"])),
        level=draw(st.sampled_from(["normal", "rush", "express"])),
        cost_limit=draw(st.none() | st.just(Decimal(10000))),
    )


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    """Up to twelve holders of a network of thirty, in a tree of three levels, and perhaps a neighbouring network."""
    ids = draw(st.lists(st.integers(1, 30), unique=True, max_size=12))
    rows = tuple(draw(suppliers(library_id)) for library_id in ids)
    parents: dict[int, int | None] = {n: (n - 1) % 5 + 1 for n in range(6, 31)}
    parents |= {1: None, 2: 1, 3: 1, 4: 1, 5: 1, REQUESTER: draw(st.sampled_from([2, 3, 5]))}
    near = draw(st.lists(st.integers(200, 205), unique=True, max_size=3))
    neighbours = (
        Neighbour(2, "Neighbour", draw(st.booleans()), 200, tuple(draw(suppliers(n)) for n in near)),
    )
    cursor = draw(st.none() | st.integers(1, 30))
    return snapshot(*rows, parents=parents, neighbours=neighbours, cursor=cursor)
