"""What happens by itself when time is up. Called by loans.tasks every minute.

The table says what: a state's `on_timeout` at `times_out_at`, a flag's at its own deadline. Requests move in chunks,
one transaction each, of rows that no other worker holds; their desks get one mail per tick instead of one per request.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import Q, prefetch_related_objects
from django.utils import timezone

from loans.choices import OPEN_STATUSES, FlagKind, RequestStatus
from loans.coordination import steps as desk
from loans.models import Request, RequestFlag
from loans.selectors.stuck import due_flags
from loans.services.digests import digests_send, notices_leave
from loans.workflow import batch, engine, mails
from loans.workflow.duties import deputy_of
from loans.workflow.flags import FLAGS
from loans.workflow.mails import Held
from loans.workflow.states import state_of
from members.calendars import calendars_remembered
from members.models import Library
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation
from network_portal.core.memory import rare_collections

log = structlog.get_logger(__name__)
CHUNK = 1_000  # requests in one transaction
LIMIT = 20_000  # per call; the next one, a minute later, goes on
TIMER = "timer"
TIMED_FLAGS = tuple(kind for kind, flag in FLAGS.items() if flag.on_timeout)
# Silence before a promise cancels, silence after it never does.
PROMISED = (RequestStatus.WILL_SUPPLY, RequestStatus.SCANNING)
# Where a parcel is late, both ends should look.
BOTH_ENDS = (RequestStatus.SHIPPED, RequestStatus.SENT_BACK)
COORDINATED = (FlagKind.LOST, FlagKind.COST_DISPUTED)


def expire_unanswered(*, limit: int = LIMIT) -> int:
    """Take the step of the table for what timed out: ask the next library, empty the hold shelf, hand to the deputy.

    Returns how many. A request that somebody answers at this very moment is theirs, and one that fails does not hold up
    the others.
    """
    done, tick = 0, timezone.now()
    with calendars_remembered(), rare_collections():
        done += _flags_due(tick, limit)
        while done < limit:
            moved, seen = _chunk(tick, min(CHUNK, limit - done))
            done += moved
            if not seen:
                break
        digests_send()
    return done


@transaction.atomic
def _chunk(tick: datetime, size: int) -> tuple[int, int]:
    """One transaction: (moved on, looked at). What cannot move is told as late and not looked at again."""
    rows = _locked(tick, size)
    by_action: dict[str, list[Request]] = defaultdict(list)
    for request in rows:
        by_action[timeout_action(request)].append(request)
    held: list[Held] = []
    moved, actor = 0, Actor.system(channel=TIMER)
    for action, requests in by_action.items():
        told, left = batch.take_many(requests, action, actor)
        held += told
        moved += len(requests) - len(left)
        with mails.held_for_desks() as more:
            moved += sum(_take(request, action, more) for request in left)
        held += more
    notices_leave(held)
    return moved, len(rows)


def _locked(tick: datetime, size: int) -> list[Request]:
    due = Request.objects.filter(times_out_at__lt=tick, status__in=OPEN_STATUSES)
    rows = list(due.select_for_update(skip_locked=True).order_by("times_out_at")[:size])
    # Not joined: thousands of rows share a few libraries.
    prefetch_related_objects(rows, "requesting_library", "network__coordinator_library")
    return rows


def timeout_action(request: Request) -> str:
    """What the portal does with this request when its time is up; "" where a person has to: it is then told as late."""
    action = state_of(request.status).on_timeout
    if action != "to_deputy":
        return action
    deputy = deputy_of(request, engine.live_attempt(request))
    if deputy is not None and deputy != request.owner_library_id:
        return action
    return "expire" if request.status == RequestStatus.COORDINATOR_IN else ""


def _flags_due(tick: datetime, limit: int) -> int:
    """Questions beside the state that nobody answered; each is tried once, then it is told as late and stays."""
    due = RequestFlag.objects.filter(kind__in=TIMED_FLAGS, cleared_at=None, deadline_at__lt=tick)
    waiting = due.exclude(data__has_key="timed_out").order_by("deadline_at")
    return sum(_flag_due(pk, tick) for pk in waiting.values_list("pk", flat=True)[:limit])


@transaction.atomic
def _flag_due(pk: int, tick: datetime) -> int:
    flag = (
        RequestFlag.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("request")
        .filter(pk=pk, cleared_at=None)
        .first()
    )
    if flag is None:
        return 0
    flag.data = {**flag.data, "timed_out": tick.isoformat()}
    flag.save(update_fields=["data"])
    with mails.held_for_desks() as held:
        moved = _step(flag.request, _flag_action(flag), held)
    notices_leave(held)
    return moved


def _flag_action(flag: RequestFlag) -> str:
    action = FLAGS[flag.kind].on_timeout
    if action != "cancel_timeout":
        return action
    return "cancel_no" if flag.request.status in PROMISED else "cancel_yes"


@transaction.atomic
def tell_late(*, limit: int = LIMIT) -> int:
    """Tell desks once what is newly late with them, and mark it; the page of what is late shows it until it moves."""
    tick = timezone.now()
    late = (
        Request.objects.filter(status__in=OPEN_STATUSES, deadline_at__lt=tick, stuck_since=None)
        .filter(Q(times_out_at=None) | Q(times_out_at__gte=tick))
        .exclude(status=RequestStatus.OFFERED)
        .select_for_update(of=("self",), skip_locked=True)
    )
    rows = list(
        late.select_related("owner_library", "requesting_library", "network__coordinator_library").order_by(
            "deadline_at"
        )[:limit]
    )
    Request.objects.filter(pk__in=[row.pk for row in rows]).update(stuck_since=tick)
    flags = due_flags([row.pk for row in rows])
    notices_leave(Held("late", library, row) for row in rows for library in _told(row, flags.get(row.pk, "")))
    return len(rows)


def _told(request: Request, flag: str) -> list[Library]:
    """Whose turn it is, and who else should know. Readers are reminded by loans.services.overdue; the portal has nobody
    to write to."""
    if request.owner_library is None or request.owner_side in ("patron", "portal"):
        return []
    told = {request.owner_library_id: request.owner_library}
    if request.status in BOTH_ENDS:
        attempt = engine.live_attempt(request)
        ends = [request.requesting_library, *([attempt.supplier] if attempt else [])]
        told |= {library.pk: library for library in ends}
    coordinator = request.network.coordinator_library if request.network else None
    if flag in COORDINATED and coordinator is not None:
        told[coordinator.pk] = coordinator
    return list(told.values())


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


def _take(request: Request, action: str, held: list[Held]) -> int:
    """One request by itself. What does not move is not tried again until somebody moves it: it is late."""
    if action and _step(request, action, held):
        return 1
    if not action and desk.time_is_up(request.pk):  # a rule of the coordinator's desk, where nobody looked
        return 1
    Request.objects.filter(pk=request.pk, version=request.version).update(
        times_out_at=None, stuck_since=timezone.now() if action else None
    )
    return 0


def _step(request: Request, action: str, held: list[Held]) -> int:
    told = len(held)
    try:
        engine.transition(
            Request(pk=request.pk), action, Actor.system(channel=TIMER), version=request.version
        )
    except RuleViolation as answered_meanwhile:
        log.info("timer_skipped", request_id=request.pk, action=action, reason=answered_meanwhile.code)
    except Exception:
        log.exception("timer_failed", request_id=request.pk, action=action)
    else:
        return 1
    del held[told:]  # what was undone is not told
    return 0
