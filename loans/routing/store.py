"""A plan as JSON and back: what RoutingPlan keeps. Everything shown later is in it; nothing is looked up again."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from loans.routing.model import Candidate, Facts, Left, Plan, Policy, Snapshot, Stage, Supplier
from loans.routing.scoring import fill_of, hours_of, weights_of


def as_json(plan: Plan, snapshot: Snapshot) -> dict[str, Any]:
    """Stages with their weights, excluded, and the network's rule; floats rounded so that the row stays small."""
    return {
        "topology": plan.policy.topology,
        "guided": plan.policy.guided,
        "centre": plan.policy.centre,
        "coordinator": plan.policy.coordinator,
        "network": plan.policy.network_id,
        "notes": list(plan.notes),
        "stages": [_stage(stage, snapshot, weights_of(plan.policy)) for stage in plan.stages],
        "excluded": [
            {"library": row.library_id, "name": row.name, "rule": row.rule, "args": dict(row.args)}
            for row in plan.left
        ],
    }


def _stage(stage: Stage, snapshot: Snapshot, weights: Mapping[str, float]) -> dict[str, Any]:
    return {
        "kind": stage.kind,
        "mode": stage.mode,
        "via": list(stage.via),
        "via_names": [snapshot.names.get(library, "") for library in stage.via],
        "hold_hours": stage.hold_hours,
        "width": stage.width,
        "offers": stage.offers,
        "by_hand": stage.by_hand,
        "args": dict(stage.args),
        "weights": {name: round(value, 3) for name, value in weights.items()},
        "candidates": [_candidate(row, snapshot) for row in stage.candidates],
    }


def _candidate(row: Candidate, snapshot: Snapshot) -> dict[str, Any]:
    told = row.supplier
    return {
        "library": told.library_id,
        "name": told.name,
        "call_number": told.call_number,
        "location": told.location,
        "network": told.network_id,
        "score": row.score,
        "group": list(row.group),
        "points": {name: round(value, 4) for name, value in row.points.items()},
        "facts": {
            "availability": told.availability,
            "km": told.km,
            "open_supplies": told.open_supplies,
            "pair": round(told.pair_surplus, 2),
            "net": round(told.net_surplus, 2),
            "hours": round(hours_of(told, snapshot), 1),
            "fill": round(fill_of(told, snapshot), 3),
            "of_format": told.format_fill is not None,
            "told_days": told.told_days,
            "cost": None if told.cost is None else str(told.cost),
            "currency": told.currency,
            "agreement": told.agreement_name,
            "same_cell": told.same_cell,
            "stands_for": told.stands_for,
        },
    }


def from_json(stored: Mapping[str, Any], facts: Facts, seed: str) -> Plan:
    """The stored plan as far as runtime.following reads it: stages, order and the guided rule."""
    policy = Policy(
        topology=stored.get("topology", "mesh"),
        guided=bool(stored.get("guided")),
        centre=stored.get("centre", "none"),
        network_id=stored.get("network"),
        coordinator=stored.get("coordinator"),
    )
    stages = tuple(_stage_from(row) for row in stored.get("stages", []))
    left = tuple(Left(r["library"], r["name"], r["rule"], r["args"]) for r in stored.get("excluded", []))
    return Plan(policy, facts, stages, left, seed, notes=tuple(stored.get("notes", [])))


def _stage_from(row: Mapping[str, Any]) -> Stage:
    return Stage(
        row["kind"],
        row["mode"],
        tuple(_candidate_from(candidate) for candidate in row["candidates"]),
        via=tuple(row["via"]),
        hold_hours=row["hold_hours"],
        width=row["width"],
        offers=row["offers"],
        by_hand=row["by_hand"],
        args=row["args"],
    )


def _candidate_from(row: Mapping[str, Any]) -> Candidate:
    told = row["facts"]
    supplier = Supplier(
        library_id=row["library"],
        name=row["name"],
        availability=told["availability"],
        call_number=row["call_number"],
        location=row["location"],
        km=told["km"],
        open_supplies=told["open_supplies"],
        cost=None if told["cost"] is None else Decimal(told["cost"]),
        currency=told["currency"],
        network_id=row["network"],
        stands_for=told["stands_for"],
    )
    return Candidate(supplier, tuple(row["group"]), row["points"], row["score"])
