"""What happens by itself when time is up. Called by loans.tasks every minute.

Requests are moved on in batches, one transaction each: their desks get one mail per batch instead of one per request.
"""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import transaction
from django.utils import timezone

from loans.choices import OPEN_STATUSES, RequestStatus
from loans.models import Request
from loans.services.digests import digests_queue
from loans.workflow import engine, mails
from loans.workflow.mails import Held
from loans.workflow.states import STATES
from loans.workflow.steps import ACTIONS
from members.calendars import calendars_remembered
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation

log = structlog.get_logger(__name__)
BATCH = 1_000  # in one transaction
LIMIT = 20_000  # per call; the next one, a minute later, goes on
# What the portal does when nobody did anything in time, as far as the table has the step. Everything else that
# is late is told and stays: a promise is not undone by silence.
_STEPS = (
    ("asked", "expire"),
    ("ready", "not_collected"),
    ("ready", "shelf_expired"),
    ("needs_patron_fix", "cancel_silent"),
    ("cost_approval", "decline_cost"),
    ("conditional", "reject_conditions"),
    ("retry_asked", "next_supplier"),
)
WHEN_TIME_IS_UP = {status: action for status, action in _STEPS if status in STATES and action in ACTIONS}


def expire_unanswered(*, limit: int = LIMIT) -> int:
    """Take the step of the table for requests whose time is up: ask the next library, empty the hold shelf.

    Returns how many. A request that somebody answers at this very moment is theirs, and one that fails does not hold up
    the others.
    """
    done, tick = 0, timezone.now()
    with calendars_remembered():
        while done < limit:
            moved, seen = _batch(tick, min(BATCH, limit - done))
            done += moved
            if seen < BATCH or not moved:
                break
    return done


@transaction.atomic
def _batch(tick: datetime, size: int) -> tuple[int, int]:
    """One transaction: (moved on, looked at)."""
    due = Request.objects.filter(
        status__in=list(WHEN_TIME_IS_UP), deadline_at__lt=tick, stuck_since=None
    ).select_for_update(of=("self",), skip_locked=True)
    rows = list(due.order_by("deadline_at").only("pk", "status", "version")[:size])
    with mails.held_for_desks() as held:
        moved = sum(_take(row, held) for row in rows)
    digests_queue(held, tick=tick)
    return moved, len(rows)


@transaction.atomic
def tell_late(*, limit: int = LIMIT) -> int:
    """Tell desks once what is newly late with them, and mark it; the page of what is late shows it until it moves."""
    tick = timezone.now()
    late = Request.objects.filter(
        status__in=[code for code in OPEN_STATUSES if code not in WHEN_TIME_IS_UP],
        deadline_at__lt=tick, stuck_since=None,
    ).select_for_update(of=("self",), skip_locked=True)  # fmt: skip
    rows = list(late.select_related("owner_library").order_by("deadline_at")[:limit])
    Request.objects.filter(pk__in=[row.pk for row in rows]).update(stuck_since=tick)
    # Readers are reminded by loans.services.overdue; the portal has nobody to write to.
    digests_queue(
        (
            Held("late", row.owner_library, row)
            for row in rows
            if row.owner_library is not None and row.owner_side != "patron"
        ),
        tick=tick,
    )
    return len(rows)


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


def _take(row: Request, held: list[Held]) -> int:
    action, told = WHEN_TIME_IS_UP[row.status], len(held)
    try:
        engine.transition(Request(pk=row.pk), action, Actor.system(channel="timer"), version=row.version)
    except RuleViolation as answered_meanwhile:
        log.info("timer_skipped", request_id=row.pk, action=action, reason=answered_meanwhile.code)
        Request.objects.filter(pk=row.pk, version=row.version).update(stuck_since=timezone.now())
    except Exception:
        log.exception("timer_failed", request_id=row.pk, action=action)
        Request.objects.filter(pk=row.pk).update(stuck_since=timezone.now())
    else:
        return 1
    del held[told:]  # what was undone is not told
    return 0
