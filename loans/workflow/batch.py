"""The same step of the clock for many requests: the engine's own code, its rows written together.

Called by loans.services.timers in a transaction that holds the rows. What needs more than rows at hand (open flags, no
kept plan, several libraries at once, a coordinator) is left to the single step, so that both ways end alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from loans.choices import LIVE_ATTEMPTS
from loans.models import Request, RequestFlag, RoutingPlan, SupplyAttempt
from loans.routing.plans import plans_and_moves, seats_in
from loans.routing.runtime import Ask, EndOfRota, Move
from loans.workflow import engine, mails, moving, writing
from loans.workflow.guards import guard
from loans.workflow.mails import Held
from loans.workflow.taking import Taking
from loans.workflow.writing import Collected
from members.calendars import calendars_of
from members.models import Library
from network_portal.core import bulk
from network_portal.core.actor import Actor

log = structlog.get_logger(__name__)
# Steps without effects of their own: what they do is told by the table and the router alone.
TOGETHER = ("expire", "next_supplier", "reject_conditions")


@dataclass
class Batch:
    """Rows of one chunk, read together."""

    attempts: dict[int, SupplyAttempt]  # the live one, by request
    moves: dict[int, tuple[RoutingPlan, Move]]
    libraries: dict[int, Library]
    before: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)


def take_many(requests: list[Request], action: str, actor: Actor) -> tuple[list[Held], list[Request]]:
    """Take the step for locked requests. Returns what desks are to be told, and the requests that were left alone."""
    fit = _plain(requests) if action in TOGETHER else []
    if not fit:
        return [], requests
    held: list[Held] = []
    done: set[int] = set()
    try:
        with transaction.atomic():
            held, done = _take_together(fit, action, actor)
    except Exception:
        log.exception("batch_failed", action=action, count=len(fit))
    # Read again: what failed half-way was changed in memory.
    left = [request.pk for request in requests if request.pk not in done]
    return held, list(Request.objects.filter(pk__in=left).select_related("network")) if left else []


def _plain(requests: list[Request]) -> list[Request]:
    """Those with a kept plan and nothing open beside their state."""
    pks = [request.pk for request in requests]
    planned = set(RoutingPlan.objects.filter(request_id__in=pks).values_list("request_id", "round"))
    flagged = set(
        RequestFlag.objects.filter(request_id__in=pks, cleared_at=None).values_list("request_id", flat=True)
    )
    return [r for r in requests if (r.pk, r.round) in planned and r.pk not in flagged]


def _take_together(requests: list[Request], action: str, actor: Actor) -> tuple[list[Held], set[int]]:
    batch = _read(requests)
    held: list[Held] = []
    taken: dict[int, Collected] = {}
    for request in requests:
        _plan, move = batch.moves[request.pk]
        if not isinstance(move, (Ask, EndOfRota)) or (
            isinstance(move, Ask) and move.candidate.supplier.stands_for
        ):
            continue
        try:
            with writing.collecting() as kept, mails.held_for_desks() as told:
                _take(request, action, actor, batch)
        except Exception:
            # Left to the single step, which says what is wrong with it.
            log.info("batch_left", request_id=request.pk, action=action, exc_info=True)
            continue
        taken[request.pk] = kept
        held += told
    done = [request for request in requests if request.pk in taken]
    writing.flush(done, list(taken.values()), batch.before)
    return held, set(taken)


def _take(request: Request, action: str, actor: Actor, batch: Batch) -> None:
    """As engine.transition does, with rows at hand."""
    attempt = batch.attempts.get(request.pk)
    step = engine.step_for(request, attempt, action, actor, None)
    taking = Taking(request, attempt, step, actor, timezone.now(), {}, [])
    guard(taking)
    moving.take(taking, cause=moving.cause_of(actor))
    plan, move = batch.moves[request.pk]
    if isinstance(move, Ask):
        seat = seats_in(plan, move)[0]
        supplier = batch.libraries[seat.supplier_id]
        moving.ask(request, seat, after=request.version, supplier=supplier, flags=[])
    else:
        moving.end_rota(request, after=request.version, flags=[])


def _read(requests: list[Request]) -> Batch:
    rows = SupplyAttempt.objects.filter(
        request_id__in=[request.pk for request in requests], status__in=LIVE_ATTEMPTS
    ).prefetch_related("supplier")
    attempts = {attempt.request_id: attempt for attempt in rows}
    by_pk = {request.pk: request for request in requests}
    for pk, attempt in attempts.items():
        attempt.request = by_pk[pk]
    moves = plans_and_moves(requests)
    asked = {move.candidate.library_id for _plan, move in moves.values() if isinstance(move, Ask)}
    batch = Batch(attempts, moves, Library.objects.in_bulk(asked))
    calendars_of({*asked, *(r.requesting_library_id for r in requests), *_suppliers(attempts.values())})
    batch.before = {("request", pk): bulk.values_of(request) for pk, request in by_pk.items()}
    batch.before |= {("attempt", row.pk): bulk.values_of(row) for row in attempts.values()}
    return batch


def _suppliers(attempts: Iterable[SupplyAttempt]) -> set[int]:
    return {attempt.supplier_id for attempt in attempts}
