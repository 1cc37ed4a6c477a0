"""What happens by itself when time is up. Called by loans.tasks."""

from __future__ import annotations

import structlog
from django.utils import timezone

from loans.choices import AttemptStatus, RequestStatus
from loans.models import Request, SupplyAttempt
from loans.workflow import engine
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation

log = structlog.get_logger(__name__)
LIMIT = 2_000  # per call; the next one, a minute later, goes on


def expire_unanswered(*, limit: int = LIMIT) -> int:
    """Suppliers past their deadline lose the request, and the next library is asked. Returns how many.

    One short transaction each: a request that somebody answers at this very moment is theirs, and one that fails
    does not hold up the others.
    """
    late = SupplyAttempt.objects.filter(status=AttemptStatus.ASKED, deadline_at__lt=timezone.now())
    return sum(
        _take(request_id, "expire", version)
        for request_id, version in late.order_by("deadline_at").values_list("request_id", "request__version")[
            :limit
        ]
    )


def route_stranded(*, limit: int = LIMIT) -> int:
    """Requests that are approved but with no library: none unless routing was interrupted. They are taken up again."""
    stranded = (
        Request.objects.filter(status=RequestStatus.APPROVED)
        .order_by("id")
        .values_list("pk", flat=True)[:limit]
    )
    return sum(_resume(pk) for pk in stranded)


def _resume(pk: int) -> int:
    try:
        return engine.resume_routing(pk)
    except Exception:
        log.exception("timer_failed", request_id=pk, action="resume")
        return 0


def _take(request_id: int, action: str, version: int) -> int:
    try:
        engine.transition(Request(pk=request_id), action, Actor.system(), version=version)
    except RuleViolation as answered_meanwhile:
        log.info("timer_skipped", request_id=request_id, action=action, reason=answered_meanwhile.code)
        return 0
    except Exception:
        log.exception("timer_failed", request_id=request_id, action=action)
        return 0
    return 1
