"""Whose turn it is, and by when: the one answer that is stored with a request. The engine asks after every step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from loans.choices import FlagKind, RequestStatus
from loans.models import Request, RequestFlag, SupplyAttempt
from loans.models.requests import PORTAL_TIME
from loans.workflow.deadlines import deadline_for
from loans.workflow.states import state_of
from loans.workflow.vocabulary import Side
from members.models import Network

# By the ladder of reminders, and by the round of offers: services.overdue, services.offers_closing.
DRIVEN_ELSEWHERE = ("mark_overdue", "next_stage")


@dataclass(frozen=True)
class Duty:
    side: Side
    library_id: int | None
    deadline: datetime | None  # None only where nobody must act any more
    why: str  # the state's code, or the flag's kind


def next_duty(
    request: Request, flags: Iterable[RequestFlag], *, attempt: SupplyAttempt | None = None
) -> Duty:
    """The earliest of what the state asks and what open flags ask. The state's clock runs from `waiting_since`."""
    if state_of(request.status).is_terminal:
        return Duty(Side.NONE, None, None, request.status)
    return _earliest(_of_state(request, attempt), flags)


def assign(request: Request, attempt: SupplyAttempt | None, flags: Iterable[RequestFlag] = ()) -> Duty:
    """Write the duty into the request (unsaved); called by the engine where a step is written."""
    if state_of(request.status).is_terminal:
        duty = own = Duty(Side.NONE, None, None, request.status)
    else:
        own = _of_state(request, attempt)
        duty = _earliest(own, flags)
    request.owner_side, request.owner_library_id = duty.side.value, duty.library_id
    request.deadline_at, request.stuck_since = duty.deadline, None
    request.times_out_at = _times_out(request, attempt, own)
    return duty


def _earliest(own: Duty, flags: Iterable[RequestFlag]) -> Duty:
    opened = [flag for flag in flags if flag.is_open]
    # Nobody can bring back what is lost: whoever settles it has to act, not the reader.
    lost = any(flag.kind == FlagKind.LOST for flag in opened)
    duties = [*([] if lost else [own]), *(_of_flag(flag) for flag in opened)]
    return min((duty for duty in duties if duty.deadline is not None), key=lambda duty: duty.deadline)  # type: ignore[arg-type,return-value]


def _times_out(request: Request, attempt: SupplyAttempt | None, own: Duty) -> datetime | None:
    """When the portal takes the state's `on_timeout` if nobody did anything: what a flag asks does not move it."""
    state = state_of(request.status)
    if not state.on_timeout or state.on_timeout in DRIVEN_ELSEWHERE:
        return None
    return own.deadline if state.patience == 1 else _of_state(request, attempt, times=state.patience).deadline


def _of_state(request: Request, attempt: SupplyAttempt | None, *, times: int = 1) -> Duty:
    side = state_of(request.status).side
    if side is Side.PATRON and request.reader_name and request.patron_id is None:
        side = Side.REQUESTING  # without an account, the desk answers for the reader
    library_id: int | None = request.requesting_library_id
    if side is Side.SUPPLYING and attempt is not None:
        library_id = attempt.supplier_id
    elif side is Side.PORTAL:
        library_id = None
    elif side is Side.COORDINATOR and request.network is not None:
        library_id = _desk(request, attempt)
    desk = library_id if side is Side.COORDINATOR else None
    deadline = deadline_for(request, attempt, now=request.waiting_since, desk=desk, times=times)
    deadline = deadline or request.waiting_since + PORTAL_TIME
    return Duty(side, library_id, deadline, request.status)


def _desk(request: Request, attempt: SupplyAttempt | None) -> int | None:
    """The coordinator of the network that has it, or its deputy once that has been handed the request."""
    if request.network is None:
        return None
    first = request.network.coordinator_library_id
    if request.status == RequestStatus.COORDINATOR_IN and attempt is not None:
        first = attempt.supplier_id
    held = request.owner_library_id if request.owner_side == Side.COORDINATOR.value else None
    return held if held is not None and held == deputy_of(request, attempt) else first


def deputy_of(request: Request, attempt: SupplyAttempt | None) -> int | None:
    """Who stands in for the coordinator at whose desk the request lies."""
    if request.status == RequestStatus.COORDINATOR_IN and attempt is not None:
        speaks = Network.objects.filter(coordinator_library=attempt.supplier_id, guided=True, is_active=True)
        return speaks.values_list("deputy_library_id", flat=True).first()
    return request.network.deputy_library_id if request.network is not None else None


def _of_flag(flag: RequestFlag) -> Duty:
    return Duty(Side(flag.side), flag.library_id, flag.deadline_at, flag.kind)
