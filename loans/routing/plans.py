"""Plans of requests, kept and followed. The engine asks `next_step`; pages go through services.routing.

Rule: the plan of a round is made once and stored; each move looks again at who can still be asked. Raises nothing: a
request that nobody can serve ends its rota, and a person looks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from catalog.models import Edition
from catalog.selectors import edition_current
from loans.choices import AskMode, Service
from loans.models import Request, RingCursor, RoutingPlan
from loans.routing import reading, snapshot
from loans.routing.compiler import compile, notes
from loans.routing.model import NORMAL, Candidate, Facts, Snapshot
from loans.routing.progress import progress_of
from loans.routing.runtime import (
    Ask,
    EndOfRota,
    HandToCoordinator,
    Move,
    Offer,
    beyond,
    following,
    one_at_a_time,
)
from loans.routing.store import as_json, from_json
from members.models import Library, Network


def plan_of(request: Request) -> RoutingPlan | None:
    """The stored plan of the request's present round."""
    rows = RoutingPlan.objects.filter(request=request, round=request.round)
    return rows.select_related("network").first()


def plans_of(request: Request) -> list[RoutingPlan]:
    """The plans of all rounds, the latest first."""
    return list(RoutingPlan.objects.filter(request=request).select_related("network").order_by("-round"))


def plan_store(request: Request) -> RoutingPlan:
    """The plan of the present round, made now if there is none. In a ring with a cursor, the cursor moves on."""
    return plan_store_many([request])[request.pk]


def plan_store_many(requests: Sequence[Request]) -> dict[int, RoutingPlan]:
    """The same for many, by request id. The number of queries depends on the networks among them alone."""
    by_pk = {request.pk: request for request in requests}
    plans = _kept(by_pk)
    missing = [request for pk, request in by_pk.items() if pk not in plans]
    if missing:
        _make(missing)
        plans |= _kept({request.pk: request for request in missing})
    return plans


@transaction.atomic
def _make(requests: Sequence[Request]) -> None:
    """Where somebody else made the plan of the round at this moment, theirs is kept."""
    taken = snapshot.snapshot_for_many(requests)
    RoutingPlan.objects.bulk_create(
        [_made(request, *taken[request.pk]) for request in requests], ignore_conflicts=True
    )
    _turn_rings(wish for wish, _now in taken.values())


def _kept(requests: Mapping[int, Request]) -> dict[int, RoutingPlan]:
    rounds = {request.round for request in requests.values()}
    rows = RoutingPlan.objects.filter(request_id__in=requests, round__in=rounds)
    rows = rows.prefetch_related("network")  # not joined: thousands of plans share a few networks
    return {plan.request_id: plan for plan in rows if plan.round == requests[plan.request_id].round}


def _made(request: Request, wish: snapshot.Wish, now: Snapshot) -> RoutingPlan:
    policy = snapshot.policy_of(wish.network)
    told = as_json(compile(policy, wish.facts, now, seed=request.number), now)
    return RoutingPlan(
        request=request, round=request.round, network=wish.network,
        policy_version=policy.version if wish.network else 0, seed=request.number,
        snapshot_hash=now.fingerprint(), stages=told["stages"], excluded=told["excluded"],
    )  # fmt: skip


def _turn_rings(wishes: Iterable[snapshot.Wish]) -> None:
    turns = Counter(
        wish.network.pk
        for wish in wishes
        if wish.network is not None and wish.network.topology == "ring" and wish.network.ring_turns
    )
    for network_id, count in turns.items():
        RingCursor.objects.get_or_create(network_id=network_id)
        RingCursor.objects.filter(network_id=network_id).update(position=(F("position") + count) % 32_000)


def stored(plan: RoutingPlan) -> dict[str, Any]:
    """A kept plan in the form that explain.py and the next move read. Guided or not is asked of the network as it is
    now, so that nobody waits for a coordinator who is no longer there."""
    policy = snapshot.policy_of(plan.network)
    rule = {"guided": policy.guided, "coordinator": policy.coordinator, "network": policy.network_id}
    return rule | {"notes": notes(policy), "stages": plan.stages, "excluded": plan.excluded}


