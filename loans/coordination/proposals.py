"""Whom the coordinator of a guided network may name: every library of the network, ranked, with what speaks against it.

Read live, so that the desk sees the network as it is now; the kept plan tells how it was when the request came. Called
by the desk's forms and guards. A bounded number of queries per request, whatever the size of the network.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from loans.choices import RequestStatus
from loans.models import Request, SupplyAttempt
from loans.routing import reading, snapshot
from loans.routing.eligibility import RULES
from loans.routing.explain import ExplainedCandidate, explain, explain_left
from loans.routing.model import SEQ, Facts, Left, Neighbour, Plan, Policy, Snapshot, Stage, Supplier
from loans.routing.scoring import rank
from loans.routing.store import as_json
from members.models import Network, NetworkMember

# Rules that no coordinator can waive: nobody is asked there, whatever the desk says.
FIRM = frozenset({"own", "outside", "not_active", "tried", "do_not_route"})
NOT_HELD = "not_held"
LONG_CLOSED = 120.0  # clock hours: longer than a weekend and a holiday


@dataclass(frozen=True)
class Proposal:
    """One library that may be named: its factors, and a sentence for each rule it breaks."""

    told: ExplainedCandidate
    seat: dict[str, Any]  # call number, location, rank and factors, as the attempt keeps them
    broken: list[str] = field(default_factory=list)
    held: bool = True  # its catalogue has the title

    @property
    def library_id(self) -> int:
        return self.told.library_id


@dataclass(frozen=True)
class Elsewhere:
    """Another guided network that the request may be handed to."""

    network_id: int
    name: str
    coordinator_id: int
    coordinator: str
    holders: int


def proposals(
    request: Request, attempt: SupplyAttempt | None
) -> tuple[list[Proposal], list[tuple[str, str]]]:
    """Who may be named, best first and those without a broken rule before the others; and who may not, with why."""
    wish, now, policy = _read(request)
    networks = _networks(request, attempt, wish.network)
    suppliers = [
        one
        for one in _suppliers(now, wish.network, networks)
        if one.library_id != request.requesting_library_id
    ]
    known = {one.library_id for one in suppliers}
    others = [
        _member(place, tried=place.library_id in wish.tried)
        for place in reading.members_of([network.pk for network in networks])
        if place.library_id not in known and place.library_id != request.requesting_library_id
    ]
    broken = {one.library_id: _broken(one, wish.facts) for one in (*suppliers, *others)}
    free = [one for one in suppliers if not any(left.rule in FIRM for left in broken[one.library_id])]
    far = [one for one in others if not any(left.rule in FIRM for left in broken[one.library_id])]
    ranked = _ranked(free, policy, wish.facts, now, broken) + [
        _unheld(one, broken[one.library_id]) for one in sorted(far, key=lambda one: one.name.casefold())
    ]
    barred = [left for rows in broken.values() for left in rows if left.rule in FIRM]
    return ranked, explain_left({"excluded": [_as_row(left) for left in barred]})


def networks_beyond(request: Request) -> list[Elsewhere]:
    """The guided networks linked with the request's own whose coordinators were not asked in this round."""
    if request.network_id is None:
        return []
    wish, now, _policy = _read(request)
    holders = {near.network_id: _able(near, wish.facts) for near in now.neighbours}
    asked = set(request.attempts.filter(round=request.round).values_list("supplier_id", flat=True))
    linked = Network.objects.filter(
        pk__in=reading.linked_with(request.network_id),
        guided=True,
        is_active=True,
        coordinator_library__isnull=False,
    ).select_related("coordinator_library")
    found = [
        Elsewhere(
            one.pk, one.name, one.coordinator_library.pk, one.coordinator_library.name, holders.get(one.pk, 0)
        )
        for one in linked.order_by("name")
        if one.coordinator_library is not None and one.coordinator_library.pk not in asked
    ]
    return sorted(found, key=lambda one: -one.holders)


