"""Carrying out a step that has been found allowed, and what the portal does by itself after it. The engine calls it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from loans import texts
from loans.audit_codes import code_of
from loans.choices import OFFERED_ATTEMPTS, AttemptStatus, Cause, Level, RequestStatus
from loans.models import Request, RequestEvent, RequestFlag, SupplyAttempt
from loans.routing.runtime import Ask, Award, EndOfRota, HandToCoordinator, Offer
from loans.workflow import duties, hooks, mails, raising, rights, snapshots, writing
from loans.workflow.deadlines import attempt_deadline
from loans.workflow.effects import apply
from loans.workflow.raising import open_flags
from loans.workflow.states import state_of
from loans.workflow.steps import STEP_BY
from loans.workflow.taking import Taking
from loans.workflow.vocabulary import Side, Step, Undo
from members.calendars import calendars_of
from members.models import Library
from network_portal.core import events
from network_portal.core.actor import Actor

CHANGED = "loans.request.changed"  # published after commit with request_id, action, from_status, to_status
UNDO = timedelta(minutes=10)
UNDO_URGENT = timedelta(minutes=1)  # who is in a hurry is not kept waiting for a change of mind


def cause_of(actor: Actor) -> str:
    if not actor.is_system:
        return str(Cause.USER.value)
    return str((Cause.RULE if actor.channel == "rule" else Cause.TIMER).value)


def undo_time(request: Request) -> timedelta:
    """How long a step may be taken back: the network's minutes, one for urgent requests."""
    if request.level != Level.NORMAL:
        return UNDO_URGENT
    return timedelta(minutes=request.network.undo_minutes) if request.network else UNDO


def held_back(taking: Taking) -> datetime | None:
    """Mails of a step that can be taken back wait as long as it can."""
    if taking.step.undo is Undo.NO or taking.actor.is_system:
        return None
    return taking.now + undo_time(taking.request)


def take(
    taking: Taking, *, key: str | None = None, cause: str = "rule", after: int | None = None,
    send_after: datetime | None = None,
) -> None:  # fmt: skip
    """Do what the step says, save, and tell. `after`: the version of the event that brought it about."""
    request, step, before = taking.request, taking.step, taking.request.status
    both_calendars(request, taking.attempt, step)
    was: dict[str, Any] = snapshots.of(request, taking.attempt) if step.undo is not Undo.NO else {}
    waits = send_after or held_back(taking)
    apply(taking)
    request.status = step.target_from(before)
    request.version += 1
    state = state_of(request.status)
    if state.outcome is not None:
        request.outcome, request.closed_at = state.outcome, taking.now
    let_go = _move_attempt(taking, before)
    was["offers"] = {str(part.pk): str(part.status) for part in let_go}  # as they stood
    was |= raising.change(taking, at_end=state.is_terminal)
    if step.target is not None or step.attempt_to is not None:
        request.waiting_since = taking.now
    duties.assign(request, taking.attempt, taking.flags)
    if taking.attempt is not None:
        taking.attempt.deadline_at = attempt_deadline(request, taking.attempt)
        writing.save_attempt(taking.attempt)
    if cause == Cause.USER:
        request.undo_until = waits
    writing.save_request(request)
    write_history(
        request, taking.attempt, step.action, before, taking.actor, taking.record, key=key, cause=cause,
        cause_version=after, before_image=was if step.undo is not Undo.NO else {},
        side=rights.side_of(step, request, taking.attempt, taking.actor).value,
    )  # fmt: skip
    mails.queue(
        step.mails, request, taking.attempt, taking.actor, reason=taking.reason, note=taking.note,
        send_after=waits,
    )  # fmt: skip
    _tell_let_go(taking, let_go, waits)
    for after_step in hooks.AFTER:
        after_step(taking)
    events.publish(
        CHANGED, request_id=request.pk, action=step.action, from_status=str(before), to_status=str(request.status)
    )  # fmt: skip


def both_calendars(request: Request, attempt: SupplyAttempt | None, step: Step) -> None:
    """The hours of both libraries in one go, where deadlines are reckoned by them: the engine remembers them."""
    if step.target is not None and not state_of(step.target).is_terminal and attempt is not None:
        calendars_of({request.requesting_library_id, attempt.supplier_id})


def _move_attempt(taking: Taking, before: str) -> list[SupplyAttempt]:
    """The supplier's part follows the request; what was only offered ends with it, and is returned."""
    request, step, attempt = taking.request, taking.step, taking.attempt
    state = state_of(request.status)
    if attempt is not None:
        ended = step.ends_attempt
        moved = state.attempt if step.target is not None else None
        attempt.status = ended or step.attempt_to or moved or attempt.status
        attempt.closed_at = taking.now if ended else None
    if before != RequestStatus.OFFERED or not state.is_terminal:
        return []
    let_go = list(request.attempts.filter(status__in=OFFERED_ATTEMPTS).select_related("supplier"))
    over = SupplyAttempt.objects.filter(pk__in=[part.pk for part in let_go])
    over.update(status=AttemptStatus.WITHDRAWN, closed_at=taking.now)
    return let_go


def _tell_let_go(taking: Taking, let_go: list[SupplyAttempt], send_after: datetime | None) -> None:
    """What a supplier would be told, everybody is to whom it was shown: nobody looks for a book in vain."""
    told = [mail for mail in taking.step.mails if mail.to is Side.SUPPLYING]
    for part in let_go:
        mails.queue(
            told, taking.request, part, taking.actor, send_after=send_after,
            dedupe=f"{taking.request.version}:{part.pk}",
        )  # fmt: skip


