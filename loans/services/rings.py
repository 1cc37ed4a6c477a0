"""The mediator of a ring: it sees that no request is lost on its way round. Called each minute by loans.tasks_routing.

A token whose lease ran out goes on to the next member with a new epoch; one that is gone is made anew for whoever has
the request; one that nobody needs any more is put away.
"""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from loans.choices import LIVE_ATTEMPTS, AskMode, AttemptStatus, RequestStatus
from loans.models import Request, RingToken, SupplyAttempt
from loans.workflow import engine
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation

log = structlog.get_logger(__name__)
# The clock of the workflow moves a request on when its holder's time is up; the mediator steps in where that failed.
GRACE = timedelta(minutes=10)
LIMIT = 1_000


def tend_rings(*, limit: int = LIMIT) -> int:
    """Returns how many tokens were passed on or made anew."""
    RingToken.objects.exclude(request__status=RequestStatus.ASKED).delete()
    return _renew(limit) + sum(_pass_on(token) for token in _lost(limit))


def _lost(limit: int) -> list[RingToken]:
    late = RingToken.objects.filter(
        lease_until__lt=timezone.now() - GRACE, request__status=RequestStatus.ASKED
    )
    return list(late.select_related("request").order_by("lease_until")[:limit])


def _pass_on(token: RingToken) -> int:
    """To the successor, as when the holder does not answer; an answer at this very moment goes before."""
    try:
        engine.transition(token.request, "expire", Actor.system(channel="timer"))
    except RuleViolation as answered:
        log.info("token_not_passed_on", request_id=token.request_id, code=answered.code)
        return 0
    return 1


@transaction.atomic
def _renew(limit: int) -> int:
    """Requests in a ring that have no token, or one of an earlier hop: theirs is made from the attempt that lives."""
    right = RingToken.objects.filter(
        request=OuterRef("request"), epoch=OuterRef("epoch"), holder=OuterRef("supplier")
    )
    rows = SupplyAttempt.objects.filter(
        ~Exists(right), mode=AskMode.RING, status__in=(AttemptStatus.ASKED, AttemptStatus.CONSIDERING),
        request__status=RequestStatus.ASKED, request__network__isnull=False,
    ).select_related("request").select_for_update(of=("self",), skip_locked=True)  # fmt: skip
    found = list(rows[:limit])
    for attempt in found:
        hold(attempt, attempt.request)
    return len(found)


def hold(attempt: SupplyAttempt, request: Request) -> None:
    """The token is with the library of this attempt, until its own deadline."""
    if attempt.status not in LIVE_ATTEMPTS or request.network_id is None:
        return
    RingToken.objects.update_or_create(
        request=request,
        defaults={
            "network_id": request.network_id,
            "position": attempt.position,
            "epoch": attempt.epoch,
            "holder_id": attempt.supplier_id,
            "lease_until": attempt.deadline_at or timezone.now() + GRACE,
        },
    )