def next_step(request: Request) -> Move:
    """What the engine does next with an approved request: ask, offer, award, hand to the coordinator, or end."""
    return next_steps([request])[request.pk]


def next_steps(requests: Iterable[Request], *, in_turn: bool = False) -> dict[int, Move]:
    """The same for many; the number of queries does not depend on how many. `in_turn`: never several at once."""
    return {pk: move for pk, (_plan, move) in plans_and_moves(requests, in_turn=in_turn).items()}


def plans_and_moves(
    requests: Iterable[Request], *, in_turn: bool = False
) -> dict[int, tuple[RoutingPlan, Move]]:
    """The same with the plans that the moves follow, for `seats_in`."""
    by_pk = {request.pk: request for request in requests}
    plans = plan_store_many(list(by_pk.values()))
    progress = progress_of(by_pk, plans, timezone.now())
    moves: dict[int, tuple[RoutingPlan, Move]] = {}
    for pk, request in by_pk.items():
        plan = from_json(stored(plans[pk]), _facts(request), plans[pk].seed)
        move = following(one_at_a_time(plan) if in_turn else plan, progress[pk])
        if isinstance(move, EndOfRota) and beyond(plan, progress[pk]) and not _let_end(request):
            move = HandToCoordinator(plan.policy.network_id, plan.policy.coordinator or 0)
        moves[pk] = plans[pk], move
    return moves


def _let_end(request: Request) -> bool:
    """The coordinator has just let it through though nobody at home is left: then the list ends, as was decided."""
    last = request.events.order_by("-version").values_list("action", flat=True).first()
    return last == "coordinator_release"


@dataclass(frozen=True)
class Seat:
    """The columns of the attempt that a move opens; the engine adds request, round, epoch, status and dates."""

    stage: int
    position: int
    supplier_id: int
    mode: str
    via_id: int | None
    call_number: str
    location: str
    rank: dict[str, Any]
    why: list[dict[str, Any]]


def seats(request: Request, move: Ask | Offer) -> list[Seat]:
    """One per library that the move asks, with its rank and factors as they stand in the stored plan."""
    return seats_in(plan_store(request), move)


def seats_in(plan: RoutingPlan, move: Ask | Offer) -> list[Seat]:
    """The same, of a plan that is at hand."""
    if isinstance(move, Ask):
        rows = [(move.position, move.candidate)]
    else:
        rows = list(zip(move.positions, move.candidates, strict=True))
    return [_seat(plan, move.stage, position, row) for position, row in rows]


def _seat(plan: RoutingPlan, number: int, position: int, row: Candidate) -> Seat:
    stage = plan.stages[number]
    told = next(told for told in stage["candidates"] if told["library"] == row.library_id)
    facts, weights = told["facts"], stage["weights"]
    factors = {
        "availability": facts["availability"], "km": facts["km"], "open_requests": facts["open_supplies"],
    }  # fmt: skip
    return Seat(
        stage=number,
        position=position,
        supplier_id=row.library_id,
        mode=AskMode.OFFERS.value if stage["offers"] else stage["mode"],
        via_id=stage["via"][0] if stage["via"] else None,
        call_number=told["call_number"],
        location=told["location"],
        rank={"score": told["score"], "factors": factors},
        why=[{"code": c, "points": p, "weight": weights.get(c, 0)} for c, p in told["points"].items()],
    )


def dry_run(
    *,
    network: Network | None,
    library: Library,
    edition: Edition,
    service: str = Service.LOAN.value,
    level: str = NORMAL,
) -> dict[str, Any]:
    """What would happen if this library asked now; nothing is written. In the form that explain.py reads."""
    current = edition_current(edition.pk)
    facts = Facts(number="", requester=library.pk, service=service, level=level, format=current.format)
    now = snapshot.take(snapshot.Wish(library, network, current.pk, service, facts))
    seed = f"{library.short_code}:{current.pk}"
    return as_json(compile(snapshot.policy_of(network), facts, now, seed=seed), now)


def network_of(library_id: int) -> Network | None:
    """The library's home network."""
    place = reading.home_of(library_id)
    return place.network if place else None


def _facts(request: Request) -> Facts:
    return Facts(
        number=request.number,
        requester=request.requesting_library_id,
        service=request.service,
        level=request.level,
        round=request.round,
    )