def route(
    request: Request,
    *,
    after: int | None,
    send_after: datetime | None = None,
    flags: list[RequestFlag] | None = None,
) -> None:
    """Carry out the router's next move: ask one library, several, give it to a coordinator, or end the list."""
    move = hooks.NEXT_MOVE[0](request)
    if isinstance(move, Ask) and move.candidate.supplier.stands_for:
        request.epoch += 1
        speaker = _attempt(request, hooks.SEATS[0](request, move)[0], AttemptStatus.AWAITING_COORDINATOR)
        _portal(request, "hand_in", speaker, after, send_after)
        for look in hooks.ARRIVED:
            look(request, after, send_after)
    elif isinstance(move, Ask):
        ask(request, hooks.SEATS[0](request, move)[0], after=after, send_after=send_after, flags=flags)
    elif isinstance(move, Offer):
        request.epoch += 1
        offered = [_attempt(request, seat, AttemptStatus.OFFERED) for seat in hooks.SEATS[0](request, move)]
        SupplyAttempt.objects.bulk_create(offered)
        _portal(request, "offer_all", None, after, send_after)
        _tell_offered(request, offered, send_after)
    elif isinstance(move, HandToCoordinator):
        _portal(request, "hand_over", None, after, send_after)
        for look in hooks.ARRIVED:
            look(request, after, send_after)
    elif isinstance(move, EndOfRota):
        end_rota(request, after=after, send_after=send_after, flags=flags)
    elif isinstance(move, Award):
        raise RuntimeError("an award is made while the request is offered, by the timer")


def ask(
    request: Request, seat: Any, *, after: int | None, send_after: datetime | None = None,
    supplier: Library | None = None, flags: list[RequestFlag] | None = None,
) -> None:  # fmt: skip
    """Ask the library of this seat; `supplier` and the open flags where they are at hand."""
    request.epoch += 1
    attempt = _attempt(request, seat, AttemptStatus.ASKED)
    if supplier is not None:
        attempt.supplier = supplier
    _portal(request, "ask_supplier", attempt, after, send_after, flags)


def end_rota(
    request: Request, *, after: int | None, send_after: datetime | None = None, flags: list[RequestFlag] | None = None
) -> None:  # fmt: skip
    _portal(request, "end_rota", None, after, send_after, flags)


def _portal(
    request: Request,
    action: str,
    attempt: SupplyAttempt | None,
    after: int | None,
    send_after: datetime | None,
    flags: list[RequestFlag] | None = None,
) -> None:
    step = STEP_BY[request.status, action, request.service]
    actor = Actor.system(channel="rule")
    take(
        Taking(request, attempt, step, actor, timezone.now(), {}, open_flags(request) if flags is None else flags),
        after=after, send_after=send_after,
    )  # fmt: skip


def _attempt(request: Request, seat: Any, status: AttemptStatus) -> SupplyAttempt:
    now = timezone.now()
    return SupplyAttempt(
        request=request, round=request.round, stage=seat.stage, position=seat.position, supplier_id=seat.supplier_id,
        mode=seat.mode, via_id=seat.via_id, epoch=request.epoch, rank=seat.rank, why=seat.why, status=status,
        asked_at=now, offered_at=now if status == AttemptStatus.OFFERED else None, call_number=seat.call_number,
        location=seat.location,
    )  # fmt: skip


def _tell_offered(request: Request, offered: list[SupplyAttempt], send_after: datetime | None) -> None:
    SupplyAttempt.objects.filter(pk__in=[one.pk for one in offered]).update(deadline_at=request.deadline_at)
    step = STEP_BY["approved", "offer_all", request.service]
    for attempt in offered:
        mails.queue(
            step.mails, request, attempt, Actor.system(channel="rule"), send_after=send_after,
            dedupe=f"{request.version}:{attempt.pk}",
        )  # fmt: skip


def write_history(
    request: Request, attempt: SupplyAttempt | None, action: str, before: str, actor: Actor, data: dict[str, Any], *,
    key: str | None = None, cause: str = "", cause_version: int | None = None, side: str = "",
    before_image: dict[str, Any] | None = None,
) -> RequestEvent:  # fmt: skip
    by_reader = actor.user_id is not None and actor.user_id == request.patron_id
    event = RequestEvent(
        request=request, attempt=attempt, version=request.version, action=action, from_status=before,
        to_status=request.status, actor_id=actor.user_id, actor_name=actor.user_name[:200],
        library_id=actor.library_id, channel=actor.channel, data=data, key=key, cause=cause or cause_of(actor),
        cause_version=cause_version, side=side or ("patron" if by_reader else ""), before=before_image or {},
    )  # fmt: skip
    writing.add_event(event)
    # Entries are never rewritten, and what a reader did has to be forgotten in time: no name, and nobody's own words.
    plain = {key: value for key, value in data.items() if key != "note"}
    told = texts.values(request, attempt, reason=data.get("reason", ""))
    writing.add_audit(
        code_of(action), actor=actor.as_reader() if by_reader else actor, target=request,
        data={**told, **plain, "status": str(request.status)},
    )  # fmt: skip
    return event
