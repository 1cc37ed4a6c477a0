"""The only code that changes the status of a request or an attempt.

`begin` opens a request, `transition` takes one step of the table; undo and reopen (loans.workflow.backwards) go against
the arrows. Each locks the row, checks who asks and whether the step still fits, saves, appends an event, audits and
queues mails, in one transaction; events go out after commit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from loans.choices import OFFERED_ATTEMPTS, AttemptStatus, RequestStatus
from loans.models import Request, SupplyAttempt
from loans.workflow import duties, hooks, mails, moving, writing
from loans.workflow.guards import guard
from loans.workflow.raising import open_flags
from loans.workflow.rights import has_capability, may, on_side
from loans.workflow.states import INITIAL, LIVE_ATTEMPT, state_of
from loans.workflow.steps import ACTIONS, STEP_BY, SUBMIT_MAILS
from loans.workflow.taking import Taking
from loans.workflow.vocabulary import Step
from members.calendars import calendars_remembered
from network_portal.core.actor import Actor
from network_portal.core.errors import Conflict, RuleViolation

CHANGED = moving.CHANGED


@transaction.atomic
def begin(request: Request, actor: Actor) -> Request:
    """Save a new, filled-in request in the first state of the table, and tell whom it concerns."""
    request.status, request.version = INITIAL, 1
    request.waiting_since = timezone.now()
    duties.assign(request, None)
    request.save(force_insert=True)
    moving.write_history(request, None, "submit", "", actor, {})
    mails.queue(SUBMIT_MAILS, request, None, actor)
    return request


@transaction.atomic
def transition(
    request: Request,
    action: str,
    actor: Actor,
    *,
    version: int | None = None,
    key: str = "",
    attempt: SupplyAttempt | None = None,
    after: int | None = None,
    send_after: datetime | None = None,
    check: bool = True,
    **params: Any,
) -> Request:
    """Take one step. Returns the request as it is now, with whatever the portal did at once after the step.

    `version` is the one the person saw; a `key` the person has used before for this step changes nothing again.
    `attempt` names the offer that the portal awards. `after` is the version of the step that brought this one about,
    whose mails wait until `send_after`; both are taken back together. Without `check` the caller has the request looked
    at itself. Raises PermissionDenied (capability), Conflict (somebody was faster, the step does not fit any more, or
    it was done already: code `already_done`), RuleViolation (a rule says no; `not_ready`).
    """
    with calendars_remembered():
        return _transition(request.pk, action, actor, version, key, attempt, after, send_after, check, params)


def _transition(
    pk: int, action: str, actor: Actor, version: int | None, key: str, attempt: SupplyAttempt | None,
    after: int | None, send_after: datetime | None, check: bool, params: dict[str, Any],
) -> Request:  # fmt: skip
    locked = lock(pk)
    kept = _key(locked, actor, action, key)
    if kept and locked.events.filter(key=kept).exists():
        raise _done_already()
    # Where the state has no place for the action, nobody need be looked for first.
    fits = (locked.status, action, locked.service) in STEP_BY
    subject = (attempt or live_attempt(locked) or own_offer(locked, actor)) if fits else attempt
    step = step_for(locked, subject, action, actor, version)
    taking = Taking(locked, subject, step, actor, timezone.now(), params, open_flags(locked))
    guard(taking)
    moving.take(taking, key=kept, cause=moving.cause_of(actor), after=after, send_after=send_after)
    waits = send_after or moving.held_back(taking)
    if step.then_route:
        moving.route(locked, after=after or locked.version, send_after=waits, flags=taking.flags)
    elif step.then_check and check:
        return hooks.CHECK[0](locked, action, locked.version, waits)
    elif locked.status == RequestStatus.COORDINATOR_IN and step.target is not None:
        for look in hooks.ARRIVED:
            look(locked, locked.version, waits)
    return locked


@dataclass
class BulkResult:
    """What was done, and what not: number, code and sentence of each refusal."""

    done: list[int] = field(default_factory=list)
    refused: list[tuple[str, str, str]] = field(default_factory=list)


def transition_many(
    ids: Iterable[int], action: str, actor: Actor, *, key: str = "", **params: Any
) -> BulkResult:
    """The same step for many requests, each in a transaction of its own: one refusal does not hold up the others.

    With the `key` of a form sent before, nothing is done twice: each is among the refused, as `already_done`.
    """
    result = BulkResult()
    for request in Request.objects.filter(pk__in=list(ids)).order_by("pk"):
        try:
            transition(request, action, actor, key=key, **params)
        except RuleViolation as rule:
            result.refused.append((request.number, rule.code, str(rule)))
        except PermissionDenied:
            result.refused.append((request.number, "denied", _("You may not do this with this request.")))
        else:
            result.done.append(request.pk)
    return result


@transaction.atomic
def resume_routing(request_id: int) -> int:
    """Take up a request that is approved but with no library; 1 if it was, 0 if somebody was faster."""
    locked = Request.objects.select_for_update(of=("self",), skip_locked=True).select_related(
        "requesting_library", "patron", "network__coordinator_library"
    ).filter(pk=request_id, status=RequestStatus.APPROVED).first()  # fmt: skip
    if locked is None:
        return 0
    moving.route(locked, after=None)
    return 1


def live_attempt(request: Request) -> SupplyAttempt | None:
    """The supplier who has the request now, with its library."""
    # Not first(): one live attempt is all there can be, and an order by round costs a sort.
    found = list(request.attempts.filter(status__in=LIVE_ATTEMPT).select_related("supplier").order_by()[:1])
    return writing.remembered(found[0]) if found else None


def own_offer(request: Request, actor: Actor) -> SupplyAttempt | None:
    """The actor's library's part in a request that is shown to several libraries."""
    if request.status != RequestStatus.OFFERED or actor.library_id is None:
        return None
    offered = request.attempts.filter(status__in=OFFERED_ATTEMPTS, supplier_id=actor.library_id)
    return offered.select_related("supplier").first()


def lock(pk: int) -> Request:
    """The row, held for this transaction. What it was is kept, so that only what a step changes is written."""
    rows = Request.objects.select_for_update(of=("self",)).defer("search")
    return writing.remembered(rows.select_related("requesting_library", "patron", "network").get(pk=pk))


def _key(request: Request, actor: Actor, action: str, key: str) -> str | None:
    """A key is the person's own, for one step of one request: another person's never matches it."""
    if not key:
        return None
    return hashlib.sha256(f"{request.pk}:{actor.user_id}:{action}:{key}".encode()).hexdigest()


def step_for(
    request: Request, attempt: SupplyAttempt | None, action: str, actor: Actor, version: int | None
) -> Step:
    known = ACTIONS.get(action)
    if known is None:
        raise RuleViolation("unknown_action", _("There is no such action."))
    if not has_capability(known, actor):
        raise PermissionDenied(known.requires or action)
    step = STEP_BY.get((request.status, action, request.service))
    if step is None or (version is not None and not _stands_as_at(request, attempt, version)):
        raise _too_late(request, action, actor, version)
    if not on_side(step, request, attempt, actor):
        raise Conflict(
            "not_with_you", _("This request is not with your library (any more). Nothing was changed.")
        )
    if step.attempt_in and attempt is not None and attempt.status not in step.attempt_in:
        raise _too_late(request, action, actor, version)
    if step.attempt_modes and attempt is not None and attempt.mode not in step.attempt_modes:
        raise RuleViolation(
            "other_way", _("This request is given away in another way. Please reload the page.")
        )
    return step


def _stands_as_at(request: Request, attempt: SupplyAttempt | None, version: int) -> bool:
    """Does the request stand where it stood when the page was made, with the same supplier?"""
    if version == request.version:
        return True
    seen = request.events.filter(version=version).first()
    return (
        seen is not None
        and seen.to_status == request.status
        and seen.attempt_id == (attempt.pk if attempt else None)
    )


def _too_late(request: Request, action: str, actor: Actor, version: int | None) -> Conflict:
    """Why the step does not fit any more, in one sentence: done already (a double click), or changed by others."""
    later = request.events.filter(version__gt=version) if version is not None else request.events.all()
    mine = later.filter(action=action, actor_id=actor.user_id).order_by("-version").first()
    if mine is not None and mine.undone_by is None and (version is None or mine.version == version + 1):
        return _done_already()
    if action in ("claim", "volunteer") and _lost(request, actor):
        return Conflict(
            "outbid", _("Another library has taken this request. You need not do anything any more.")
        )
    if action in ("cancel", "cancel_ask") and request.status == RequestStatus.SHIPPED:
        return Conflict(
            "stale", _("It has been sent already. You can give it back unread. Nothing was changed.")
        )
    return Conflict(
        "stale",
        _("Request %(number)s now stands at “%(state)s”, so this cannot be done. Nothing was changed.")
        % {"number": request.number, "state": state_of(request.status).label},
    )


def _done_already() -> Conflict:
    return Conflict("already_done", _("This has been done already; nothing was done twice."))


def _lost(request: Request, actor: Actor) -> bool:
    mine = request.attempts.filter(supplier_id=actor.library_id, round=request.round)
    return actor.library_id is not None and mine.filter(status=AttemptStatus.OUTBID).exists()


__all__ = [
    "ACTIONS",
    "CHANGED",
    "BulkResult",
    "begin",
    "live_attempt",
    "lock",
    "may",
    "own_offer",
    "resume_routing",
    "transition",
    "transition_many",
]