def _member(place: NetworkMember, *, tried: bool) -> Supplier:
    """A member whose catalogue does not tell of the title."""
    library = place.library
    return Supplier(
        library_id=library.pk,
        name=library.name,
        active=place.is_active and library.is_active,
        supplies=library.lends,
        tried=tried,
        network_id=place.network_id,
    )


def _read(request: Request) -> tuple[snapshot.Wish, Snapshot, Policy]:
    wish, now = snapshot.snapshot_for(request)
    return wish, now, snapshot.policy_of(wish.network)


def _networks(request: Request, attempt: SupplyAttempt | None, own: Network | None) -> list[Network]:
    """The network whose libraries are named: the own one, or the one whose coordinator was asked."""
    if request.status != RequestStatus.COORDINATOR_IN or attempt is None:
        return [own] if own is not None else []
    linked = reading.linked_with(own.pk) if own is not None else []
    return list(Network.objects.filter(coordinator_library=attempt.supplier_id, guided=True, pk__in=linked))


def _suppliers(now: Snapshot, own: Network | None, networks: list[Network]) -> list[Supplier]:
    wanted = {network.pk for network in networks}
    if own is not None and own.pk in wanted:
        return [one for one in now.suppliers if not one.outside]
    return [one for near in now.neighbours if near.network_id in wanted for one in near.suppliers]


def _broken(supplier: Supplier, facts: Facts) -> list[Left]:
    """All rules that speak against the library; routing itself stops at the first."""
    told = ((code, rule(supplier, facts)) for code, rule in RULES)
    found = [Left(supplier.library_id, supplier.name, code, args) for code, args in told if args is not None]
    if supplier.closed_hours > LONG_CLOSED:
        args = {"days": round(supplier.closed_hours / 24)}
        found.append(Left(supplier.library_id, supplier.name, "closed", args))
    return found


def _able(near: Neighbour, facts: Facts) -> int:
    return sum(not _broken(one, facts) for one in near.suppliers)


def _ranked(
    suppliers: list[Supplier], policy: Policy, facts: Facts, now: Snapshot, broken: dict[int, list[Left]]
) -> list[Proposal]:
    candidates = rank(suppliers, policy, facts, now, seed=facts.number)
    candidates.sort(key=lambda one: bool(broken[one.library_id]))
    plan = Plan(policy, facts, (Stage("desk", SEQ, tuple(candidates)),), (), facts.number)
    stage = as_json(plan, now)["stages"][0]
    told = explain({"stages": [stage]})[0].candidates
    return [
        Proposal(one, _seat(row, stage["weights"]), _sentences(broken[one.library_id]))
        for one, row in zip(told, stage["candidates"], strict=True)
    ]


def _seat(row: dict[str, Any], weights: dict[str, float]) -> dict[str, Any]:
    facts = row["facts"]
    factors = {
        "availability": facts["availability"],
        "km": facts["km"],
        "open_requests": facts["open_supplies"],
    }
    return {
        "call_number": row["call_number"], "location": row["location"],
        "rank": {"score": row["score"], "factors": factors},
        "why": [{"code": c, "points": p, "weight": weights.get(c, 0)} for c, p in row["points"].items()],
    }  # fmt: skip


def _unheld(supplier: Supplier, broken: list[Left]) -> Proposal:
    left = [Left(supplier.library_id, supplier.name, NOT_HELD), *broken]
    told = ExplainedCandidate(0, supplier.library_id, supplier.name, "")
    seat = {"call_number": "", "location": "", "rank": {}, "why": []}
    return Proposal(told, seat, _sentences(left), held=False)


def _sentences(rows: list[Left]) -> list[str]:
    return [text for _name, text in explain_left({"excluded": [_as_row(left) for left in rows]})]


def _as_row(left: Left) -> dict[str, Any]:
    return {"library": left.library_id, "name": left.name, "rule": left.rule, "args": dict(left.args)}
