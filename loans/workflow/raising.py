"""Flags of a request: raised and cleared by the engine, as the step says."""

from __future__ import annotations

from datetime import datetime, timedelta

from loans.models import Request, RequestFlag, SupplyAttempt
from loans.workflow.deadlines import end_of_day
from loans.workflow.flags import FLAGS, FlagDef
from loans.workflow.taking import Taking
from loans.workflow.vocabulary import Side
from members.calendars import add_working_hours, calendar_of
from network_portal.core.errors import RuleViolation


def open_flags(request: Request) -> list[RequestFlag]:
    return list(RequestFlag.objects.filter(request=request, cleared_at=None))


def change(taking: Taking, *, at_end: bool) -> dict[str, list[int]]:
    """What the step raises and clears; at the end of a request everything. Returns the rows, for undo."""
    ends = {str(kind.value) for kind in taking.step.clears}
    cleared = [flag for flag in taking.flags if at_end or flag.kind in ends]
    for flag in cleared:
        flag.cleared_at, flag.answer = taking.now, taking.step.action[:16]
        flag.save(update_fields=["cleared_at", "answer"])
    raised = [_raise(taking, FLAGS[kind.value]) for kind in taking.step.raises]
    taking.flags = [flag for flag in taking.flags if flag not in cleared] + raised
    return {"raised": [flag.pk for flag in raised], "cleared": [flag.pk for flag in cleared]}


def _raise(taking: Taking, told: FlagDef) -> RequestFlag:
    library_id = _library(told.side, taking.request, taking.attempt)
    return RequestFlag.objects.create(
        request=taking.request, attempt=taking.attempt, kind=told.kind, side=told.side.value, library_id=library_id,
        raised_by_name="" if taking.actor.user_id == taking.request.patron_id else taking.actor.user_name[:200],
        deadline_at=_deadline(told, library_id, taking), data=taking.record,
    )  # fmt: skip


def _library(side: Side, request: Request, attempt: SupplyAttempt | None) -> int | None:
    if side is Side.SUPPLYING and attempt is not None:
        return attempt.supplier_id
    if side is Side.COORDINATOR:
        return request.network.coordinator_library_id if request.network else None
    return request.requesting_library_id


def _deadline(told: FlagDef, library_id: int | None, taking: Taking) -> datetime:
    """The day it is due, days of the calendar, or working hours of the library that must act."""
    amount = told.clock.of(taking.request.level)
    due_on = taking.request.due_on or (taking.attempt.due_on if taking.attempt else None)
    if told.clock.until == "due" and due_on is not None and library_id is not None:
        return end_of_day(calendar_of(library_id), due_on)
    if told.clock.unit == "days":
        return taking.now + timedelta(days=amount)
    return hours_later(told.kind, library_id, taking.request.level, taking.now)


def hours_later(kind: str, library_id: int | None, level: str, since: datetime) -> datetime:
    """When the working hours of whoever must act on a flag are over."""
    if library_id is None:
        return since + timedelta(days=1)
    try:
        return add_working_hours(calendar_of(library_id), since, FLAGS[kind].clock.of(level))
    except RuleViolation:  # closed for months: it is listed as late after a week
        return since + timedelta(days=7)
