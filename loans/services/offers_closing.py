"""When the time of a request shown to several libraries is over: the best placed of the willing gets it.

Nobody willing: it moves on. Called each minute by loans.tasks_routing, each in a transaction of its own;
whoever takes it at this very moment keeps it.
"""

from __future__ import annotations

from typing import Any

import structlog
from django.utils import timezone

from loans.choices import AttemptStatus, RequestStatus
from loans.models import Request, SupplyAttempt
from loans.routing.plans import next_step
from loans.routing.runtime import Award
from loans.workflow import engine
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation

log = structlog.get_logger(__name__)
LIMIT = 2_000


def close_offers(*, limit: int = LIMIT) -> int:
    """Award or move on what is due; returns how many. One that fails does not hold up the others."""
    due = Request.objects.filter(status=RequestStatus.OFFERED, deadline_at__lt=timezone.now())
    return sum(_close(request) for request in due.order_by("deadline_at")[:limit])


def _close(request: Request) -> int:
    """A rule that forbids the award (copyright, say) moves the request on instead of leaving it there."""
    best = _best(request)
    if best is not None and _step(request, "award", attempt=best):
        return 1
    return int(_step(request, "next_stage"))


def _step(request: Request, action: str, **params: Any) -> bool:
    try:
        engine.transition(request, action, Actor.system(), **params)
    except RuleViolation as rule:
        log.info("offer_not_closed", request_id=request.pk, action=action, code=rule.code)
        return False
    return True


def _best(request: Request) -> SupplyAttempt | None:
    """The best placed of the willing, by the kept plan; None when nobody offered."""
    move = next_step(request)
    if not isinstance(move, Award):
        return None
    willing = request.attempts.filter(round=request.round, status=AttemptStatus.VOLUNTEERED)
    return willing.select_related("supplier").get(supplier_id=move.library_id)
