"""The only code that changes the status of a request or an attempt.

`begin` opens a request, `transition` takes one step of the table. Each locks the row, checks who asks and whether the
step still fits, saves, appends an event, audits and queues mails, in one transaction; events go out after commit.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from loans import texts
from loans.audit_codes import code_of
from loans.choices import AttemptStatus, RequestStatus
from loans.models import Request, RequestEvent, SupplyAttempt
from loans.routing import plan
from loans.workflow import duties, mails
from loans.workflow.deadlines import attempt_deadline
from loans.workflow.effects import Taking, apply, guard
from loans.workflow.states import INITIAL, LIVE_ATTEMPT, state_of
from loans.workflow.steps import ACTIONS, STEP_BY, SUBMIT_MAILS
from loans.workflow.vocabulary import Side, Step
from network_portal.core import audit, events
from network_portal.core.actor import Actor
from network_portal.core.errors import Conflict, RuleViolation

CHANGED = "loans.request.changed"  # published after commit with request_id, action, from_status, to_status


@transaction.atomic
def begin(request: Request, actor: Actor) -> Request:
    """Save a new, filled-in request in the first state of the table, and tell whom it concerns."""
    request.status, request.version = INITIAL, 1
    request.waiting_since = timezone.now()
    duties.assign(request, None)
    request.save(force_insert=True)
    _write_history(request, None, "submit", "", actor, {})
    mails.queue(SUBMIT_MAILS, request, None, actor)
    return request


@transaction.atomic
def transition(
    request: Request, action: str, actor: Actor, *, version: int | None = None, **params: Any
) -> Request:
    """Take one step. Returns the request as it is now, with whatever the portal did at once after the step.

    `version` is the one the person saw. Raises PermissionDenied (capability), Conflict (somebody was faster, the step
    does not fit any more, or it was done already: code `already_done`), RuleViolation (a rule says no).
    """
    locked = _lock(request.pk)
    attempt = live_attempt(locked)
    step = _step_for(locked, attempt, action, actor, version)
    taking = Taking(locked, attempt, step, actor, timezone.now(), params)
    guard(taking)
    _take(taking)
    if step.then_route:
        _route(locked)
    return locked


@transaction.atomic
def resume_routing(request_id: int) -> int:
    """Take up a request that is approved but with no library; 1 if it was, 0 if somebody was faster."""
    locked = Request.objects.select_for_update(of=("self",), skip_locked=True).select_related(
        "requesting_library", "patron"
    ).filter(pk=request_id, status=RequestStatus.APPROVED).first()  # fmt: skip
    if locked is None:
        return 0
    _route(locked)
    return 1


def live_attempt(request: Request) -> SupplyAttempt | None:
    """The supplier who has the request now, with its library."""
    return request.attempts.filter(status__in=LIVE_ATTEMPT).select_related("supplier").first()


def may(step: Step, request: Request, attempt: SupplyAttempt | None, actor: Actor) -> bool:
    """Is this actor the one the table names? The state is not looked at."""
    return has_capability(step, actor) and on_side(step, request, attempt, actor)


def has_capability(step: Step, actor: Actor) -> bool:
    if actor.is_system or not step.requires:
        return actor.is_system or step.side is not Side.PORTAL
    return actor.can(step.requires) or _coordinates(step, actor)


def on_side(step: Step, request: Request, attempt: SupplyAttempt | None, actor: Actor) -> bool:
    if actor.is_system or _coordinates(step, actor):
        return True
    if step.side is Side.PATRON:
        return actor.user_id == request.patron_id
    if step.side is Side.SUPPLYING:
        return attempt is not None and attempt.supplier_id == actor.library_id
    return step.side is Side.REQUESTING and request.requesting_library_id == actor.library_id


def _coordinates(step: Step, actor: Actor) -> bool:
    return step.coordinator and actor.can("network.manage")


def _lock(pk: int) -> Request:
    rows = Request.objects.select_for_update(of=("self",)).select_related("requesting_library", "patron")
    return rows.get(pk=pk)


def _step_for(
    request: Request, attempt: SupplyAttempt | None, action: str, actor: Actor, version: int | None
) -> Step:
    known = ACTIONS.get(action)
    if known is None:
        raise RuleViolation("unknown_action", _("There is no such action."))
    if not has_capability(known, actor):
        raise PermissionDenied(known.requires)
    step = STEP_BY.get((request.status, action))
    if step is None or (version is not None and not _stands_as_at(request, attempt, version)):
        raise _too_late(request, action, actor, version)
    if not on_side(step, request, attempt, actor):
        raise Conflict(
            "not_with_you", _("This request is not with your library (any more). Nothing was changed.")
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
    if mine is not None and (version is None or mine.version == version + 1):
        return Conflict("already_done", _("This has been done already; nothing was done twice."))
    return Conflict(
        "stale",
        _("Request %(number)s now stands at “%(state)s”, so this cannot be done. Nothing was changed.")
        % {"number": request.number, "state": state_of(request.status).label},
    )


def _take(taking: Taking) -> None:
    request, step, before = taking.request, taking.step, taking.request.status
    apply(taking)
    request.status = step.target
    request.version += 1
    state = state_of(request.status)
    if state.outcome is not None:
        request.outcome, request.closed_at = state.outcome, taking.now
    if taking.attempt is not None:
        ended = step.ends_attempt
        taking.attempt.status = ended or state.attempt or taking.attempt.status
        taking.attempt.closed_at = taking.now if ended else None
    request.waiting_since = taking.now
    duties.assign(request, taking.attempt)
    if taking.attempt is not None:
        taking.attempt.deadline_at = attempt_deadline(request, taking.attempt)
        taking.attempt.save()
    request.save()
    _write_history(request, taking.attempt, step.action, before, taking.actor, taking.record)
    mails.queue(step.mails, request, taking.attempt, taking.actor, reason=taking.reason, note=taking.note)
    events.publish(
        CHANGED,
        request_id=request.pk,
        action=step.action,
        from_status=str(before),
        to_status=str(step.target.value),
    )


def _route(request: Request) -> None:
    """Ask the next library of the plan, or say that there is none. The plan of a round is made once and kept."""
    actor = Actor.system(channel="rule")
    if request.plan.get("round") != request.round:
        request.plan = plan.compile(request).as_json()
    following = plan.next_candidate(request)
    if following is None:
        _take(Taking(request, None, STEP_BY[request.status, "end_rota"], actor, timezone.now(), {}))
        return
    position, candidate = following
    attempt = SupplyAttempt(
        request=request, round=request.round, position=position, supplier_id=candidate["library"],
        status=AttemptStatus.ASKED, asked_at=timezone.now(), call_number=candidate["call_number"],
        location=candidate["location"], rank={"score": candidate["score"], "factors": candidate["factors"]},
    )  # fmt: skip
    _take(Taking(request, attempt, STEP_BY[request.status, "ask_supplier"], actor, timezone.now(), {}))


def _write_history(
    request: Request,
    attempt: SupplyAttempt | None,
    action: str,
    before: str,
    actor: Actor,
    data: dict[str, Any],
) -> None:
    RequestEvent.objects.create(
        request=request, attempt=attempt, version=request.version, action=action, from_status=before,
        to_status=request.status, actor_id=actor.user_id, actor_name=actor.user_name[:200],
        library_id=actor.library_id, channel=actor.channel, data=data,
    )  # fmt: skip
    told = texts.values(request, attempt, reason=data.get("reason", ""), note=data.get("note", ""))
    audit.record(
        code_of(action), actor=actor, target=request, data={**told, **data, "status": str(request.status)}
    )
